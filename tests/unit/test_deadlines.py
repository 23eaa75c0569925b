"""The due date, by example and by property, with a second calendar library as the oracle."""

from dataclasses import dataclass, replace
from datetime import date, timedelta

import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st
from workalendar.europe import Sweden  # type: ignore[import-untyped]

from portal.cases.deadlines import (
    DELAYS_START,
    Explanation,
    Extension,
    Pause,
    days_left,
    explain,
    next_open,
    reminder_day,
    working_days_between,
)
from portal.organisation.calendar import closed

ORACLE = Sweden()
FIRST, LAST = date(2020, 1, 1), date(2040, 10, 31)

arrivals = st.dates(FIRST, LAST)
lengths = st.integers(1, 30)
own_days = st.dictionaries(arrivals, st.just("stängt"), max_size=5)


@st.composite
def near_days(draw: st.DrawFn) -> tuple[date, dict[date, str]]:
    """An arrival, and own closed days that are near enough to matter."""
    arrival = draw(arrivals)
    offsets = draw(st.sets(st.integers(-3, 45), max_size=8))
    return arrival, {arrival + timedelta(days=offset): "stängt" for offset in offsets}


def open_for_oracle(day: date, own: dict[date, str]) -> bool:
    return bool(ORACLE.is_working_day(day)) and day not in own


def due_by_oracle(arrival: date, working_days: int, own: dict[date, str]) -> date:
    day = arrival
    while working_days:
        day += timedelta(days=1)
        working_days -= open_for_oracle(day, own)
    return day


@given(near_days(), lengths)
@example((date(2026, 12, 24), {}), 10)
@example((date(2027, 6, 25), {date(2027, 6, 28): "stängt"}), 1)
def test_the_due_date_is_the_one_a_second_library_gives(case: tuple[date, dict[date, str]], n: int) -> None:
    arrival, own = case
    assert explain(arrival, n, own).due == due_by_oracle(arrival, n, own)


@given(near_days(), lengths)
def test_a_due_date_is_never_a_closed_day(case: tuple[date, dict[date, str]], n: int) -> None:
    arrival, own = case
    assert open_for_oracle(explain(arrival, n, own).due, own)


@given(near_days(), lengths)
def test_exactly_the_promised_working_days_follow_the_arrival(
    case: tuple[date, dict[date, str]], n: int
) -> None:
    arrival, own = case
    found = explain(arrival, n, own)
    assert working_days_between(arrival, found.due, own) == n == found.working_days


@given(near_days(), lengths)
def test_who_writes_later_is_never_answered_earlier(case: tuple[date, dict[date, str]], n: int) -> None:
    arrival, own = case
    assert explain(arrival, n, own).due <= explain(arrival + timedelta(days=1), n, own).due


@given(near_days(), lengths, st.integers(0, 60))
def test_one_more_closed_day_never_makes_it_earlier(
    case: tuple[date, dict[date, str]], n: int, offset: int
) -> None:
    arrival, own = case
    more = own | {arrival + timedelta(days=offset): "stängt"}
    assert explain(arrival, n, own).due <= explain(arrival, n, more).due


@given(near_days(), lengths)
def test_the_explanation_adds_up_to_its_date(case: tuple[date, dict[date, str]], n: int) -> None:
    arrival, own = case
    found = explain(arrival, n, own)
    span = [arrival + timedelta(days=offset) for offset in range(1, (found.due - arrival).days + 1)]
    assert [day.date for day in found.days] == span
    assert [day.counted for day in found.days if day.counted] == list(range(1, n + 1))
    assert [day.closed for day in found.skipped] == [why for day in span if (why := closed(day, own))]
    assert_every_day_is_one_thing(found)


def assert_every_day_is_one_thing(found: Explanation) -> None:
    for day in found.days:
        assert (day.counted is None) == (day.closed is not None)
        assert day.counted != 0


@given(arrivals, st.integers(0, 60), own_days)
def test_working_days_between_agrees_with_a_second_library(
    start: date, length: int, own: dict[date, str]
) -> None:
    days = [start + timedelta(days=offset) for offset in range(1, length + 1)]
    expected = sum(open_for_oracle(day, own) for day in days)
    assert working_days_between(start, start + timedelta(days=length), own) == expected


def test_the_receipts_explanation_names_each_skipped_holiday() -> None:
    found = explain(date(2026, 4, 30), 10)
    names = {day.date: day.closed.name for day in found.skipped if day.closed and day.closed.name}
    assert names == {date(2026, 5, 1): "Första maj", date(2026, 5, 14): "Kristi himmelsfärdsdag"}
    assert len(found.skipped) == 8


def test_an_own_closed_day_moves_the_due_date_and_is_named() -> None:
    found = explain(date(2026, 4, 30), 10, {date(2026, 5, 15): "klämdagen"})
    assert found.due == date(2026, 5, 19)
    assert [day.closed.name for day in found.skipped if day.closed and day.closed.reason == "own"] == [
        "klämdagen"
    ]


