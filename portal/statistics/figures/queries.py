"""The figures of a period, of the cases that an actor may see."""

from collections.abc import Hashable, Iterator
from datetime import date
from functools import cache

from portal import clock
from portal.cases.deadlines import open_day_after
from portal.identity.actors import Actor
from portal.organisation import queries as organisation
from portal.statistics.figures import sums
from portal.statistics.figures.dimensions import Dimension, value
from portal.statistics.figures.records import Selection, case_records, promise_records
from portal.statistics.figures.sums import Basis, Place, Sums
from portal.statistics.rules import working_days


def basis() -> Basis:
    """How the figures are read today, with the closed days of the municipality."""
    own = organisation.closed_days()
    return Basis(
        clock.today(), working_days(own), cache(lambda day, number: open_day_after(day, number, own))
    )


def places(actor: Actor, selection: Selection) -> dict[Place, Sums]:
    """The sums of each place that has a case or a promise in the period."""
    by_place: dict[Place, Sums] = {}
    for place, part in _parts(actor, selection, basis()):
        by_place.setdefault(place, Sums()).update(part)
    return by_place


def _parts(actor: Actor, selection: Selection, on: Basis) -> Iterator[tuple[Place, Sums]]:
    for case in case_records(actor, selection):
        yield case.place, sums.of_case(case, on)
    for promise in promise_records(actor, selection):
        yield promise.place, sums.of_promise(promise, on)


def figures(actor: Actor, first: date, last: date, by: Dimension) -> dict[Hashable, Sums]:
    """The sums of the days from first to last, in groups. Raises ValueError if last is before first."""
    if last < first:
        raise ValueError("the period ends before it begins")
    groups: dict[Hashable, Sums] = {}
    for place, part in places(actor, Selection(first, last)).items():
        groups.setdefault(value(by, place), Sums()).update(part)
    return groups


def total(groups: dict[Hashable, Sums]) -> Sums:
    """The sums of all groups."""
    whole = Sums()
    for part in groups.values():
        whole.update(part)
    return whole
