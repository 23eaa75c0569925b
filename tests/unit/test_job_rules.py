"""When jobs are due: every so many seconds, or daily by Stockholm's clock, through changes of summer time."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal import clock
from portal.jobs.rules import RETRY, Daily, Every, is_overdue, retry_at

MOMENTS = st.datetimes(datetime(2024, 1, 1), datetime(2031, 1, 1), timezones=st.just(UTC))
HOURS = st.integers(0, 23)


def stockholm(day: date, hour: int, minute: int = 0) -> datetime:
    return datetime(day.year, day.month, day.day, hour, minute, tzinfo=clock.STOCKHOLM)


@given(MOMENTS, st.integers(1, 100_000))
def test_a_job_of_seconds_is_due_at_once_and_that_long_after_each_run(now: datetime, seconds: int) -> None:
    assert Every(seconds).first(now) == now
    assert Every(seconds).after(now) - now == timedelta(seconds=seconds)


@given(MOMENTS, HOURS)
def test_a_daily_job_is_due_at_its_hour_of_today_or_of_tomorrow(now: datetime, hour: int) -> None:
    due = Daily(hour).after(now)
    read = clock.stockholm(due)
    assert due > now
    assert (read.minute, read.second) == (0, 0)
    # 02 is skipped on one night of the year.
    assert read.hour == hour or (hour, read.hour, read.month) == (2, 3, 3)
    assert (read.date() - clock.stockholm(now).date()).days in (0, 1)


@given(MOMENTS, HOURS)
def test_a_daily_job_runs_once_on_each_day(now: datetime, hour: int) -> None:
    days = []
    for _run in range(4):
        now = Daily(hour).after(now)
        days.append(clock.stockholm(now).date())
    assert days == [days[0] + timedelta(days=number) for number in range(4)]


@pytest.mark.parametrize(
    ("last_run", "hour", "due"),
    [
        # The night to summer time has no 02, the night from it two of them: the first one counts.
        (stockholm(date(2026, 3, 28), 12), 2, datetime(2026, 3, 29, 1, tzinfo=UTC)),
        (stockholm(date(2026, 10, 24), 12), 2, datetime(2026, 10, 25, 0, tzinfo=UTC)),
        # Between the two, the run of the day is over.
        (datetime(2026, 10, 25, 0, 30, tzinfo=UTC), 2, datetime(2026, 10, 26, 1, tzinfo=UTC)),
        (stockholm(date(2026, 3, 28), 7), 7, stockholm(date(2026, 3, 29), 7)),
        (stockholm(date(2026, 10, 24), 7, 1), 7, stockholm(date(2026, 10, 25), 7)),
        (stockholm(date(2026, 6, 1), 6, 59), 7, stockholm(date(2026, 6, 1), 7)),
    ],
)
def test_a_daily_job_follows_the_clock_on_the_wall(last_run: datetime, hour: int, due: datetime) -> None:
    assert Daily(hour).after(last_run) == due


def test_days_that_were_missed_are_caught_up_by_one_run() -> None:
    back = stockholm(date(2026, 6, 5), 15)
    assert Daily(3).after(stockholm(date(2026, 6, 1), 3)) < back
    assert Daily(3).after(back) == stockholm(date(2026, 6, 6), 3)


@given(MOMENTS, HOURS)
def test_a_daily_job_that_failed_is_tried_again_soon(now: datetime, hour: int) -> None:
    assert now < retry_at(Daily(hour), now) <= now + RETRY
    assert retry_at(Every(30), now) == now + timedelta(seconds=30)


@given(MOMENTS, st.timedeltas(timedelta(hours=-2), timedelta(hours=2)))
def test_a_job_is_overdue_when_it_is_late_and_no_worker_has_it(now: datetime, ago: timedelta) -> None:
    late = timedelta(minutes=15)
    assert is_overdue(now - ago, None, now, late) is (ago > late)
    assert is_overdue(now - ago, now, now, late) is (ago > late)
    assert not is_overdue(now - ago, now + timedelta(seconds=1), now, late)