@pytest.mark.parametrize("working_days", [0, -1])
def test_a_promise_of_no_days_is_refused(working_days: int) -> None:
    with pytest.raises(ValueError, match="at least one"):
        explain(date(2026, 4, 30), working_days)


@pytest.mark.parametrize(
    ("today", "left"),
    [
        (date(2026, 4, 30), 10),
        (date(2026, 5, 13), 2),
        (date(2026, 5, 15), 1),
        (date(2026, 5, 16), 1),
        (date(2026, 5, 18), 0),
        (date(2026, 5, 19), -1),
        (date(2026, 5, 20), -2),
    ],
)
def test_days_left_count_working_days(today: date, left: int) -> None:
    assert explain(date(2026, 4, 30), 10).left(today) == left


def test_late_over_a_weekend_is_late() -> None:
    assert explain(date(2026, 5, 7), 1).left(date(2026, 5, 9)) == -1


def test_who_writes_on_a_closed_day_has_all_the_promised_days_left() -> None:
    assert explain(date(2026, 5, 2), 10).left(date(2026, 5, 2)) == 10


def test_days_left_skip_the_municipalitys_own_closed_days() -> None:
    own = {date(2026, 5, 15): "klämdagen"}
    assert explain(date(2026, 5, 8), 5, own).left(date(2026, 5, 12)) == 3


@given(near_days(), lengths)
def test_days_counted_and_days_left_are_always_the_promised_ones(
    case: tuple[date, dict[date, str]], n: int
) -> None:
    arrival, own = case
    found = explain(arrival, n, own)
    today = found.arrival
    while today <= found.due:
        assert found.counted_by(today) + found.left(today) == n
        assert days_left(found.due, today, own) == found.left(today)
        today += timedelta(days=1)


@dataclass(frozen=True)
class Told:
    """What may happen to a promise: closed days, how long we waited and when, and an extension."""

    arrival: date
    own: dict[date, str]
    pauses: list[Pause]
    extension: Extension | None


@st.composite
def told(draw: st.DrawFn) -> Told:
    """A promise to which much has happened."""
    arrival, own = draw(near_days())
    steps = draw(st.lists(st.tuples(st.integers(0, 12), st.integers(0, 15)), max_size=3))
    pauses, day = [], arrival
    for before, length in steps:
        asked = day + timedelta(days=before)
        day = asked + timedelta(days=length)
        pauses.append(Pause(asked, day))
    return Told(arrival, own, pauses, draw(st.none() | extensions(arrival, own, pauses)))


@st.composite
def extensions(draw: st.DrawFn, arrival: date, own: dict[date, str], pauses: list[Pause]) -> Extension:
    """To a later open day, and not while we wait."""
    made = arrival + timedelta(days=draw(st.integers(0, 30)))
    assume(not any(pause.requested <= made < pause.replied for pause in pauses))
    return Extension(made, next_open(made + timedelta(days=draw(st.integers(1, 60))), own))


def due_by_simulation(promise: Told, working_days: int) -> date:
    """Day by day with a second library: days left, which go down only when the municipality works on it."""
    day, left = promise.arrival, working_days
    left = later(promise, day, left)
    while left:
        day += timedelta(days=1)
        left -= goes_on(promise, day)
        left = later(promise, day, left)
    return day


def goes_on(promise: Told, day: date) -> bool:
    waiting = any(pause.requested < day <= pause.replied for pause in promise.pauses)
    return open_for_oracle(day, promise.own) and not waiting


def later(promise: Told, day: date, left: int) -> int:
    if promise.extension is None or day != promise.extension.made:
        return left
    span = [day + timedelta(days=offset) for offset in range(1, (promise.extension.until - day).days + 1)]
    return max(left, sum(open_for_oracle(each, promise.own) for each in span))


def explained(promise: Told, working_days: int) -> Explanation:
    return explain(promise.arrival, working_days, promise.own, promise.pauses, promise.extension)


@given(told(), lengths)
def test_waiting_and_extensions_give_the_date_that_a_simulation_gives(promise: Told, n: int) -> None:
    found = explained(promise, n)
    assume(promise.extension is None or promise.extension.made <= explain_without(promise, n).due)
    assert found.due == due_by_simulation(promise, n)


def explain_without(promise: Told, n: int) -> Explanation:
    return explain(promise.arrival, n, promise.own, promise.pauses)


@given(told(), lengths)
def test_whatever_happens_the_days_add_up_to_the_date(promise: Told, n: int) -> None:
    found = explained(promise, n)
    span = (found.due - found.arrival).days
    beside = sum(bool(day.closed) or day.waiting for day in found.days)
    assert span == len(found.days) == found.working_days + beside
    assert found.working_days == n + found.extended
    assert found.extended >= 0
    assert found.due >= explain_without(promise, n).due


