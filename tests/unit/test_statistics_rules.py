"""What may be told in figures, by example and by property; and what whoever knows the rules can work out."""

import json
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import replace
from datetime import date, timedelta
from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from portal.cases.enums import Kind
from portal.statistics.rules import (
    MIN_CASES,
    Figures,
    PromiseShare,
    Statistics,
    months,
    summarise,
)
from portal.statistics.tallies import PromiseRecord, Tallies
from tests import statistics_oracle

TODAY = date(2026, 5, 20)
MONDAY = date(2026, 3, 2)
FIRST = date(2026, 2, 1)
APRIL = date(2026, 4, 20)
DAY = timedelta(days=1)


def round_(**given: object) -> PromiseRecord:
    """A question of a Monday in March, answered the day after, promised within ten working days."""
    usual: dict[str, object] = {
        "kind": Kind.QUESTION,
        "started": MONDAY,
        "due": MONDAY + 14 * DAY,
        "answered": MONDAY + DAY,
    }
    return PromiseRecord(**usual | given)  # type: ignore[arg-type]


def figures(*rounds: PromiseRecord) -> Figures:
    found = summarise(rounds, TODAY, {}).figures
    assert found
    return found


def answered_after(*days: int | None) -> list[PromiseRecord]:
    return [round_(answered=None if each is None else MONDAY + each * DAY) for each in days]


def kept(*rounds: PromiseRecord) -> PromiseShare | None:
    return figures(*rounds).answer


def test_a_month_and_a_kind_have_what_came_in_what_was_answered_and_what_was_kept() -> None:
    told = summarise([*answered_after(1, 1, 2, 3, None), round_(answered=MONDAY + 15 * DAY)], TODAY, {})
    question = told.kinds[0]
    assert question.kind is Kind.QUESTION
    assert question.figures == Figures(6, 5, 2, None, PromiseShare(4, 6, waiting=1), None) == told.figures
    assert [(span.first, span.last) for span in question.spans] == [(MONDAY.replace(day=1), date(2026, 5, 1))]


def test_a_promise_is_counted_when_its_day_has_passed_and_not_before() -> None:
    old = answered_after(1, 1, 1, 1, 1)
    assert kept(*old, round_(due=TODAY)) == PromiseShare(5, 5)
    assert kept(*old, round_(due=TODAY - DAY)) == PromiseShare(6, 6)
    assert kept(*old, round_(due=TODAY, answered=None)) == PromiseShare(5, 5)
    assert kept(*old, round_(due=TODAY - DAY, answered=None)) == PromiseShare(5, 6, waiting=1)


def test_an_answer_on_the_last_day_is_in_time_and_the_day_after_is_not() -> None:
    assert kept(*answered_after(14, 14, 14, 14, 15)) == PromiseShare(4, 5)


def test_a_moved_date_is_counted_apart_and_never_as_kept() -> None:
    assert kept(*answered_after(1, 1, 1, 1), round_(extended=True)) == PromiseShare(4, 5, extended=1)


def test_a_case_that_waits_for_its_sender_is_not_late() -> None:
    waiting = round_(answered=None, paused=True)
    assert kept(*answered_after(1, 1, 1, 1, 1), waiting) == PromiseShare(5, 5)


def test_without_a_promise_there_are_times_but_nothing_kept() -> None:
    found = figures(*[replace(each, due=None) for each in answered_after(1, 2, 3, 4, 7, None)])
    assert (found.answer, found.contact, found.median) == (None, None, 3)


def test_the_first_contact_has_a_figure_of_its_own() -> None:
    contacts = {"contact_due": MONDAY + 2 * DAY, "contacted": MONDAY + 2 * DAY}
    late = [round_(**contacts | {"contacted": contacted}) for contacted in (MONDAY + 3 * DAY, None)]
    assert figures(*[round_(**contacts)] * 4, *late).contact == PromiseShare(4, 6)
    assert figures(*answered_after(1, 1, 1, 1, 1)).contact is None
    assert figures(*[round_(**contacts | {"contact_due": TODAY})] * 5).contact is None


def test_days_are_working_days_after_the_arrival() -> None:
    saturday = [round_(started=MONDAY - 2 * DAY, answered=MONDAY + each * DAY) for each in (-1, 0, 1, 4, 7)]
    assert figures(*saturday).median == 2
    assert figures(*saturday[2:], *saturday[2:]).median == 5
    assert figures(*[round_(started=date(2026, 4, 30), answered=date(2026, 5, 4), due=None)] * 5).median == 1
    closed = {MONDAY + DAY: "stängt"}
    assert summarise(answered_after(2, 2, 2, 2, 2), TODAY, closed).kinds[0].figures == Figures(
        5, 5, 1, None, PromiseShare(5, 5), None
    )


