"""The routines on the head's page whose follow-up is overdue."""

from typing import NamedTuple

from flask import url_for

from portal import clock
from portal.identity.actors import Staff
from portal.routines import queries
from portal.routines.queries import RoutineState
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


def _row(state: RoutineState) -> OverdueRoutine:
    href = url_for("backoffice.routine", key=state.routine.key)
    return OverdueRoutine(state.routine.title, state.unit_name, dates.full_date(state.due), href)
