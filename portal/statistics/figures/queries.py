"""The figures of a period, of the cases that an actor may see."""

from collections import defaultdict
from collections.abc import Hashable, Mapping
from datetime import date
from functools import cache
from typing import Any

from portal import clock
from portal.cases.deadlines import open_day_after
from portal.identity.actors import Actor
from portal.organisation import queries as organisation
from portal.statistics.figures import sums
from portal.statistics.figures.dimensions import CALENDAR, Dimension
from portal.statistics.figures.records import counted_records
from portal.statistics.figures.selection import Question, Selection
from portal.statistics.figures.sums import Basis, Place, Sums
from portal.statistics.rules import working_days

PLACE = tuple(map(Dimension, Place._fields))


def basis(today: date) -> Basis:
    """How the figures are read on a day, with the closed days of the municipality."""
    own = organisation.closed_days()
    last_day = cache(lambda day, number: open_day_after(day, number, own))
    return Basis(today, working_days(own), last_day)


def places(actor: Actor, selection: Selection) -> dict[Place, Sums]:
    """The sums of each place that has a case or a promise in the period."""
    groups = _groups(actor, Question(selection, PLACE, clock.today()))
    return {Place(*group): own for group, own in groups.items()}


def figures(
    actor: Actor,
    first: date,
    last: date,
    by: Dimension,
    limits: Mapping[str, int | str] | None = None,
    max_cases: int | None = None,
) -> dict[Hashable, Sums]:
    """The sums of the days from first to last, in groups, within limits.

    Raises ValueError if last is before first, and TooManyCases if more than `max_cases` came in.
    """
    if last < first:
        raise ValueError("the period ends before it begins")
    by_month = by in CALENDAR
    kept = (Dimension.MONTH if by_month else by,)
    question = Question(Selection(first, last), kept, clock.today(), limits or {}, max_cases)
    groups: dict[Hashable, Sums] = {}
    for (group,), own in _groups(actor, question).items():
        groups.setdefault(CALENDAR[by](group) if by_month else group, Sums()).update(own)
    return groups


def _groups(actor: Actor, question: Question) -> dict[tuple[Any, ...], Sums]:
    on = basis(question.today)
    groups: dict[tuple[Any, ...], Sums] = defaultdict(Sums)
    for group, record, number in counted_records(actor, question):
        own = groups[group]
        for key in sums.keys(record, on):
            own[key] += number
    return groups


def total(groups: dict[Hashable, Sums]) -> Sums:
    """The sums of all groups."""
    whole = Sums()
    for part in groups.values():
        whole.update(part)
    return whole
