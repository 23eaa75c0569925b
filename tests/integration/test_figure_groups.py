"""Cases that are alike are counted together: what the database groups is what each case adds alone."""

from collections import Counter
from datetime import UTC, date, datetime, timedelta

import pytest
import sqlalchemy as sa
from flask import Flask
from time_machine import TimeMachineFixture

from portal import clock, db
from portal.cases.actions import bars, handling, sender
from portal.cases.models import Case
from portal.database.days import FirstOfMonth, StockholmDay
from portal.db import UtcDateTime
from portal.identity.actors import Actor, CodeHolder, Role, System
from portal.organisation import queries as organisation
from portal.statistics.figures.dimensions import Dimension, value
from portal.statistics.figures.queries import figures, places, total
from portal.statistics.figures.records import TooManyCases
from portal.statistics.figures.selection import Selection
from portal.statistics.figures.sums import Sums
from tests import bulk_cases, factories, figure_cases

FIRST, LAST = date(2026, 2, 1), date(2026, 4, 30)
COUNT = 40


@pytest.fixture(autouse=True)
def _today(inside: Flask, time_machine: TimeMachineFixture) -> None:
    time_machine.move_to("2026-05-20 08:00:00Z", tick=False)


def test_all_cases_together_add_what_each_of_them_adds_alone() -> None:
    rows = figure_cases.made(COUNT, date(2026, 1, 1), 140)
    with bulk_cases.only(rows * 2) as writer:
        figure_cases.tie(writer, rows * 2)
        holders = [CodeHolder(case) for case in writer.scalars(sa.select(Case.id))]
        for by in (Dimension.MONTH, Dimension.UNIT, Dimension.TOPIC):
            added: dict = {}
            for holder in holders:
                for group, sums in figures(holder, FIRST, LAST, by).items():
                    added.setdefault(group, Counter()).update(sums)
            assert figures(System(), FIRST, LAST, by) == added
        assert total(added)["cases"] > COUNT


def test_the_figures_within_limits_are_those_of_the_places_within_them() -> None:
    rows = figure_cases.made(COUNT, date(2026, 1, 1), 140)
    with bulk_cases.only(rows) as writer:
        figure_cases.tie(writer, rows)
        every = places(System(), Selection(FIRST, LAST))
        unit, board = organisation.units()[0].id, organisation.units()[0].board_id
        for limits in ({"unit": unit}, {"topic": 0}, {"kind": "complaint", "board": board}, {"level": 2}):
            expected: dict = {}
            for place, sums in every.items():
                own = {name: getattr(place, name) or 0 for name in limits}
                if own == limits:
                    expected.setdefault(value(Dimension.CHANNEL, place), Sums()).update(sums)
            assert figures(System(), FIRST, LAST, Dimension.CHANNEL, limits, COUNT) == expected, limits
            assert expected


def test_more_cases_than_are_counted_are_refused_whatever_the_limits() -> None:
    for _number in range(3):
        factories.past(FIRST)
    factories.past(FIRST - timedelta(days=1))
    assert total(figures(System(), FIRST, LAST, Dimension.KIND, max_cases=3))["cases"] == 3
    for limits in ({}, {"language": "en"}):
        with pytest.raises(TooManyCases):
            figures(System(), FIRST, LAST, Dimension.KIND, limits, max_cases=2)


def test_a_promise_of_an_earlier_case_is_counted_for_those_who_may_see_it(
    time_machine: TimeMachineFixture,
) -> None:
    april = date(2026, 4, 1), LAST
    time_machine.move_to("2026-02-02 08:00:00Z", tick=False)
    anna, eva = factories.member("anna"), factories.member("eva", Role.HEAD_OF_UNIT)
    samir = factories.member("samir", Role.HEAD_OF_UNIT, "gata")
    receipt = factories.send_in()
    factories.act(handling.answer, anna, receipt, "Svar.", close=True)
    time_machine.move_to("2026-04-08 08:00:00Z", tick=False)
    factories.act(sender.not_satisfied, factories.sender(receipt), receipt, "Nej, det räcker inte.")

    def counted(actor: Actor, first: date, last: date) -> tuple[int, int]:
        db.close_read_session()
        sums = total(figures(actor, first, last, Dimension.MONTH, max_cases=1))
        return sums["cases"], sums["promises"]

    assert counted(eva, *april) == (0, 1)
    assert counted(eva, FIRST, date(2026, 2, 28)) == (1, 1)
    assert counted(eva, FIRST, LAST) == (1, 2)
    assert counted(samir, FIRST, LAST) == (0, 0)
    factories.act(bars.recuse, eva, receipt, "")
    assert counted(eva, *april) == counted(eva, FIRST, LAST) == (0, 0)
    assert counted(anna, *april) == (0, 1)


def test_a_day_is_that_of_sweden_also_where_the_summer_time_changes() -> None:
    changes = [datetime(2026, 3, 29, 1, tzinfo=UTC), datetime(2026, 10, 25, 1, tzinfo=UTC)]
    nights = [datetime(2026, month, day, tzinfo=UTC) for month in (1, 3, 4, 7, 10, 11) for day in (1, 25, 29)]
    moments = [
        moment + timedelta(minutes=minutes) for moment in changes + nights for minutes in range(-150, 31, 30)
    ]
    for moment in moments:
        day = clock.stockholm(moment).date()
        stored = sa.literal(moment, UtcDateTime())
        query = sa.select(StockholmDay(stored), FirstOfMonth(StockholmDay(stored)))
        assert db.session().execute(query).one() == (day, day.replace(day=1)), moment
    nothing = sa.cast(sa.null(), UtcDateTime())
    assert db.session().scalar(sa.select(StockholmDay(nothing))) is None
