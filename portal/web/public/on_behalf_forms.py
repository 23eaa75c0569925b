"""The part of the form where somebody says for whom they write. Who writes for themselves meets one line."""

import re
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import Field, RadioField, StringField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import StopValidation

from portal.cases.enums import ForWhom, ReplyBy
from portal.cases.intake.submission import Represented
from portal.formats.identity_numbers import organisation_number
from portal.identity.oidc.identified import Organisation
from portal.web.forms import UNFIT_IN_LINE, AtMost, Fit, Form, Needed, OneOf, one_line
from portal.words.labels import FOR_WHOM
from portal.words.on_behalf import format_organisation_number

SELF, VOUCHED = "self", "vouched"
MAX_LENGTH = 200
# A personnummer however it is written: nobody is asked for one, so none is stored.
PERSONNUMMER = re.compile(r"\d{6}[-+\s]?\d{4}(?!\d)")


def choice() -> RadioField:
    """For whom: oneself unless something else is chosen."""
    return RadioField(default=SELF, validate_choice=False, validators=[OneOf(_l("Välj för vem du skriver"))])


def line() -> StringField:
    """A line that is looked at only where its choice is made."""
    return StringField(filters=[one_line])


class ForWhomForm(Form):
    """Its checks; whoever has the form gives it the fields, in the order of the page."""

    reply_by: RadioField
    for_whom: RadioField
    organisation: StringField
    organisation_number: StringField
    child: StringField
    helped: StringField

    def __init__(self, vouched: Organisation | None, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.vouched = vouched
        offered = [SelectChoice(VOUCHED, vouched.name)] if vouched else []
        own = [SelectChoice(kind.value, word) for kind, word in FOR_WHOM.items()]
        self.for_whom.choices = [SelectChoice(SELF, _l("Mig själv")), *offered, *own]

    def validate_for_whom(self, _field: Field) -> None:
        """Nobody can be vouched for and be anonymous."""
        if self.for_whom.data == VOUCHED and self.reply_by.data == ReplyBy.CODE:
            raise StopValidation(
                _("Med en kod är du anonym, och då kan ingen intyga något. Välj ett annat sätt att få svar.")
            )

    def validate_organisation(self, field: Field) -> None:
        """Its name."""
        self._named(ForWhom.ORGANISATION, field, _("Skriv namnet på företaget eller föreningen"))

    def validate_organisation_number(self, field: Field) -> None:
        """Its number, where one is given."""
        wrong = field.data and organisation_number(field.data) is None
        if self.for_whom.data == ForWhom.ORGANISATION and wrong:
            raise StopValidation(_("Skriv tio siffror, eller lämna fältet tomt. Skriv inget personnummer."))

    def validate_child(self, field: Field) -> None:
        """Whose case it is."""
        self._named(ForWhom.CHILD, field, _("Skriv barnets namn"))

    def validate_helped(self, field: Field) -> None:
        """Whose case it is."""
        self._named(ForWhom.HELPED, field, _("Skriv namnet på den du hjälper"))

    def _named(self, kind: ForWhom, field: Field, missing: str) -> None:
        if self.for_whom.data != kind:
            return
        for check in (Fit(UNFIT_IN_LINE), Needed(missing), AtMost(MAX_LENGTH)):
            check(self, field)
        if PERSONNUMMER.search(field.data):
            raise StopValidation(_("Skriv bara namnet, inget personnummer"))

    def represented(self) -> Represented | None:
        """For whom, as the command wants it; None for whoever writes for themselves."""
        chosen = self.for_whom.data
        if chosen == VOUCHED and self.vouched:
            return Represented(ForWhom.ORGANISATION, self.vouched.name, self.vouched.number, vouched=True)
        if chosen in (SELF, VOUCHED):
            return None
        is_organisation = chosen == ForWhom.ORGANISATION
        number = organisation_number(self.organisation_number.data or "") if is_organisation else None
        return Represented(ForWhom(chosen), self[chosen].data or "", number)

    def for_whom_hints(self) -> dict[str, str]:
        """What stands below a choice."""
        if self.vouched is None:
            return {}
        parts = [format_organisation_number(self.vouched.number or ""), _("Intygat av e-legitimationen")]
        return {VOUCHED: ". ".join(filter(None, parts)) + "."}

    def for_whom_open(self) -> bool:
        """Whether there is something to see behind the line."""
        wrong = any(self[name].errors for name in FIELDS)
        return bool(wrong or self.vouched or self.for_whom.data != SELF)


FIELDS = ("for_whom", "organisation", "organisation_number", "child", "helped")
