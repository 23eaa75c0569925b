"""The forms of Mina sidor."""

from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import RadioField, StringField
from wtforms.fields.choices import SelectChoice

from portal.cases.enums import ReplyBy
from portal.formats.phone_numbers import mobile
from portal.web.forms import EmailAddress, Form, MobilePhone, Needed, OneOf, checked_email, one_line
from portal.words.labels import REPLY_BY

CHOICES = (ReplyBy.PORTAL, ReplyBy.EMAIL, ReplyBy.SMS)


class ContactForm(Form):
    """How a person wants to hear from us."""

    reply_by = RadioField(validate_choice=False, validators=[OneOf(_l("Välj hur du vill få veta"))])
    email = StringField(filters=[one_line])
    phone = StringField(filters=[one_line])

    def __init__(self, sms: bool, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        ways = [way for way in CHOICES if sms or way is not ReplyBy.SMS]
        self.reply_by.choices = [SelectChoice(way.value, REPLY_BY[way]) for way in ways]

    def validate_email(self, field: StringField) -> None:
        """Needed where e-mail was chosen; looked at where something is written."""
        if self.reply_by.data == ReplyBy.EMAIL:
            Needed(_l("Skriv din e-postadress"))(self, field)
        if field.data:
            EmailAddress()(self, field)

    def validate_phone(self, field: StringField) -> None:
        """Needed where SMS was chosen; looked at where something is written."""
        if self.reply_by.data == ReplyBy.SMS:
            Needed(_l("Skriv ditt mobilnummer"))(self, field)
        if field.data:
            MobilePhone()(self, field)

    def chosen(self) -> tuple[str, str | None, str | None]:
        """Way, address, number."""
        email, phone = self.email.data or "", self.phone.data or ""
        return (
            str(self.reply_by.data),
            checked_email(email) if email else None,
            mobile(phone) if phone else None,
        )
