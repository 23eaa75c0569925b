"""What is refused of an absence, and who answers in place of a member of staff who is away. Pure."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from portal.identity.actors import Role

# Those who have cases, and so something that a substitute takes care of.
ROLES = frozenset({Role.OFFICER, Role.HEAD_OF_UNIT, Role.HEAD_OF_ADMINISTRATION, Role.REGISTRAR})
MAX_AHEAD = timedelta(days=730)


class AbsenceProblem(StrEnum):
    """Why an absence is refused."""

    ENDS_FIRST = "ends_first"
    PAST = "past"
    TOO_FAR = "too_far"
    OVERLAPS = "overlaps"
    SELF = "self"
    CANNOT_READ = "cannot_read"
    RING = "ring"
    SUBSTITUTE_AWAY = "substitute_away"


@dataclass(frozen=True)
class Absence:
    """The days of an absence, both included, of a membership and its person, and its substitute if any."""

    membership: int
    person: int
    first: date
    last: date
    substitute: int | None = None
    substitute_person: int | None = None

    def overlaps(self, first: date, last: date) -> bool:
        """Whether it has a day in common with these."""
        return self.first <= last and first <= self.last


@dataclass(frozen=True)
class Refusal:
    """A problem, with the absence that is in the way, if one is."""

    problem: AbsenceProblem
    other: Absence | None = None


def refusal(new: Absence, known: Iterable[Absence], today: date, can_read: bool = True) -> Refusal | None:
    """Why a new absence is refused beside the known ones; None if it is not.

    `can_read` tells whether the substitute reads the same cases, on all of the days.
    """
    if problem := _wrong_days(new, today):
        return Refusal(problem)
    others = [row for row in known if row.overlaps(new.first, new.last)]
    for other in others:
        if other.membership == new.membership:
            return Refusal(AbsenceProblem.OVERLAPS, other)
    return _wrong_substitute(new, others, can_read) if new.substitute else None


def _wrong_days(new: Absence, today: date) -> AbsenceProblem | None:
    if new.last < new.first:
        return AbsenceProblem.ENDS_FIRST
    if new.last < today:
        return AbsenceProblem.PAST
    return AbsenceProblem.TOO_FAR if new.last > today + MAX_AHEAD else None


def _wrong_substitute(new: Absence, others: list[Absence], can_read: bool) -> Refusal | None:
    if new.substitute_person == new.person:
        return Refusal(AbsenceProblem.SELF)
    if not can_read:
        return Refusal(AbsenceProblem.CANNOT_READ)
    if ring := _ring(new, new.substitute_person, new.first, new.last, others):
        return Refusal(AbsenceProblem.RING, ring)
    # Who goes away later hands what they substitute for on to their own substitute: that is no mistake.
    for other in others:
        if other.person == new.substitute_person:
            return Refusal(AbsenceProblem.SUBSTITUTE_AWAY, other)
    return None


def _ring(new: Absence, person: int | None, first: date, last: date, others: list[Absence]) -> Absence | None:
    """The absence that leads back from a substitute to the person of the new one, on a day of these."""
    for other in others:
        if other.person != person or not other.overlaps(first, last):
            continue
        if other.substitute_person == new.person:
            return other
        # Only absences of another: the list gets shorter, so that a ring of others ends too.
        rest = [row for row in others if row.person != person]
        since, until = max(first, other.first), min(last, other.last)
        if ring := _ring(new, other.substitute_person, since, until, rest):
            return ring
    return None


def answers_for(membership: int, away: Mapping[int, int | None]) -> int | None:
    """The membership that answers for one; `away` has those that are away today, with their substitutes.

    The same one if it is not away; None if there is none.
    """
    seen: set[int] = set()
    current: int | None = membership
    while current is not None and current in away:
        if current in seen:
            return None
        seen.add(current)
        current = away[current]
    return current