def test_nine_in_ten_needs_ten() -> None:
    assert figures(*answered_after(*[1] * 9)).percentile_90 is None
    assert figures(*answered_after(*[1] * 8, 3, 4)).percentile_90 == 3
    assert figures(*answered_after(*[1] * 9, None)).percentile_90 == 1
    assert figures(*answered_after(*[1] * 8, None, None)).percentile_90 is None


@settings(deadline=None)  # the first count reads the holidays of a year
@given(st.lists(st.integers(0, 4), min_size=10, max_size=60))
def test_the_told_time_is_the_shortest_that_is_enough_for_so_many(days: list[int]) -> None:
    found = figures(*answered_after(*days))
    for told, part in ((found.median, 0.5), (found.percentile_90, 0.9)):
        assert told is not None
        assert sum(day <= told for day in days) >= part * len(days) - 1e-9
        assert sum(day < told for day in days) < part * len(days) - 1e-9


def test_fewer_than_five_of_a_kind_are_not_told_and_not_in_the_sum() -> None:
    few = [replace(each, kind=Kind.PRAISE) for each in answered_after(1, 2, 3, 4)]
    told = summarise([*answered_after(1, 1, 1, 1, 1), *few], TODAY, {})
    assert told.figures == summarise(answered_after(1, 1, 1, 1, 1), TODAY, {}).figures
    assert {each.kind for each in told.kinds if each.figures} == {Kind.QUESTION}
    assert summarise(few, TODAY, {}) == summarise([], TODAY, {})


def by_month(counts: Iterable[int], kind: Kind = Kind.QUESTION) -> list[PromiseRecord]:
    """So many of each month."""
    starts = months(FIRST, TODAY)
    return [
        round_(kind=kind, started=month + 8 * DAY, due=month + 12 * DAY, answered=month + 9 * DAY)
        for month, count in zip(starts, counts, strict=False)
        for _place in range(count)
    ]


def spans(told: Statistics) -> list[tuple[int, int, int]]:
    return [(each.first.month, each.last.month, each.figures.received) for each in told.kinds[0].spans]


@pytest.mark.parametrize(
    ("counts", "expected"),
    [
        ((5, 6, 7, 8), [(2, 2, 5), (3, 3, 6), (4, 4, 7), (5, 5, 8)]),
        ((5, 2, 7, 8), [(2, 2, 5), (3, 4, 9), (5, 5, 8)]),
        ((5, 2, 2, 8), [(2, 2, 5), (3, 5, 12)]),
        ((5, 6, 7, 4), [(2, 2, 5), (3, 3, 6), (4, 5, 11)]),
        ((5, 0, 7, 0), [(2, 2, 5), (3, 5, 7)]),
        ((2, 1, 1, 1), [(2, 5, 5)]),
        ((2, 1, 1, 0), []),
    ],
)
def test_a_month_with_fewer_than_five_is_told_together_with_the_next(
    counts: tuple[int, ...], expected: list[tuple[int, int, int]]
) -> None:
    assert spans(summarise(by_month(counts), TODAY, {})) == expected


def test_whoever_knows_the_rules_cannot_work_out_a_month_that_is_not_told_alone() -> None:
    """Every possible three months, sorted by what is published of them."""
    most, alike, checked = 11, defaultdict(list), 0
    # Another kind began in the first month, so that the months told are always the same.
    other = by_month([MIN_CASES], Kind.FAULT_REPORT)
    for counts in product(range(most + 1), repeat=3):
        alike[tuple(spans(summarise([*other, *by_month(counts)], APRIL, {})))].append(counts)
    for told, possible in alike.items():
        for first, last, received in told:
            # With more than that in a row the list of all that is possible would be cut off.
            for place in range(first - 2, last - 1) if first < last and received <= most else ():
                assert len({counts[place] for counts in possible}) >= 4, (told, place)
                checked += 1
    assert checked > 100


