"""What is overdue on the head's page: follow-ups of routines, and improvements."""

from typing import NamedTuple

from flask import url_for

from portal import clock
from portal.cases.improvements import queries as improvements
from portal.identity.actors import Staff
from portal.routines import queries
from portal.routines.queries import RoutineState
from portal.web.backoffice.improvements import page as improvement_pages
from portal.web.backoffice.improvements.page import ImprovementRow
from portal.words import dates


class OverdueRoutine(NamedTuple):
    """A routine that the reader follows up, with the day by which it was to be done."""

    title: str
    unit: str
    due: str
    href: str


def overdue(actor: Staff) -> list[OverdueRoutine]:
    """The routines that are overdue, of those that the actor follows up, longest first."""
    return [_row(state) for state in queries.overdue(actor, clock.today())]


def overdue_improvements(actor: Staff) -> list[ImprovementRow]:
    """The overdue improvements that the actor may change, longest first."""
    return [improvement_pages.row(row, 0) for row in improvements.overdue(actor, clock.today())]


def _row(state: RoutineState) -> OverdueRoutine:
    href = url_for("backoffice.routine", key=state.routine.key)
    return OverdueRoutine(state.routine.title, state.unit_name, dates.full_date(state.due), href)