@given(told(), lengths, st.data())
def test_an_extension_is_kept_to_the_day_when_nobody_waits_after_it(
    promise: Told, n: int, data: st.DataObject
) -> None:
    waited = [pause for pause in promise.pauses if pause.requested != pause.replied]
    last = max((pause.replied for pause in waited), default=promise.arrival)
    extension = Extension(last, next_open(last + timedelta(days=data.draw(st.integers(1, 60))), promise.own))
    found = explained(replace(promise, extension=extension), n)
    assert found.due == max(explain_without(promise, n).due, extension.until)


@given(told(), lengths, st.integers(0, 90))
def test_a_day_that_is_closed_later_moves_nothing_backwards(promise: Told, n: int, offset: int) -> None:
    day = promise.arrival + timedelta(days=offset)
    closed_too = promise.own | {day: "stängt"}
    # An extension is a day; it moves by the open days that we waited, and this is none any more.
    assume(not promise.extension or not any(pause.covers(day) for pause in promise.pauses))
    assert explained(promise, n).due <= explained(replace(promise, own=closed_too), n).due


def test_an_extended_date_is_not_later_for_a_day_of_waiting_that_was_closed_anyway() -> None:
    waited = [Pause(date(2026, 5, 6), date(2026, 5, 7))]
    extension = Extension(date(2026, 5, 6), date(2026, 5, 12))
    assert explain(date(2026, 5, 4), 3, {}, waited, extension).due == date(2026, 5, 13)
    shut = {date(2026, 5, 7): "stängt"}
    assert explain(date(2026, 5, 4), 3, shut, waited, extension).due == date(2026, 5, 12)


def test_the_day_of_the_question_counts_and_the_day_of_the_answer_does_not() -> None:
    asked, replied = date(2026, 5, 6), date(2026, 5, 8)
    found = explain(date(2026, 5, 4), 5, pauses=[Pause(asked, replied)])
    counted = {day.date.day: day.counted for day in found.days}
    assert (counted[5], counted[6], counted[7], counted[8], counted[11]) == (1, 2, None, None, 3)
    assert (found.waited, found.due) == (2, date(2026, 5, 13))


def test_waiting_after_the_date_has_passed_makes_nobody_less_late() -> None:
    late = explain(date(2026, 5, 4), 2, pauses=[Pause(date(2026, 5, 8), date(2026, 5, 20))])
    assert late.due == date(2026, 5, 6)


def due_by_the_earlier_rule(arrival: date, working_days: int, own: dict[date, str]) -> date:
    """The n-th open day after the first open day, with a second library."""
    day = arrival
    while not open_for_oracle(day, own):
        day += timedelta(days=1)
    return due_by_oracle(day, working_days, own)


def delay_of(arrival: date, own: dict[date, str]) -> list[Pause]:
    """What migration 0034 gives a case of the earlier rule."""
    start = next_open(arrival, own)
    return [] if start == arrival else [Pause(arrival, start, delays_start=True)]


@given(near_days(), lengths)
@example((date(2026, 11, 28), {}), 10)
def test_a_case_of_the_earlier_rule_keeps_its_date_and_says_where_it_is_counted_from(
    case: tuple[date, dict[date, str]], n: int
) -> None:
    arrival, own = case
    found = explain(arrival, n, own, delay_of(arrival, own))
    assert found.due == due_by_the_earlier_rule(arrival, n, own)
    uncounted = [day.date for day in found.days if day.counted is None and not day.closed]
    assert uncounted == [pause.replied for pause in delay_of(arrival, own)]
    assert (found.waited, found.working_days) == (0, n)


@given(near_days(), lengths, st.data())
def test_a_case_of_the_earlier_rule_is_extended_to_the_day_that_was_chosen(
    case: tuple[date, dict[date, str]], n: int, data: st.DataObject
) -> None:
    arrival, own = case
    start, due = next_open(arrival, own), due_by_the_earlier_rule(arrival, n, own)
    made = start + timedelta(days=data.draw(st.integers(0, (due - start).days)))
    until = next_open(due + timedelta(days=data.draw(st.integers(1, 30))), own)
    assert explain(arrival, n, own, delay_of(arrival, own), Extension(made, until)).due == until


def test_a_stored_pause_is_waiting_unless_it_is_marked() -> None:
    days = ["2026-11-28", "2026-11-30"]
    waiting = Pause(date(2026, 11, 28), date(2026, 11, 30))
    assert Pause.stored(days) == waiting
    assert Pause.stored([*days, DELAYS_START]) == replace(waiting, delays_start=True)


@given(st.dates(date(2024, 1, 1), date(2030, 1, 1)), st.integers(1, 400))
def test_a_reminder_comes_on_an_open_day_between_the_question_and_the_last_day(
    requested: date, days: int
) -> None:
    until = requested + timedelta(days=days)
    day = reminder_day(requested, until)
    if day:
        assert requested < day < until
        assert closed(day) is None
        assert day >= requested + timedelta(days=days // 2)
    else:
        # Too short a time, or closed days alone in its second half.
        half = (requested + timedelta(days=number) for number in range(max(1, days // 2), days))
        assert all(map(closed, half))
