"""Who may follow up a routine, on which day, and when the next follow-up is due. Pure."""

from calendar import monthrange
from datetime import date
from enum import StrEnum
from typing import NamedTuple

from portal.identity.actors import Role, Staff

MONTHS_OF_YEAR = 12
# The roles that follow up routines, each those of its own units.
FOLLOWS_UP = frozenset({Role.HEAD_OF_UNIT, Role.HEAD_OF_ADMINISTRATION, Role.PROCESS_OWNER})


class FollowUpProblem(StrEnum):
    """Why a follow-up cannot have its day."""

    FUTURE = "future"
    BEFORE_FIRST = "before_first"
    BEFORE_LAST = "before_last"
    SAME_DAY = "same_day"


class UnitPlace(NamedTuple):
    """A unit, with its board and its administration."""

    id: int
    board: int
    administration: int


def day_problem(day: date, first: date, today: date, last: date | None) -> FollowUpProblem | None:
    """Why a follow-up cannot have this day after the last one; None if it can.

    `first` is the first day of the organisation.
    """
    if day > today:
        return FollowUpProblem.FUTURE
    if day < first:
        return FollowUpProblem.BEFORE_FIRST
    if last and day < last:
        return FollowUpProblem.BEFORE_LAST
    return FollowUpProblem.SAME_DAY if day == last else None


def next_due(day: date, months: int) -> date:
    """The same day of the month so many months later, or the last of that month."""
    years, month = divmod(day.month - 1 + months, MONTHS_OF_YEAR)
    year, month = day.year + years, month + 1
    return date(year, month, min(day.day, monthrange(year, month)[1]))


def may_follow_up(actor: Staff, unit: UnitPlace) -> bool:
    """Whether an actor follows up the routines of a unit.

    Its head does, the head of its administration, and the process owner.
    """
    match actor.role:
        case Role.PROCESS_OWNER:
            return True
        case Role.HEAD_OF_ADMINISTRATION:
            return actor.administration == unit.administration
        case Role.HEAD_OF_UNIT if actor.unit is not None:
            return actor.unit == unit.id
        case Role.HEAD_OF_UNIT:
            return actor.board in (None, unit.board)
        case _:
            return False
