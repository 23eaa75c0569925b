"""The form of a work address, and of when its owner wants e-mail."""

from typing import Any

from wtforms import RadioField, StringField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import StopValidation

from portal.notifications.staff.mail_settings import MailSettings
from portal.notifications.staff.rules import MailChoice
from portal.notifications.staff.words import CHOICES
from portal.translation import gettext as _
from portal.translation import lazy_gettext as _l
from portal.web.forms import Form, KnownChoice, Required
from portal.web.support.address_fields import EmailAddress, email_line


class NoticeMailForm(Form):
    """A work address in one of the domains, if there are any, and a choice."""

    choice = RadioField(
        _l("När vill du få mejl?"),
        validate_choice=False,
        validators=[KnownChoice(_l("Välj när du vill få mejl"))],
    )
    email = StringField(_l("Din e-postadress i arbetet"), filters=[email_line])

    def __init__(self, domains: frozenset[str], **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.domains = domains
        self.choice.choices = [SelectChoice(choice.value, CHOICES[choice]) for choice in MailChoice]

    def validate_email(self, field: StringField) -> None:
        if self.choice.data != MailChoice.NONE:
            Required(_l("Skriv din e-postadress i arbetet"))(self, field)
        if field.data:
            EmailAddress()(self, field)
            self._require_domain(field)

    def _require_domain(self, field: StringField) -> None:
        domain = str(field.data).rpartition("@")[2].lower()
        if self.domains and domain not in self.domains:
            names = ", ".join(sorted(self.domains))
            raise StopValidation(_("Skriv en adress som slutar på %(domains)s", domains=names))

    def settings(self) -> MailSettings:
        """What was chosen."""
        return MailSettings(self.email.data or "", MailChoice(self.choice.data))
