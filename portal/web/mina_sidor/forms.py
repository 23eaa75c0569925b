"""The forms of Mina sidor."""

from typing import Any

from wtforms import BooleanField, RadioField, StringField

from portal.cases.enums import NotifyBy
from portal.formats.phone_numbers import parse_mobile
from portal.translation import gettext as _
from portal.translation import lazy_gettext as _l
from portal.web.forms import Form
from portal.web.support import address_fields
from portal.web.support.address_fields import MobilePhone, normalized_email
from portal.web.support.code_forms import CodeForm

UNSAFE = _l("Skicka inget mer till den adress jag hade förut")


class TakeAlongForm(Form):
    """Whether the address of a case is safe that its sender has taken along through a sign-in."""

    unsafe = BooleanField(UNSAFE)


class AdoptForm(CodeForm):
    """Number and code of a case to add, and whether the address on it is safe."""

    unsafe = BooleanField(UNSAFE)


class NotifyForm(Form):
    """How a person wants to be notified, and where."""

    notify_by = address_fields.notify_field()
    email = address_fields.email_field()
    phone = address_fields.phone_field()
    unsafe = BooleanField(UNSAFE)

    def __init__(self, sms: bool, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        address_fields.offer_ways(self.notify_by, sms)

    def validate_notify_by(self, field: RadioField) -> None:
        address_fields.require_way(self, field)

    def validate_email(self, field: StringField) -> None:
        if self.notify_by.data == NotifyBy.EMAIL:
            address_fields.require_email(self, field)

    def validate_phone(self, field: StringField) -> None:
        if self.notify_by.data == NotifyBy.SMS:
            address_fields.require_phone(self, field)

    def values(self) -> dict[str, str]:
        """The fields as they were written."""
        fields = {"notify_by": self.notify_by, "email": self.email, "phone": self.phone}
        return {name: str(field.data or "") for name, field in fields.items()}

    def choice(self) -> tuple[NotifyBy, str | None, str | None]:
        """(way, e-mail address, mobile number in E.164)."""
        email = self.email.data or ""
        phone = self.phone.data or ""
        return (
            NotifyBy(self.notify_by.data),
            normalized_email(email) if email else None,
            parse_mobile(phone) if phone else None,
        )


class ContactForm(NotifyForm):
    """How a person wants to be notified about their cases from now on."""

    ongoing = BooleanField(_l("Ändra pågående ärenden också"))

    def validate_email(self, field: StringField) -> None:
        # Validated when filled in, also when not chosen: it is stored either way.
        if field.data or self.notify_by.data == NotifyBy.EMAIL:
            address_fields.require_email(self, field)

    def validate_phone(self, field: StringField) -> None:
        if self.notify_by.data == NotifyBy.SMS:
            address_fields.require_phone(self, field)
        elif field.data:
            MobilePhone(_("Välj e-post i stället, och lämna fältet tomt."))(self, field)
