"""The form of a follow-up."""

from datetime import date
from typing import Any

from wtforms import TextAreaField
from wtforms.fields import StringField

from portal import clock
from portal.organisation import queries as organisation
from portal.routines.rules import FollowUpProblem
from portal.translation import gettext as _
from portal.translation import lazy_gettext as _l
from portal.web.backoffice.date_forms import IsoDate, day_field
from portal.web.forms import Form, MaxLength, PrintableText, Required, many_lines
from portal.web.number_checks import NoIdentityNumber
from portal.words import dates

MAX_NOTE = 2_000
PROBLEMS = {
    FollowUpProblem.FUTURE: _l("Dagen har inte varit än. Skriv dagen då ni följde upp rutinen."),
    FollowUpProblem.BEFORE_FIRST: _l("Skriv en dag från och med %(first)s. Tidigare fanns inte portalen."),
    FollowUpProblem.BEFORE_LAST: _l("Rutinen har följts upp senare än så. Skriv en senare dag."),
    FollowUpProblem.SAME_DAY: _l("Rutinen är redan uppföljd den dagen. Skriv en annan dag."),
}


class FollowUpForm(Form):
    """The day of a follow-up, and what was found."""

    followed_up_on: StringField = day_field(_l("Dag då ni följde upp"))
    body = TextAreaField(
        _l("Det ni såg"),
        filters=[many_lines],
        description=_l("Fungerar rutinen, och vad ändrar ni? Skriv inget om enskilda personer."),
        validators=[
            Required(_l("Skriv kort vad ni såg")),
            PrintableText(),
            MaxLength(MAX_NOTE),
            NoIdentityNumber(),
        ],
    )

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**{"data": {"followed_up_on": clock.today().isoformat()}} | kwargs)

    def validate_followed_up_on(self, field: StringField) -> None:
        IsoDate()(self, field)

    def day(self) -> date:
        """The day that was written."""
        return date.fromisoformat(str(self.followed_up_on.data))

    def refuse(self, problem: FollowUpProblem) -> None:
        """Say at the day why it cannot be."""
        first = dates.full_date(organisation.first_day())
        self.followed_up_on.errors = [str(PROBLEMS[problem]) % {"first": first}]

    def all_problems(self) -> list[tuple[str, str]]:
        """The field ids and messages of the summary of errors."""
        return self.problems() or ([("", self.note() or _("Försök igen."))] if self.errors else [])
