"""The figures of a unit: what each counts, and how small numbers are hidden."""

from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from portal.statistics import unit_rules
from portal.statistics.figures.sums import is_late
from portal.statistics.unit_rules import (
    Arrival,
    FirstAnswer,
    GivenAnswer,
    MissingAnswer,
    Period,
    Share,
    UnitFigures,
    UnitRecords,
    Untimed,
    hide_small,
)

MONDAY = date(2026, 1, 12)
WEEK = Period(date(2026, 1, 5), date(2026, 1, 11))


def answer(
    started: date,
    answered: date,
    due: date | None = date(2026, 1, 9),
    extended: bool = False,
    summer: bool = False,
) -> GivenAnswer:
    return GivenAnswer(started, answered, is_late(answered, due), extended, summer)


def of(
    answers: tuple[GivenAnswer, ...] = (),
    missing: tuple[MissingAnswer, ...] = (),
    arrivals: tuple[Arrival, ...] = (),
) -> UnitFigures:
    (figures,) = unit_rules.figures(UnitRecords(answers, missing, arrivals, ()), [WEEK], MONDAY, {})
    return figures


def test_the_periods_end_before_today() -> None:
    week, month, quarter = unit_rules.periods(MONDAY)
    assert week == WEEK
    assert (month, quarter) == (
        Period(date(2025, 12, 13), date(2026, 1, 11)),
        Period(date(2025, 10, 14), date(2026, 1, 11)),
    )
    # All of them move by whole weeks: no answer to the survey is known as the only one of a day.
    assert unit_rules.periods(date(2026, 1, 18)) == (week, month, quarter)


def test_in_time_counts_the_answers_and_those_that_are_missing() -> None:
    friday = date(2026, 1, 9)
    answers = (
        answer(date(2026, 1, 2), friday),
        answer(date(2026, 1, 2), date(2026, 1, 10)),
        answer(date(2026, 1, 2), friday, extended=True),
        answer(date(2026, 1, 2), friday, due=None),
        answer(date(2026, 1, 2), MONDAY),
    )
    missing = (MissingAnswer(friday), MissingAnswer(MONDAY), MissingAnswer(date(2026, 1, 4)))
    figures = of(answers, missing)
    assert figures.in_time == Share(1, 4)
    assert figures.answers == 4


def test_times_are_in_working_days_and_need_five_answers() -> None:
    # Epiphany is a Tuesday.
    rows = [answer(date(2026, 1, 5), date(2026, 1, 5 + number)) for number in range(2, 6)]
    assert of(tuple(rows)).median is Untimed.TOO_FEW
    rows.append(answer(date(2026, 1, 5), date(2026, 1, 5)))
    assert of(tuple(rows)).median == 2
    assert of(tuple(rows)).percentile_90 is Untimed.TOO_FEW
    assert of(tuple(rows * 2)).percentile_90 == 3


def test_the_answers_that_are_missing_are_the_longest() -> None:
    rows = tuple(answer(date(2026, 1, 8), date(2026, 1, 9)) for _number in range(10))
    waiting = [MissingAnswer(date(2026, 1, 9)) for _number in range(40)]
    assert (of(rows).median, of(rows).percentile_90) == (1, 1)
    assert of(rows, tuple(waiting)).median is Untimed.WAITING
    few = of(rows, tuple(waiting[:2]))
    assert (few.median, few.percentile_90) == (1, Untimed.WAITING)
    assert of((), tuple(waiting[:4])).median is Untimed.TOO_FEW


def test_the_cases_solved_at_first_contact_are_a_share_of_those_that_came_first_to_the_unit() -> None:
    day = date(2026, 1, 7)
    firsts = (FirstAnswer(day, True), FirstAnswer(day, False), FirstAnswer(MONDAY, True))
    records = UnitRecords((), (), (), firsts)
    (figures,) = unit_rules.figures(records, [WEEK], MONDAY, {})
    assert figures.first_contact == Share(1, 2)


def test_reach_counts_a_case_when_two_working_days_have_passed() -> None:
    arrivals = (
        Arrival(date(2026, 1, 5), date(2026, 1, 8)),
        Arrival(date(2026, 1, 5), date(2026, 1, 9)),
        Arrival(date(2026, 1, 7), None),
        # Its second working day is today.
        Arrival(date(2026, 1, 8), date(2026, 1, 8)),
    )
    figures = of(arrivals=arrivals)
    assert figures.reach == Share(1, 3)
    assert figures.received == 4


def test_reach_is_within_what_each_case_was_promised() -> None:
    monday, wednesday = date(2026, 1, 5), date(2026, 1, 7)
    arrivals = (
        Arrival(monday, wednesday, promised=1),
        Arrival(monday, wednesday, promised=2),
        Arrival(monday, wednesday, promised=None),
        Arrival(monday, wednesday, promised=2, in_reach=False),
    )
    records = UnitRecords((), (), arrivals, ())
    # Epiphany is a Tuesday.
    (promised,) = unit_rules.figures(records, [WEEK], MONDAY, {}, None)
    (usual,) = unit_rules.figures(records, [WEEK], MONDAY, {})
    assert (promised.reach, usual.reach) == (Share(2, 2), Share(3, 3))


def test_a_new_day_after_the_summer_that_was_kept_is_apart() -> None:
    friday = date(2026, 1, 9)
    kept, late = (
        answer(date(2026, 1, 2), day, extended=True, summer=True) for day in (friday, date(2026, 1, 10))
    )
    assert of((kept, late)).in_time == Share(0, 1)


@given(st.lists(st.integers(0, 12), min_size=1, max_size=8))
def test_each_hidden_number_could_be_any_of_1_to_4(counts: list[int]) -> None:
    column = hide_small(counts)
    for place, count in enumerate(counts):
        if not 0 < count < 5:
            assert column.counts[place] == count
            continue
        assert column.counts[place] is None
        for other in range(1, 5):
            assert hide_small([*counts[:place], other, *counts[place + 1 :]]) == column


def test_a_total_is_shown_where_no_number_is_hidden() -> None:
    assert hide_small([5, 0, 12]).total == 17
    assert hide_small([0, 0]).total == 0
    assert hide_small([10, 1, 1]).total is None
