"""Queries for the routines of the profile, each with its last follow-up. None of them concerns a case."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from typing import Any, NamedTuple

from sqlalchemy import Select, bindparam, func, select

from portal import clock
from portal.db import once_per_read, session
from portal.identity.actors import Staff
from portal.identity.models import MembershipSnapshot
from portal.identity.snapshots import Author, author, author_columns
from portal.organisation import queries as organisation
from portal.organisation.models import Unit
from portal.organisation.sections import Routine
from portal.routines.models import FollowUp
from portal.routines.rules import UnitPlace, may_follow_up, next_due

MAX_HISTORY = 50


class FollowUpRow(NamedTuple):
    """A follow-up as pages list it."""

    routine: str
    day: date
    next_on: date
    note: str
    author: Author | None


class _UnitRow(NamedTuple):
    id: int
    board: int
    administration: int
    key: str
    name: str
    opened_at: datetime


@dataclass(frozen=True)
class RoutineState:
    """A routine with its unit, its last follow-up and the day by which the next one is due."""

    routine: Routine
    unit: UnitPlace
    unit_name: str
    last: FollowUpRow | None
    due: date

    def is_overdue(self, today: date) -> bool:
        """Whether the day has passed without a follow-up."""
        return self.due < today


def latest() -> Mapping[str, FollowUpRow]:
    """The last follow-up of each routine, by its key. One statement."""
    return {row.routine: row for row in map(_row, session().execute(_latest()))}


@once_per_read
def states() -> Sequence[RoutineState]:
    """The routines of the profile in its order, without those of a unit that is not open. Two statements."""
    units = {row.key: row for row in (_UnitRow(*values) for values in session().execute(_UNITS))}
    last = latest()
    rows = []
    for routine in organisation.profile().routines:
        if unit := units.get(routine.unit):
            rows.append(_state(routine, unit, last.get(routine.key)))
    return rows


def state(key: str) -> RoutineState | None:
    """One of them, by its key."""
    return next((row for row in states() if row.routine.key == key), None)


def followed_up_by(actor: Staff) -> list[RoutineState]:
    """The routines that an actor follows up."""
    return [row for row in states() if may_follow_up(actor, row.unit)]


def overdue(actor: Staff, today: date) -> list[RoutineState]:
    """Those whose follow-up is overdue, longest first.

    A routine that was never followed up is due by its interval from the day on which its unit opened.
    """
    late = [row for row in followed_up_by(actor) if row.is_overdue(today)]
    return sorted(late, key=lambda row: row.due)


def history(key: str) -> list[FollowUpRow]:
    """The latest follow-ups of a routine, the newest first."""
    return [_row(values) for values in session().execute(_history(), {"routine": key})]


def _state(routine: Routine, unit: _UnitRow, last: FollowUpRow | None) -> RoutineState:
    opened = clock.stockholm(unit.opened_at).date()
    due = last.next_on if last else next_due(opened, routine.follow_up_months)
    place = UnitPlace(unit.id, unit.board, unit.administration)
    return RoutineState(routine, place, unit.name, last, due)


def _row(values: Sequence[Any]) -> FollowUpRow:
    routine, day, next_on, note, *written_by = values
    return FollowUpRow(routine, day, next_on, note, author(written_by))


_UNITS = select(
    *(Unit.id, Unit.board_id, Unit.administration_id),
    *(Unit.key, Unit.name, Unit.opened_at),
).where(Unit.closed_at.is_(None))


def _rows() -> Select[*tuple[Any, ...]]:
    own = FollowUp.routine, FollowUp.followed_up_on, FollowUp.next_on, FollowUp.note
    query = select(*own, *author_columns(MembershipSnapshot))
    return query.join(MembershipSnapshot, MembershipSnapshot.id == FollowUp.author_snapshot_id)


@cache
def _latest() -> Select[*tuple[Any, ...]]:
    newest = select(FollowUp.routine, func.max(FollowUp.followed_up_on)).group_by(FollowUp.routine)
    last = newest.subquery("newest")
    on = (last.c[0] == FollowUp.routine) & (last.c[1] == FollowUp.followed_up_on)
    return _rows().join(last, on)


@cache
def _history() -> Select[*tuple[Any, ...]]:
    query = _rows().where(FollowUp.routine == bindparam("routine"))
    return query.order_by(FollowUp.followed_up_on.desc()).limit(MAX_HISTORY)
