"""Who reads, writes and fixes the reports of a board, of which months they are, and their texts. Pure."""

from dataclasses import dataclass
from enum import StrEnum

from portal.identity.actors import Role, Staff
from portal.statistics.inside.rules import Months

MAX_MONTHS = 24
MAX_TEXT = 2_000
MAX_COMMENT = 10_000
HEADS = frozenset({Role.HEAD_OF_UNIT, Role.HEAD_OF_ADMINISTRATION})
# They read what is fixed of every board.
READS_ALL = frozenset({Role.ELECTED, Role.ANALYST, Role.PROCESS_OWNER, Role.REGISTRAR})


class ReportState(StrEnum):
    """Whether a report may still change."""

    DRAFT = "draft"
    FIXED = "fixed"


class Section(StrEnum):
    """A part of a report that has a comment."""

    SUMMARY = "summary"
    FIGURES = "figures"
    PATTERNS = "patterns"
    SHORTCOMINGS = "shortcomings"
    IMPROVEMENTS = "improvements"


class Problem(StrEnum):
    """Why there is no report on these months of this board."""

    REVERSED = "reversed"
    TOO_LONG = "too_long"
    NOT_COUNTED = "not_counted"
    NOTHING_COUNTED = "nothing_counted"
    NOTHING_CAME_IN = "nothing_came_in"
    UNKNOWN_BOARD = "unknown_board"
    CLOSED_BOARD = "closed_board"


class ChoiceProblem(StrEnum):
    """Why a case, or its text, is not taken into a report."""

    UNKNOWN_CASE = "unknown_case"
    OTHER_BOARD = "other_board"
    SECRECY = "secrecy"
    PROTECTED = "protected"
    ALREADY_CHOSEN = "already_chosen"
    EMPTY = "empty"
    TOO_LONG = "too_long"
    # A person could be recognised by what is in the text.
    DETAILS = "details"


@dataclass(frozen=True)
class BoardPlace:
    """A board, with its units and their administrations."""

    id: int
    units: frozenset[int]
    administrations: frozenset[int]


def may_read(actor: Staff, board: BoardPlace, state: ReportState) -> bool:
    """Whether an actor reads a report in this state."""
    if state is ReportState.DRAFT:
        return may_write(actor, board) or may_choose_cases(actor, board)
    match actor.role:
        case Role.OFFICER | Role.HEAD_OF_UNIT | Role.HEAD_OF_ADMINISTRATION:
            return _touches(actor, board)
        case Role.RECORDS_OFFICER:
            return actor.board == board.id or (actor.board is None and actor.common_registry)
        case role:
            return role in READS_ALL


def may_write(actor: Staff, board: BoardPlace) -> bool:
    """Whether an actor makes a report, counts it again, comments on it and deletes it while it is a draft."""
    return actor.role is Role.PROCESS_OWNER or (actor.role in HEADS and _touches(actor, board))


def may_choose_cases(actor: Staff, board: BoardPlace) -> bool:
    """Whether an actor adds cases that they may see to a draft, and removes them."""
    return actor.role in HEADS | {Role.OFFICER} and _touches(actor, board)


def may_fix(actor: Staff, board: BoardPlace) -> bool:
    """Whether an actor fixes a report: the head of an administration of the board, or of the whole board."""
    match actor.role:
        case Role.HEAD_OF_ADMINISTRATION:
            return _touches(actor, board)
        case Role.HEAD_OF_UNIT:
            return actor.unit is None and _touches(actor, board)
        case _:
            return False


def _touches(actor: Staff, board: BoardPlace) -> bool:
    """Whether the scope of an officer or a head has a part of the board."""
    if actor.role is Role.HEAD_OF_ADMINISTRATION:
        return actor.administration in board.administrations
    if actor.unit is not None:
        return actor.unit in board.units
    return actor.board in (None, board.id)


def period_problem(months: Months, counted: Months | None) -> Problem | None:
    """Why there is no report on these months; None if there can be. `counted`: the months that are."""
    if months.count < 1:
        return Problem.REVERSED
    if months.count > MAX_MONTHS:
        return Problem.TOO_LONG
    if counted is None:
        return Problem.NOTHING_COUNTED
    return Problem.NOT_COUNTED if months.last > counted.last else None


def is_compared(months: Months, counted: Months) -> bool:
    """Whether the same months a year earlier are counted: nothing is compared with a part of a year."""
    return months.year_before().first >= counted.first


def text_problem(text: str) -> ChoiceProblem | None:
    """Why a text of a case is not taken, whatever it says; None if it can be."""
    if not text.strip():
        return ChoiceProblem.EMPTY
    return ChoiceProblem.TOO_LONG if len(text) > MAX_TEXT else None
