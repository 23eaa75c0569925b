"""The figures inside, as the database adds them up, are those of the counted cells within every limit."""

from collections.abc import Hashable
from datetime import date, datetime

import pytest
from sqlalchemy import select

from portal import clock, db
from portal.cases.enums import Kind
from portal.identity.actors import Role, Staff
from portal.organisation import queries as organisation
from portal.statistics import surveys
from portal.statistics.figures.dimensions import Dimension, value
from portal.statistics.figures.sums import Place, Sums
from portal.statistics.inside import queries
from portal.statistics.inside import surveys as inside_surveys
from portal.statistics.inside.rules import Months, Narrowed
from portal.statistics.models import CountedCell, CountedMonth, RunningTotal
from portal.statistics.published.closed_months import count_next_month
from portal.surveys.models import SurveyAnswer
from portal.surveys.rules import Helped, Treatment
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
        if SPRING.first <= place.month <= SPRING.last and _is_within(narrowed, place):
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
    limited = ({}, {"topic": 0}, {"unit": unit}, {"unit": unit, "kind": Kind.COMPLAINT}, {"language": "en"})
    for by in Dimension:
        for limits in limited:
            narrowed = Narrowed(**limits)
            assert queries.figures(analyst, SPRING, narrowed, by) == added_up(narrowed, by), (by, limits)
    assert sum(part["cases"] for part in queries.figures(analyst, SPRING, Narrowed(), by).values()) == 6
    for months in (Months(date(2025, 1, 1), date(2025, 3, 1)), Months(date(2026, 6, 1), date(2026, 8, 1))):
        assert queries.figures(analyst, months, Narrowed(), Dimension.UNIT) == {}
        assert queries.figures(analyst, months, Narrowed(), Dimension.MONTH) == {}


def _is_within(narrowed: Narrowed, place: Place) -> bool:
    own = {name: getattr(place, name) for name in narrowed.set_values()}
    return own == narrowed.set_values() | ({"topic": None} if narrowed.topic == 0 else {})


MANY = 40


def test_a_period_is_read_from_its_two_ends_however_long_it_is() -> None:
    analyst = factories.member("samir", Role.ANALYST, None)
    months = [date(2020 + number // 12, number % 12 + 1, 1) for number in range(MANY)]
    with db.transaction() as writer:
        for number, month in enumerate(months, 1):
            writer.add(CountedMonth(month=month, counted_at=clock.now(), last_case=0))
            writer.flush()
            # Between the ends is what no sum is made of.
            count = number * 7 if number in (1, 2, MANY) else -1
            totals = {"cases": count, "days:3": count}
            writer.add(RunningTotal(dimension=Dimension.UNIT, month=month, key="4", sums=totals))
    long, short = Months(months[2], months[-1]), Months(months[1], months[1])
    assert queries.figures(analyst, long, Narrowed(), Dimension.UNIT) == {
        4: Sums({"cases": 266, "days:3": 266})
    }
    assert queries.figures(analyst, short, Narrowed(), Dimension.UNIT) == {4: Sums({"cases": 7, "days:3": 7})}


def test_answers_of_the_survey_are_counted_by_month_when_a_unit_has_five_new_ones() -> None:
    park, gata = (organisation.unit(key) for key in ("park", "gata"))
    assert park
    assert gata
    days = {park: [(3, 4), (4, 2), (5, 5)], gata: [(3, 9), (4, 4)]}
    with db.transaction() as writer:
        for unit, months in days.items():
            for month, count in months:
                for number in range(count):
                    helped = Helped.YES if number else Helped.NO
                    place = {"unit_id": unit.id, "board_id": unit.board_id, "kind": Kind.COMPLAINT}
                    answered = {"helped": helped, "treatment": Treatment.GOOD}
                    writer.add(SurveyAnswer(**place, **answered, answered_on=date(2026, month, 7)))
        for month in (3, 4, 5):
            surveys.add_month(Months(date(2026, month, 1), date(2026, month, 1)).last_day)
    head, analyst = (
        factories.member("eva", Role.HEAD_OF_UNIT),
        factories.member("samir", Role.ANALYST, None),
    )

    def counted(actor: Staff, months: Months, by: Dimension, **limits: int) -> dict[Hashable, int]:
        sums = inside_surveys.survey_sums(actor, months, Narrowed(**limits), by)
        return {group: own["survey"] for group, own in sums.items()}

    year = Months(date(2026, 1, 1), date(2026, 12, 1))
    assert counted(analyst, year, Dimension.UNIT) == {park.id: 11, gata.id: 9}
    assert counted(analyst, year, Dimension.MONTH) == {
        date(2026, 3, 1): 9,
        date(2026, 4, 1): 6,
        date(2026, 5, 1): 5,
    }
    assert counted(head, year, Dimension.QUARTER) == {date(2026, 4, 1): 11}
    assert counted(analyst, SPRING, Dimension.UNIT) == {}
    assert counted(analyst, year, Dimension.BOARD, unit=gata.id) == {gata.board_id: 9}
    april = Months(date(2026, 4, 1), date(2026, 4, 1))
    own = inside_surveys.survey_sums(head, april, Narrowed(), Dimension.YEAR)
    assert own == {
        date(2026, 1, 1): Sums({"survey": 6, "helped.yes": 4, "helped.no": 2, "treatment.good": 6})
    }
    assert not inside_surveys.is_counted(Narrowed(topic=1), Dimension.UNIT)
    assert not inside_surveys.is_counted(Narrowed(), Dimension.TOPIC)
