"""The rules of figures, where rows are alike: together they are what they are one by one."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from portal.cases.deadlines import working_days_between
from portal.statistics import unit_rules
from portal.statistics.rules import working_days
from portal.statistics.unit_rules import Arrival, FirstAnswer, GivenAnswer, MissingAnswer, UnitRecords

TODAY = date(2026, 1, 19)
OWN = {date(2026, 1, 2): "klämdag", date(2025, 12, 23): "stängt"}
near = st.dates(date(2025, 12, 20), date(2026, 1, 18))
far = st.dates(date(2019, 1, 1), date(2031, 12, 31))
maybe = st.none() | st.booleans()
one = st.just(1)
answers = st.builds(GivenAnswer, near, near, maybe, st.booleans(), st.booleans(), one)
missing = st.builds(MissingAnswer, near, one)
arrivals = st.builds(Arrival, near, st.none() | near, st.none() | st.integers(1, 3), st.booleans(), one)
firsts = st.builds(FirstAnswer, near, st.booleans(), one)


def of(rows: st.SearchStrategy[Any]) -> st.SearchStrategy[list[Any]]:
    """Few different rows, many times."""
    return st.lists(rows, min_size=1, max_size=3).flatmap(
        lambda few: st.lists(st.sampled_from(few), max_size=30)
    )


records = st.builds(UnitRecords, of(answers), of(missing), of(arrivals), of(firsts))


def together(rows: Sequence[Any]) -> list[Any]:
    return [row._replace(number=number) for row, number in Counter(rows).items()]


@given(records, st.none() | st.just(unit_rules.REACH_DAYS))
def test_rows_that_are_alike_count_as_often_as_there_are(every: UnitRecords, days: int | None) -> None:
    grouped = replace(every, **{name: together(rows) for name, rows in vars(every).items()})
    periods = unit_rules.periods(TODAY)
    figures = unit_rules.figures(every, periods, TODAY, OWN, days)
    assert unit_rules.figures(grouped, periods, TODAY, OWN, days) == figures


@given(far, far)
def test_the_working_days_of_many_pairs_are_those_of_each(start: date, end: date) -> None:
    count = working_days(OWN)
    assert count(start, end) == working_days_between(start, end, OWN)
    later = start + timedelta(days=20)
    assert count(start, later) == working_days_between(start, later, OWN)
