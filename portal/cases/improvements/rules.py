"""Who reads, changes and publishes an improvement, which states follow each other, and its last day. Pure."""

from collections.abc import Mapping
from datetime import date, timedelta
from enum import StrEnum
from typing import NamedTuple

from portal.identity.actors import Role, Staff

MAX_AHEAD = timedelta(days=5 * 366)


class ImprovementState(StrEnum):
    """The state of an improvement."""

    PLANNED = "planned"
    UNDER_WAY = "under_way"
    DONE = "done"
    DROPPED = "dropped"


class ImprovementProblem(StrEnum):
    """Why an improvement cannot be saved, published, or made of a proposal."""

    PAST_DAY = "past_day"
    FAR_DAY = "far_day"
    RESPONSIBLE = "responsible"
    STATE = "state"
    PUBLISHED = "published"
    NOT_DONE = "not_done"
    OVER = "over"
    NO_PROPOSAL = "no_proposal"
    SETTLED = "settled"
    TWICE = "twice"


class EntryKind(StrEnum):
    """What an entry of the log of an improvement tells."""

    CREATED = "created"
    CHANGED = "changed"
    PUBLISHED = "published"
    CORRECTED = "corrected"
    UNPUBLISHED = "unpublished"


class UnitPlace(NamedTuple):
    """A unit, with its board and its administration."""

    id: int
    board: int
    administration: int


# Those that work on it: they take links to cases, and are overdue after their last day.
OPEN = frozenset({ImprovementState.PLANNED, ImprovementState.UNDER_WAY})
NEXT: Mapping[ImprovementState, frozenset[ImprovementState]] = {
    ImprovementState.PLANNED: frozenset(
        {ImprovementState.UNDER_WAY, ImprovementState.DONE, ImprovementState.DROPPED}
    ),
    ImprovementState.UNDER_WAY: frozenset(
        {ImprovementState.PLANNED, ImprovementState.DONE, ImprovementState.DROPPED}
    ),
    ImprovementState.DONE: frozenset({ImprovementState.UNDER_WAY}),
    ImprovementState.DROPPED: frozenset({ImprovementState.PLANNED, ImprovementState.UNDER_WAY}),
}
# The roles that read the improvements of all boards; an improvement has no data of a case.
READS_ALL = frozenset({Role.REGISTRAR, Role.PROCESS_OWNER, Role.ANALYST})
HEADS = frozenset({Role.HEAD_OF_UNIT, Role.HEAD_OF_ADMINISTRATION})
EDITORS = HEADS | {Role.OFFICER}


def may_read(actor: Staff, place: UnitPlace, own_board: int | None) -> bool:
    """Whether an actor reads the improvements of a unit; `own_board`: of their unit, or their own."""
    match actor.role:
        case Role.HEAD_OF_ADMINISTRATION:
            return actor.administration == place.administration
        case Role.OFFICER | Role.HEAD_OF_UNIT:
            return own_board in (None, place.board)
        case Role.RECORDS_OFFICER:
            return actor.board == place.board or (actor.board is None and actor.common_registry)
        case role:
            return role in READS_ALL


def may_edit(actor: Staff, place: UnitPlace) -> bool:
    """Whether an actor makes and changes the improvements of a unit: its officers and its heads."""
    match actor.role:
        case Role.HEAD_OF_ADMINISTRATION:
            return actor.administration == place.administration
        case Role.OFFICER | Role.HEAD_OF_UNIT if actor.unit is not None:
            return actor.unit == place.id
        case Role.OFFICER | Role.HEAD_OF_UNIT:
            return actor.board in (None, place.board)
        case _:
            return False


def may_publish(actor: Staff, place: UnitPlace) -> bool:
    """Whether an actor publishes what a unit has done: a text of the authority, so its heads alone."""
    return actor.role in HEADS and may_edit(actor, place)


def day_problem(day: date, today: date) -> ImprovementProblem | None:
    """Why a day cannot be set as the last one; None if it can."""
    if day < today:
        return ImprovementProblem.PAST_DAY
    return ImprovementProblem.FAR_DAY if day > today + MAX_AHEAD else None


def state_problem(
    before: ImprovementState, after: ImprovementState, published: bool
) -> ImprovementProblem | None:
    """Why a state cannot follow another; None if it can. What is published as done stays done."""
    if before is after:
        return None
    if published:
        return ImprovementProblem.PUBLISHED
    return None if after in NEXT[before] else ImprovementProblem.STATE


def is_overdue(state: ImprovementState, due_on: date, today: date) -> bool:
    """Whether the last day has passed and it is not done."""
    return state in OPEN and due_on < today
