"""The part of the form for senders who write on behalf of a person or an organisation."""

import re
from typing import Any

from wtforms import Field, RadioField, StringField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import StopValidation

from portal.cases.enums import ForWhom, ReplyBy
from portal.cases.intake.submission import Represented
from portal.formats import cleaning
from portal.formats.identity_numbers import organisation_number
from portal.identity.oidc.identified import Organisation
from portal.translation import gettext as _
from portal.translation import lazy_gettext as _l
from portal.web.forms import Form, KnownChoice, MaxLength, PrintableText, Required, one_line
from portal.words.labels import FOR_WHOM
from portal.words.on_behalf import format_organisation_number

SELF = "self"
VOUCHED = "vouched"
MAX_LENGTH = 200
# A personnummer in any notation. A name alone is needed, so no identity number may be stored with it.
PERSONNUMMER = re.compile(r"[0-9]{6}[-+]?[0-9]{4}(?![0-9])")


def for_whom_field() -> RadioField:
    """The choice of whom the sender writes for, by default themselves."""
    return RadioField(
        default=SELF, validate_choice=False, validators=[KnownChoice(_l("Välj för vem du skriver"))]
    )


def optional_line() -> StringField:
    """A line without validators: ForWhomForm validates it if its radio button is chosen."""
    return StringField(filters=[one_line])


class ForWhomForm(Form):
    """Validation of the on-behalf fields. Subclasses define the fields, in the order of the page."""

    reply_by: RadioField
    for_whom: RadioField
    organisation: StringField
    organisation_number: StringField
    child: StringField
    helped: StringField

    def __init__(self, vouched: Organisation | None, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.vouched = vouched
        choices = [SelectChoice(SELF, _l("Mig själv"))]
        if vouched:
            choices.append(SelectChoice(VOUCHED, vouched.name))
        for kind, label in FOR_WHOM.items():
            choices.append(SelectChoice(kind.value, label))
        self.for_whom.choices = choices

    def validate_for_whom(self, _field: Field) -> None:
        if self.for_whom.data == VOUCHED and self.reply_by.data == ReplyBy.CODE:
            raise StopValidation(
                _("Med en kod är du anonym, och då kan ingen intyga något. Välj ett annat sätt att få svar.")
            )

    def validate_organisation(self, field: Field) -> None:
        self._require_name(ForWhom.ORGANISATION, field, _("Skriv namnet på företaget eller föreningen"))

    def validate_organisation_number(self, field: Field) -> None:
        is_invalid = field.data and organisation_number(field.data) is None
        if self.for_whom.data == ForWhom.ORGANISATION and is_invalid:
            raise StopValidation(_("Skriv tio siffror, eller lämna fältet tomt. Skriv inget personnummer."))

    def validate_child(self, field: Field) -> None:
        self._require_name(ForWhom.CHILD, field, _("Skriv barnets namn"))

    def validate_helped(self, field: Field) -> None:
        self._require_name(ForWhom.HELPED, field, _("Skriv namnet på den du hjälper"))

    def _require_name(self, kind: ForWhom, field: Field, missing: str) -> None:
        if self.for_whom.data != kind:
            return
        for validator in (PrintableText(), Required(missing), MaxLength(MAX_LENGTH)):
            validator(self, field)
        if PERSONNUMMER.search(cleaning.without_spaces(field.data)):
            raise StopValidation(_("Skriv bara namnet, inget personnummer"))

    def represented(self) -> Represented | None:
        """The principal as input to `submit`; None for a sender who writes for themselves."""
        chosen = self.for_whom.data
        if chosen == VOUCHED and self.vouched:
            return Represented(ForWhom.ORGANISATION, self.vouched.name, self.vouched.number, vouched=True)
        if chosen in (SELF, VOUCHED):
            return None
        is_organisation = chosen == ForWhom.ORGANISATION
        number = organisation_number(self.organisation_number.data or "") if is_organisation else None
        return Represented(ForWhom(chosen), self[chosen].data or "", number)

    def for_whom_hints(self) -> dict[str, str]:
        """The hint of each choice that has one, by choice value."""
        if self.vouched is None:
            return {}
        parts = [format_organisation_number(self.vouched.number or ""), _("Intygat av e-legitimationen")]
        return {VOUCHED: ". ".join(filter(None, parts)) + "."}

    def for_whom_open(self) -> bool:
        """Whether the section starts expanded: on errors, a vouched organisation or a choice."""
        has_errors = any(self[name].errors for name in FIELDS)
        return bool(has_errors or self.vouched or self.for_whom.data != SELF)


FIELDS = ("for_whom", "organisation", "organisation_number", "child", "helped")
