"""Who follows up a routine, on which day, and when it is due again."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.identity.actors import Role, Staff
from portal.routines.rules import FollowUpProblem, UnitPlace, day_problem, may_follow_up, next_due

PARK = UnitPlace(id=1, board=10, administration=100)
TODAY = date(2026, 5, 4)
OPENED = date(2026, 1, 1)


@pytest.mark.parametrize(
    ("actor", "may"),
    [
        (Staff(1, 1, Role.HEAD_OF_UNIT, unit=1), True),
        (Staff(1, 1, Role.HEAD_OF_UNIT, unit=2), False),
        (Staff(1, 1, Role.HEAD_OF_UNIT, board=10), True),
        (Staff(1, 1, Role.HEAD_OF_UNIT, board=11), False),
        (Staff(1, 1, Role.HEAD_OF_UNIT), True),
        (Staff(1, 1, Role.HEAD_OF_ADMINISTRATION, administration=100), True),
        (Staff(1, 1, Role.HEAD_OF_ADMINISTRATION, administration=101), False),
        (Staff(1, 1, Role.PROCESS_OWNER), True),
        (Staff(1, 1, Role.OFFICER, unit=1), False),
        (Staff(1, 1, Role.REGISTRAR), False),
        (Staff(1, 1, Role.RECORDS_OFFICER, board=10), False),
        (Staff(1, 1, Role.ANALYST), False),
        (Staff(1, 1, Role.ADMINISTRATOR), False),
        (Staff(1), False),
    ],
)
def test_a_routine_is_followed_up_by_heads_of_its_unit_and_the_process_owner(actor: Staff, may: bool) -> None:
    assert may_follow_up(actor, PARK) is may


@pytest.mark.parametrize(
    ("day", "last", "problem"),
    [
        (TODAY, None, None),
        (TODAY, TODAY - timedelta(1), None),
        (TODAY + timedelta(1), None, FollowUpProblem.FUTURE),
        (OPENED, None, None),
        (OPENED - timedelta(1), None, FollowUpProblem.BEFORE_FIRST),
        (TODAY - timedelta(2), TODAY - timedelta(1), FollowUpProblem.BEFORE_LAST),
        (TODAY, TODAY, FollowUpProblem.SAME_DAY),
    ],
)
def test_a_follow_up_is_after_the_last_one_and_not_in_the_future(
    day: date, last: date | None, problem: FollowUpProblem | None
) -> None:
    assert day_problem(day, OPENED, TODAY, last) is problem


@pytest.mark.parametrize(
    ("day", "months", "due"),
    [
        (date(2026, 5, 4), 1, date(2026, 6, 4)),
        (date(2026, 8, 31), 6, date(2027, 2, 28)),
        (date(2027, 12, 31), 2, date(2028, 2, 29)),
        (date(2026, 12, 1), 12, date(2027, 12, 1)),
    ],
)
def test_the_next_one_is_due_on_the_same_day_of_the_month_or_its_last(
    day: date, months: int, due: date
) -> None:
    assert next_due(day, months) == due


@given(st.dates(date(2020, 1, 1), date(2080, 12, 31)), st.integers(1, 24))
def test_the_months_between_are_those_of_the_interval(day: date, months: int) -> None:
    due = next_due(day, months)
    assert (due.year - day.year) * 12 + due.month - day.month == months
    assert due.day == day.day or (due + timedelta(1)).month != due.month