some_rounds = st.lists(
    st.builds(
        round_,
        kind=st.sampled_from([Kind.QUESTION, Kind.PRAISE, Kind.FAULT_REPORT]),
        started=st.dates(FIRST, TODAY),
        due=st.none() | st.dates(FIRST, TODAY + 14 * DAY),
        answered=st.none() | st.dates(FIRST, TODAY),
        contact_due=st.none() | st.dates(FIRST, TODAY + 2 * DAY),
        contacted=st.none() | st.dates(FIRST, TODAY),
        extended=st.booleans(),
        paused=st.booleans(),
    ),
    max_size=60,
)


def every(told: Statistics) -> list[Figures]:
    of_kinds = [
        figures for kind in told.kinds for figures in (kind.figures, *(span.figures for span in kind.spans))
    ]
    return [each for each in [told.figures, *of_kinds] if each]


@settings(deadline=None)
@given(some_rounds)
def test_nothing_is_told_of_fewer_than_five(rounds: list[PromiseRecord]) -> None:
    for each in every(summarise(rounds, TODAY, {})):
        bases = [each.received, *(part.total for part in (each.answer, each.contact) if part)]
        assert min(bases) >= MIN_CASES
        assert each.median is None or each.received >= MIN_CASES
        assert each.percentile_90 is None or each.received >= 10


@settings(deadline=None)
@given(some_rounds)
def test_a_sum_is_the_sum_of_what_is_told(rounds: list[PromiseRecord]) -> None:
    told = summarise(rounds, TODAY, {})
    parts = [(kind.figures, [span.figures for span in kind.spans]) for kind in told.kinds]
    for whole, each in [*parts, (told.figures, [kind.figures for kind in told.kinds if kind.figures])]:
        assert (whole.received if whole else 0) == sum(one.received for one in each)
        for name in ("answer", "contact"):
            assert (getattr(whole, name, None) or PromiseShare(0, 0)) == added(
                getattr(one, name) for one in each
            )


def added(parts: Iterable[PromiseShare | None]) -> PromiseShare:
    told = [part for part in parts if part]
    return PromiseShare(
        *(sum(getattr(one, name) for one in told) for name in ("in_time", "total", "extended", "waiting"))
    )


@settings(deadline=None)
@given(some_rounds, some_rounds)
def test_what_is_hidden_changes_nothing_that_is_told(
    rounds: list[PromiseRecord], others: list[PromiseRecord]
) -> None:
    shown = [each for each in rounds if each.kind is not Kind.PRAISE]
    few = [replace(each, kind=Kind.PRAISE) for each in others][: MIN_CASES - 1]
    assert summarise([*shown, *few], TODAY, {}) == summarise(shown, TODAY, {})


def test_months_run_over_the_turn_of_the_year() -> None:
    assert months(date(2025, 11, 30), date(2026, 2, 1)) == [
        date(2025, 11, 1),
        date(2025, 12, 1),
        date(2026, 1, 1),
        date(2026, 2, 1),
    ]
    assert months(TODAY, TODAY) == [date(2026, 5, 1)]


DATES = st.dates(FIRST, TODAY)
RECORDS = st.builds(
    PromiseRecord,
    kind=st.sampled_from([Kind.QUESTION, Kind.COMPLAINT]),
    started=DATES,
    due=st.none() | st.dates(MONDAY, TODAY + 20 * DAY),
    answered=st.none() | DATES,
    contact_due=st.none() | st.dates(MONDAY, TODAY + 20 * DAY),
    contacted=st.none() | DATES,
    extended=st.booleans(),
    paused=st.booleans(),
    reopened=st.booleans(),
)
MANY = st.lists(RECORDS, max_size=60)


@given(MANY)
def test_the_figures_are_those_of_the_promises_themselves(records: list[PromiseRecord]) -> None:
    own = {APRIL: "stängt"}
    assert summarise(records, TODAY, own) == statistics_oracle.summarise(records, TODAY, own)


@given(MANY, MANY, st.integers(0, 40))
def test_counts_that_were_kept_are_those_that_are_counted_later(
    kept: list[PromiseRecord], gone: list[PromiseRecord], days: int
) -> None:
    tallies = Tallies(TODAY - days * DAY, {})
    tallies.count(gone)
    tallies.count(kept)
    stored = json.loads(json.dumps(tallies.dump()))
    tallies = Tallies.load(stored, {})
    tallies.count(gone, -1)
    stored = json.loads(json.dumps(tallies.dump()))
    anew = Tallies(TODAY, {})
    anew.count(kept)
    assert Tallies.load(stored, {}).as_of(TODAY) == anew.as_of(TODAY)
