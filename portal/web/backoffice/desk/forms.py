"""The forms of the desk, and the form of what a sender has said."""

from collections.abc import Hashable
from datetime import datetime
from typing import Any, Self

from wtforms import SelectField, StringField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import StopValidation
from wtforms.widgets import DateTimeLocalInput

from portal import clock
from portal.cases.desk.rules import moment_problem
from portal.cases.enums import KnownBy, Via
from portal.cases.models import Case
from portal.cases.permissions import takes_email
from portal.formats.days import FIRST_YEAR, LAST_YEAR
from portal.identity.actors import Staff
from portal.translation import gettext as _
from portal.translation import lazy_gettext as _l
from portal.web.attachments.forms import files_field
from portal.web.backoffice.action_forms import FilesActionForm
from portal.web.forms import Form, KnownChoice, Required, body_field, one_line
from portal.words.desk.recorded import MOMENT_PROBLEM, VIA_CHOICE

MISSING_TEXT = _l("Skriv vad personen berättade")
MISSING_WAY = _l("Välj hur det kom in")
MISSING_KNOWN = _l("Välj hur du vet vem det är")
TEXT_LABEL = _l("Vad personen berättade eller lämnade")
TEXT_HINT = _l("Skriv så nära personens egna ord som du kan. Avsändaren ser texten.")
STAFF_KNOWS = _l("Jag vet att det är avsändaren")
NOBODY_KNOWS = _l("Jag är inte säker. Inget annat i ärendet ändras.")


def _via_field() -> SelectField:
    choices = [
        SelectChoice("", _l("Välj")),
        *(SelectChoice(way.value, text) for way, text in VIA_CHOICE.items()),
    ]
    checks = [Required(MISSING_WAY), KnownChoice(MISSING_WAY)]
    return SelectField(_l("Hur det kom in"), choices=choices, validate_choice=False, validators=checks)


def _at_field() -> StringField:
    hint = _l("Lämna tomt om det är nu.")
    # It stays text, so that an invalid time can be shown again.
    return StringField(
        _l("När det kom in"), filters=[one_line], description=hint, widget=DateTimeLocalInput()
    )


def _local_moment(text: str | None) -> datetime | None:
    """The moment of a time such as 2026-05-18T14:30 in Stockholm; None without one. Raises ValueError."""
    local = datetime.fromisoformat(text) if text else None
    # The first hours of the year 1 have no moment in UTC; what is no year of a day field is a typing error.
    if local and (local.tzinfo or not FIRST_YEAR <= local.year <= LAST_YEAR):
        raise ValueError(text)
    return clock.in_utc(local) if local else None


class MomentForm(FilesActionForm):
    """Base of the forms with a time since the case came in."""

    versioned = False
    received_at: datetime | None = None

    def validate_at(self, field: StringField) -> None:
        try:
            moment = _local_moment(field.data)
        except ValueError:
            raise StopValidation(_("Skriv tiden som 2026-05-18 14:30")) from None
        problem = moment and self.received_at and moment_problem(moment, self.received_at, clock.now())
        if problem:
            raise StopValidation(str(MOMENT_PROBLEM[problem]))

    def arguments(self) -> dict[str, Any]:
        """With the way and the moment as the command has them, and the version that the page showed."""
        values = super().arguments()
        return values | {
            "via": Via(values["via"]),
            "at": _local_moment(values["at"]),
            "seen": self.seen(),
        }


class RecordReplyForm(MomentForm):
    """What the sender has said, on the page of a case: who writes it says how the sender was known."""

    body = body_field(MISSING_TEXT, TEXT_LABEL, TEXT_HINT)
    attachments = files_field()
    via = _via_field()
    known = SelectField(
        _l("Hur du vet vem det är"),
        validate_choice=False,
        validators=[Required(MISSING_KNOWN), KnownChoice(MISSING_KNOWN)],
    )
    at = _at_field()

    @classmethod
    def for_case(cls, _actor: Staff, case: Case, /, **kwargs: Any) -> Self:
        """Without the choice of an unverified sender, where a stranger's text does not belong."""
        form = cls(**kwargs)
        form.received_at = case.received_at
        choices = [SelectChoice("", _l("Välj")), SelectChoice(KnownBy.STAFF.value, STAFF_KNOWS)]
        if takes_email(case):
            choices.append(SelectChoice(KnownBy.UNVERIFIED.value, NOBODY_KNOWS))
        form.known.choices = choices
        return form

    @classmethod
    def drawn_from(cls, _actor: Staff, case: Case, /) -> Hashable:
        """Which choices there are."""
        return takes_email(case)

    def arguments(self) -> dict[str, Any]:
        """With how the sender was known as the command has it."""
        values = super().arguments()
        return values | {"known": KnownBy(values["known"])}


class DeskReplyForm(MomentForm):
    """What the person of a visit says: the visit itself says how they are known."""

    body = body_field(MISSING_TEXT, TEXT_LABEL, TEXT_HINT)
    attachments = files_field()
    via = _via_field()
    at = _at_field()


class PublicForm(Form):
    """The number of a case about which anyone may ask."""

    nummer = StringField(_l("Ärendenummer"), filters=[one_line])

    class Meta(Form.Meta):
        """Asked for by GET: it changes nothing."""

        csrf = False
