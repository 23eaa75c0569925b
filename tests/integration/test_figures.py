"""The figures of a period against an own count in SQL, on both databases."""

from collections import Counter
from datetime import date

import pytest
from flask import Flask
from time_machine import TimeMachineFixture

from portal.cases.enums import Kind
from portal.identity.actors import Role, System
from portal.statistics.figures.dimensions import Dimension, quarter
from portal.statistics.figures.queries import figures, total
from portal.statistics.figures.sums import Fate, Sums
from tests import bulk_cases, factories, figure_cases
from tests.figures_oracle import Oracle

TODAY = date(2026, 5, 20)
FIRST, LAST = date(2025, 11, 1), TODAY
COLUMNS = {
    Dimension.BOARD: "responsible_board_id",
    Dimension.ADMINISTRATION: "responsible_administration_id",
    Dimension.UNIT: "handling_unit_id",
    Dimension.TOPIC: "category_id",
    Dimension.KIND: "kind",
    Dimension.CHANNEL: "channel",
    Dimension.LEVEL: "level",
    Dimension.LANGUAGE: "language",
    Dimension.MONTH: "month",
}
MANY = [400, pytest.param(5_000, marks=pytest.mark.full)]


@pytest.fixture(autouse=True)
def _today(inside: Flask, time_machine: TimeMachineFixture) -> None:
    time_machine.move_to("2026-05-20 08:00:00Z", tick=False)


@pytest.mark.parametrize("count", MANY)
def test_every_figure_agrees_with_an_own_count_and_the_fates_add_up(count: int) -> None:
    rows = figure_cases.made(count, date(2025, 10, 1), 231)
    with bulk_cases.only(rows) as writer:
        figure_cases.tie(writer, rows)
        oracle = Oracle(writer, TODAY, FIRST, LAST, bulk_cases.FIRST_NUMBER)
        whole = total(figures(System(), FIRST, LAST, Dimension.MONTH))
        for dimension, column in COLUMNS.items():
            counted = figures(System(), FIRST, LAST, dimension)
            expected = {_key(dimension, group): sums for group, sums in oracle.sums(column).items()}
            assert counted == expected, dimension
            assert total(counted) == whole
            for sums in counted.values():
                adds_up(sums)
        assert {key.partition(":")[0] for key in whole} >= ALL
        months = figures(System(), FIRST, LAST, Dimension.MONTH)
        by_quarter = figures(System(), FIRST, LAST, Dimension.QUARTER)
        assert by_quarter == added(months, {month: quarter(month) for month in months})
        by_year = figures(System(), FIRST, LAST, Dimension.YEAR)
        assert by_year == added(months, {month: month.replace(month=1) for month in months})


# The made cases have something of everything, so that no figure agrees by being nothing.
ALL = {f"fate.{fate}" for fate in Fate} | {
    *("cases", "parts", "cases.reopened", "closed.in_time", "closed.summer", "solved", "solved.waiting"),
    *("first.solved", "reach.reached", "promises.reopened", "promises.unsatisfied", "answer.undated"),
    *("answer.undue", "answer.summer", "answer.in_time", "answer.extended", "answer.waiting", "days"),
    *("times.waiting", "contact.undated", "contact.undue", "contact.in_time"),
    *(
        f"policy.{name}.{part}"
        for name in ("named", "thanks", "regret", "plain")
        for part in ("total", "followed")
    ),
}


def _key(dimension: Dimension, group: object) -> object:
    if dimension is Dimension.MONTH:
        return date.fromisoformat(str(group))
    return group


def added(months: dict, periods: dict) -> dict:
    groups: dict = {}
    for month, sums in months.items():
        groups.setdefault(periods[month], Counter()).update(sums)
    return groups


def adds_up(sums: Sums) -> None:
    """Each case is in one fate, and each promise is in one part of every measure."""
    assert sum(sums[f"fate.{fate}"] for fate in Fate) == sums["cases"]
    parts = ("answer.total", "answer.summer", "answer.undue", "answer.undated")
    assert sum(sums[part] for part in parts) == sums["promises"]
    assert sums["contact.total"] + sums["contact.undue"] + sums["contact.undated"] == sums["promises"]
    for name in ("answer", "closed", "contact"):
        assert sums[f"{name}.in_time"] <= sums[f"{name}.total"]
    for name in ("named", "thanks", "regret", "plain"):
        assert sums[f"policy.{name}.followed"] <= sums[f"policy.{name}.total"]


def test_the_figures_are_of_what_the_actor_may_see() -> None:
    for category in ("parker", "parker", "aldre"):
        factories.past(FIRST, category=category)
    seen = {
        "all": System(),
        "their unit": factories.member(),
        "no case": factories.member("samir", Role.ANALYST, None),
    }
    cases = {
        name: total(figures(actor, FIRST, LAST, Dimension.KIND))["cases"] for name, actor in seen.items()
    }
    assert cases == {"all": 3, "their unit": 2, "no case": 0}


def test_a_case_that_came_in_after_midnight_in_sweden_is_of_the_new_month(
    time_machine: TimeMachineFixture,
) -> None:
    time_machine.move_to("2026-03-31 22:30:00Z", tick=False)
    factories.send_in(kind=Kind.QUESTION)
    time_machine.move_to("2026-05-20 08:00:00Z", tick=False)
    assert list(figures(System(), FIRST, LAST, Dimension.MONTH)) == [date(2026, 4, 1)]
    assert not figures(System(), date(2026, 3, 1), date(2026, 3, 31), Dimension.MONTH)


def test_a_period_that_ends_before_it_begins_is_refused() -> None:
    with pytest.raises(ValueError, match="before it begins"):
        figures(System(), LAST, FIRST, Dimension.KIND)
