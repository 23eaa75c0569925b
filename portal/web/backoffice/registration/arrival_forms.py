"""The fields of the form that say when a case came in."""

import re
from datetime import date, datetime, time
from typing import Any

from wtforms import StringField
from wtforms.validators import StopValidation
from wtforms.widgets import DateInput, TimeInput

from portal import clock
from portal.cases.registration.rules import ArrivalProblem, arrival_problem
from portal.formats.days import iso_day
from portal.organisation import queries as organisation
from portal.translation import gettext as _
from portal.translation import lazy_gettext as _l
from portal.web.forms import Form, one_line
from portal.words import dates

# 14:05 as a time field sends it, and 14.05 or 1405 as people write it.
WRITTEN_TIME = re.compile(r"([01]?[0-9]|2[0-3])[:.]?([0-5][0-9])")
# Of an earlier day without a time: the promise counts days alone.
NOON = time(12)


class ArrivalForm(Form):
    """When a case came in: now, unless an earlier day or time is written."""

    arrived_on = StringField(
        _l("Dagen då det kom in"),
        filters=[one_line],
        description=_l("Lämna tomt om det kom in nu."),
        widget=DateInput(),
    )
    arrived_at = StringField(_l("Klockslag"), filters=[one_line], widget=TimeInput())

    def validate_arrived_on(self, field: StringField) -> None:
        if field.data and iso_day(field.data) is None:
            raise StopValidation(_("Skriv dagen som 2026-05-18"))
        arrived = self.arrived()
        if arrived is None:
            return
        first = organisation.first_day()
        problem = arrival_problem(arrived, clock.now(), first)
        if problem:
            raise StopValidation(problem_text(problem, first))

    def validate_arrived_at(self, field: StringField) -> None:
        if field.data and not WRITTEN_TIME.fullmatch(field.data):
            raise StopValidation(_("Skriv klockslaget som 14:05"))

    def arrived(self) -> datetime | None:
        """The moment that was written; None for now, and for what cannot be read."""
        day = iso_day(self.arrived_on.data or "")
        written = WRITTEN_TIME.fullmatch(self.arrived_at.data or "")
        if day is None and (self.arrived_on.data or not written):
            return None
        if day == clock.today() and not written:
            return None
        of_day = time(int(written[1]), int(written[2])) if written else NOON
        return clock.in_utc(datetime.combine(day or clock.today(), of_day))

    def arrival_day(self) -> date:
        """The day that the promise is counted from."""
        arrived = self.arrived()
        return clock.stockholm(arrived).date() if arrived else clock.today()


def problem_text(problem: ArrivalProblem, first: date) -> Any:
    """Why the moment is refused."""
    if problem is ArrivalProblem.FUTURE:
        return _("Tidpunkten har inte varit än. Skriv när det kom in, eller lämna fälten tomma.")
    day = dates.full_date(first)
    return _("Kommunen tog emot ärenden här först %(day)s. Skriv en senare dag.", day=day)
