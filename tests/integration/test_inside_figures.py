"""The figures inside, as the database adds them up, are those of the counted cells within every limit."""

from collections.abc import Hashable
from datetime import date, datetime

import pytest
from sqlalchemy import select

from portal import clock, db
from portal.cases.enums import Kind
from portal.identity.actors import Role
from portal.statistics.figures.dimensions import Dimension, value
from portal.statistics.figures.sums import Place, Sums
from portal.statistics.inside import queries
from portal.statistics.inside.rules import Months, Narrowed
from portal.statistics.models import CountedCell
from portal.statistics.published.closed_months import count_next_month
from tests import factories

pytestmark = pytest.mark.usefixtures("inside")
SPRING = Months(date(2026, 1, 1), date(2026, 2, 1))


def added_up(narrowed: Narrowed, by: Dimension) -> dict[Hashable, Sums]:
    """The same, a cell at a time."""
    groups: dict[Hashable, Sums] = {}
    for cell in db.session().scalars(select(CountedCell)):
        names = ("month", "kind", "board_id", "administration_id", "unit_id", "category_id")
        own = [getattr(cell, name) for name in (*names, "channel", "level", "language")]
        place = Place(*own)
        if SPRING.first <= place.month <= SPRING.last and narrowed.has(place):
            groups.setdefault(value(by, place), Sums()).update(cell.sums)
    return groups


def test_the_database_adds_up_what_is_counted_in_every_group_and_within_every_limit() -> None:
    for month in (1, 2, 3):
        for category, kind in (("parker", Kind.COMPLAINT), ("gator", Kind.QUESTION), (None, Kind.PRAISE)):
            day = date(2026, month, 4)
            factories.past(day, day.replace(day=12), category=category, kind=kind)
    with clock.at(datetime(2026, 5, 4, 10, tzinfo=clock.STOCKHOLM)):
        while count_next_month():
            pass
    analyst = factories.member("samir", Role.ANALYST, None)
    unit = db.session().scalars(select(CountedCell.unit_id)).first()
    for by in Dimension:
        for limits in ({}, {"topic": 0}, {"unit": unit, "kind": Kind.COMPLAINT}, {"language": "en"}):
            narrowed = Narrowed(**limits)
            assert queries.figures(analyst, SPRING, narrowed, by) == added_up(narrowed, by)
    assert sum(part["cases"] for part in queries.figures(analyst, SPRING, Narrowed(), by).values()) == 6
