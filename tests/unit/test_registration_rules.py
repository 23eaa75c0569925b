"""When a registered case may have come in, and which unit handles it by its level."""

import datetime as dt

from hypothesis import given
from hypothesis import strategies as some

from portal import clock
from portal.cases.intake.rules import stays_by_agreement
from portal.cases.registration.rules import arrival_problem

MOMENTS = some.datetimes(dt.datetime(2026, 1, 1), dt.datetime(2027, 12, 31), timezones=some.just(dt.UTC))


@given(MOMENTS, MOMENTS, some.dates(dt.date(2026, 1, 1), dt.date(2027, 12, 31)))
def test_a_moment_is_right_between_the_first_midnight_and_now(
    arrived: dt.datetime, now: dt.datetime, first: dt.date
) -> None:
    midnight = clock.end_of_day(first - dt.timedelta(days=1))
    assert (arrival_problem(arrived, now, first) is None) is (midnight <= arrived <= now)


LEVELS = some.none() | some.integers(1, 6)


@given(LEVELS, LEVELS)
def test_the_unit_of_an_agreement_keeps_the_first_four_levels_and_what_the_topic_names(
    judged: int | None, proposed: int | None
) -> None:
    within = judged is None or judged in range(1, 5) or (proposed is not None and judged <= proposed)
    assert stays_by_agreement(judged, proposed) is within
