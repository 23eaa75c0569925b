"""The forms of Mina sidor."""

from typing import Any

from wtforms import BooleanField, RadioField, StringField
from wtforms.fields.choices import SelectChoice

from portal.cases.enums import ReplyBy
from portal.formats.phone_numbers import parse_mobile
from portal.translation import gettext as _
from portal.translation import lazy_gettext as _l
from portal.web.forms import (
    Form,
    KnownChoice,
    Required,
    one_line,
)
from portal.web.support.address_fields import EmailAddress, MobilePhone, email_line, normalized_email
from portal.web.support.code_forms import CodeForm
from portal.words.labels import REPLY_BY

# An anonymous code is chosen case by case, never as a default.
CHOICES = (ReplyBy.PORTAL, ReplyBy.EMAIL, ReplyBy.SMS)


UNSAFE = _l("Den gamla adressen är inte säker: skicka inget dit")


class TakeAlongForm(Form):
    """Whether the address of a case is safe that its sender has taken along through a sign-in."""

    unsafe = BooleanField(UNSAFE)


class AdoptForm(CodeForm):
    """Number and code of a case to add, and whether the address on it is safe."""

    unsafe = BooleanField(UNSAFE)


class ContactForm(Form):
    """How a person wants to be contacted about their cases."""

    reply_by = RadioField(validate_choice=False, validators=[KnownChoice(_l("Välj hur du vill få veta"))])
    email = StringField(filters=[email_line])
    phone = StringField(filters=[one_line])
    ongoing = BooleanField(_l("Ändra pågående ärenden också"))
    unsafe = BooleanField(UNSAFE)

    def __init__(self, sms: bool, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.reply_by.choices = []
        for reply_by in CHOICES:
            if sms or reply_by is not ReplyBy.SMS:
                self.reply_by.choices.append(SelectChoice(reply_by.value, REPLY_BY[reply_by]))

    def validate_email(self, field: StringField) -> None:
        # Validated when filled in, also when not chosen: it is stored either way.
        if self.reply_by.data == ReplyBy.EMAIL:
            Required(_l("Skriv din e-postadress"))(self, field)
        if field.data:
            EmailAddress()(self, field)

    def validate_phone(self, field: StringField) -> None:
        if self.reply_by.data == ReplyBy.SMS:
            Required(_l("Skriv ditt mobilnummer"))(self, field)
        if field.data:
            MobilePhone(_("Välj e-post eller Mina sidor i stället, och lämna fältet tomt."))(self, field)

    def values(self) -> dict[str, str]:
        """The fields as they were written."""
        fields = {"reply_by": self.reply_by, "email": self.email, "phone": self.phone}
        return {name: str(field.data or "") for name, field in fields.items()}

    def contact_choice(self) -> tuple[str, str | None, str | None]:
        """(reply_by, e-mail address, mobile number in E.164)."""
        email = self.email.data or ""
        phone = self.phone.data or ""
        return (
            str(self.reply_by.data),
            normalized_email(email) if email else None,
            parse_mobile(phone) if phone else None,
        )
