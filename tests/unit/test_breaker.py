"""The breaker of a channel, the waits of a message, and the pause that a server asks for."""

from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.notifications.channels.pauses import retry_after
from portal.notifications.delivery import retries
from portal.notifications.delivery.breaker import (
    MAX_HOLD_SECONDS,
    MAX_SECONDS,
    OPENS_AFTER,
    Breaker,
    Suspects,
    pause,
)

NOW = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)
DRAWS = st.floats(0, 1, exclude_max=True)


def failed(times: int, draw: float = 0.5, hold: float | None = None) -> Breaker:
    """A breaker after so many failures in a row, each when the next attempt was due."""
    breaker, now = Breaker(), NOW
    for _failure in range(times):
        breaker = breaker.after_failure(now, draw, hold)
        assert breaker.probe_at
        now = breaker.probe_at
    return breaker


@given(st.integers(0, 10), DRAWS)
def test_it_opens_after_so_many_failures_in_a_row_and_a_success_closes_it(times: int, draw: float) -> None:
    breaker = failed(times, draw)
    assert breaker.is_open is (times >= OPENS_AFTER)
    assert breaker.after_success() == Breaker()


@given(st.integers(OPENS_AFTER, 3000), DRAWS)
def test_while_it_is_open_one_message_at_a_time_is_tried(times: int, draw: float) -> None:
    breaker = Breaker(times - 1, True, NOW).after_failure(NOW, draw)
    assert breaker.probe_at
    assert breaker.permitted(NOW, 20) == 0
    assert breaker.permitted(breaker.probe_at, 20) == 1
    assert breaker.probe_at - NOW <= timedelta(seconds=MAX_SECONDS * 1.2)


@given(st.integers(1, 10_000), DRAWS)
def test_its_pauses_grow_to_a_bound_and_vary_by_a_fifth(failures: int, draw: float) -> None:
    usual = min(5 * 2.0 ** min(failures - 1, 30), 300)
    assert 0.8 * usual <= pause(failures, draw) <= 1.2 * usual


@given(st.datetimes(timezones=st.just(UTC)), st.integers(0, 10), DRAWS)
def test_a_clock_that_is_put_anywhere_never_keeps_it_shut_for_longer_than_its_longest_pause(
    now: datetime, times: int, draw: float
) -> None:
    breaker = failed(times, draw)
    if breaker.permitted(now, 20) == 0:
        assert breaker.probe_at
        assert breaker.probe_at - now <= timedelta(seconds=MAX_HOLD_SECONDS)


@given(st.floats(0, 1e9), DRAWS)
def test_a_server_that_asks_for_a_pause_gets_it_at_once_but_not_any(hold: float, draw: float) -> None:
    breaker = Breaker().after_failure(NOW, draw, hold)
    assert breaker.is_open
    assert breaker.probe_at
    assert breaker.probe_at - NOW >= timedelta(seconds=min(hold, MAX_HOLD_SECONDS) - 1)
    assert breaker.probe_at - NOW <= timedelta(seconds=MAX_HOLD_SECONDS)


def test_a_message_fails_by_itself_when_another_recipients_got_through_since() -> None:
    suspects = Suspects()
    assert not suspects.is_own_failure(1, "a@exempel.se")
    assert not suspects.is_own_failure(1, "a@exempel.se")
    suspects.got_through(2, "a@exempel.se")
    assert not suspects.is_own_failure(1, "a@exempel.se")
    suspects.got_through(3, "b@exempel.se")
    assert suspects.is_own_failure(1, "a@exempel.se")
    assert not suspects.is_own_failure(4, "c@exempel.se")


def test_suspects_are_forgotten_when_they_are_many() -> None:
    suspects = Suspects()
    for message in range(Suspects.MAX + 1):
        suspects.is_own_failure(message, "a@exempel.se")
    suspects.got_through(-1, "b@exempel.se")
    assert not suspects.is_own_failure(0, "a@exempel.se")
    assert suspects.is_own_failure(Suspects.MAX, "a@exempel.se")


def test_the_wait_of_a_message_begins_at_half_a_minute_doubles_and_stops_at_an_hour() -> None:
    waits = [retries.delay(attempts, 0.5) for attempts in range(1, 10)]
    assert waits == [30, 60, 120, 240, 480, 960, 1920, 3600, 3600]


@given(st.integers(-10, 10_000), DRAWS)
def test_the_wait_of_a_message_varies_by_a_fifth_and_is_bounded(attempts: int, draw: float) -> None:
    assert 24 <= retries.delay(attempts, draw) <= 3600 * 1.2
    assert retries.delay(attempts, 0.0) <= retries.delay(attempts, draw)


@given(st.lists(DRAWS, min_size=retries.MAX_ATTEMPTS, max_size=retries.MAX_ATTEMPTS))
def test_a_message_is_tried_for_more_than_a_day_and_less_than_three(draws: list[float]) -> None:
    waits = (retries.delay(attempts, draw) for attempts, draw in enumerate(draws[1:], 1))
    assert timedelta(days=1) < timedelta(seconds=sum(waits)) < retries.MAX_AGE


@pytest.mark.parametrize(
    ("attempts", "days", "given_up"),
    [(1, 30, False), (7, 30, False), (8, 3, False), (8, 4, True), (39, 2, False), (40, 0, True)],
)
def test_an_old_message_that_waited_for_a_server_still_gets_its_attempts(
    attempts: int, days: int, given_up: bool
) -> None:
    assert retries.is_given_up(attempts, timedelta(days=days)) is given_up


@given(st.text(max_size=200) | st.integers(-10, 10**12).map(str))
def test_whatever_a_server_writes_its_pause_is_none_or_bounded(header: str) -> None:
    seconds = retry_after(header, NOW)
    assert seconds is None or 0 <= seconds <= 3600


@pytest.mark.parametrize(
    ("header", "seconds"),
    [
        (None, None),
        ("", None),
        ("120", 120),
        (" 7 ", 7),
        ("0", 0),
        ("86400", 3600),
        ("9" * 5000, 3600),
        ("snart", None),
        ("1.5", None),
        (format_datetime(NOW + timedelta(seconds=90), usegmt=True), 90),
        (format_datetime(NOW - timedelta(days=1), usegmt=True), 0),
        ("Mon, 02 Mar 2026 08:01:00", 60),
        ("Mon, 99 Mar 2026 08:01:00 GMT", None),
    ],
)
def test_a_pause_is_seconds_or_a_date(header: str | None, seconds: float | None) -> None:
    assert retry_after(header, NOW) == seconds
