"""Who serves the desk, how long a visit lasts, and what a person who is not identified may know. Pure."""

from datetime import datetime, timedelta
from enum import StrEnum

from portal.cases.enums import KnownBy, LegalMatter, Via
from portal.identity.actors import Role

# How long the number of a visit can be typed, how long its person has to sign in, and how long it is open.
NUMBER_TTL = timedelta(minutes=5)
SIGN_IN_TTL = timedelta(minutes=10)
VISIT_TTL = timedelta(minutes=15)
# No visit that has not ended is older than this.
MAX_AGE = NUMBER_TTL + SIGN_IN_TTL + VISIT_TTL
NUMBER_LENGTH = 8
# The clock of a browser may be ahead of the server's, and a time is typed to the minute.
CLOCK_TOLERANCE = timedelta(minutes=1)


# Of these not even that there is a case: who asks may be the person that the report is about.
UNMENTIONED = frozenset({LegalMatter.CHILD_CONCERN, LegalMatter.WHISTLEBLOWING})


class VisitState(StrEnum):
    """How far a visit has come. One that has ended by itself is OVER too."""

    WAITING = "waiting"
    CLAIMED = "claimed"
    OPEN = "open"
    OVER = "over"


class MomentProblem(StrEnum):
    """Why something cannot have been said at a moment."""

    FUTURE = "future"
    BEFORE_CASE = "before_case"


def serves_desk(role: Role | None, in_first_line: bool) -> bool:
    """Whether a member of staff takes questions of anyone: a registrar, and who works in the first line."""
    return role is Role.REGISTRAR or (in_first_line and role in (Role.OFFICER, Role.HEAD_OF_UNIT))


def visit_state(
    now: datetime,
    created_at: datetime,
    claimed_at: datetime | None,
    known_at: datetime | None,
    ended_at: datetime | None,
) -> VisitState:
    """The state of a visit at a moment."""
    if ended_at:
        return VisitState.OVER
    if known_at:
        return VisitState.OPEN if now < known_at + VISIT_TTL else VisitState.OVER
    if claimed_at:
        return VisitState.CLAIMED if now < claimed_at + SIGN_IN_TTL else VisitState.OVER
    return VisitState.WAITING if now < created_at + NUMBER_TTL else VisitState.OVER


def moment_problem(said_at: datetime, received_at: datetime, now: datetime) -> MomentProblem | None:
    """Why something cannot have been said of a case at a moment; None if it can."""
    if said_at > now + CLOCK_TOLERANCE:
        return MomentProblem.FUTURE
    # The form has whole minutes.
    if said_at < received_at.replace(second=0, microsecond=0):
        return MomentProblem.BEFORE_CASE
    return None


def is_unverified(via: Via, known: KnownBy | None) -> bool:
    """Whether the sender of a message has not been checked: it may be anyone."""
    return known is KnownBy.UNVERIFIED or (via is Via.EMAIL and known is None)


def normalise_number(written: str) -> str | None:
    """The number of a visit without spaces and dashes; None if it is malformed."""
    digits = "".join(sign for sign in written if not sign.isspace() and sign not in "-\N{EN DASH}")
    is_number = len(digits) == NUMBER_LENGTH and digits.isascii() and digits.isdigit()
    return digits if is_number else None
