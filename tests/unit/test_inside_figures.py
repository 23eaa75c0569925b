"""The rules of the figures inside: which months are asked for, and that nothing small is shown."""

from datetime import date
from itertools import pairwise, product

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from portal.statistics.figures.dimensions import Dimension
from portal.statistics.figures.sums import Fate, Sums
from portal.statistics.inside import cells
from portal.statistics.inside.rules import (
    Group,
    Hidden,
    Measure,
    MonthProblem,
    Months,
    Part,
    ending_with,
    merge_small,
    paired,
    read_months,
    value,
    whole,
)
from portal.statistics.rules import MIN_CASES

USUAL = ending_with(date(2026, 4, 1))
MAY, APRIL = date(2026, 5, 1), date(2026, 4, 1)


def test_twelve_months_are_usual_and_one_of_them_may_be_changed() -> None:
    assert Months(date(2025, 5, 1), APRIL) == USUAL
    assert read_months("", "", USUAL) == USUAL
    assert read_months("2026-03", "", USUAL) == Months(date(2026, 3, 1), APRIL)
    assert read_months("", "2024-02", USUAL) == Months(date(2024, 2, 1), date(2024, 2, 1))


@pytest.mark.parametrize(
    ("first", "last", "problems"),
    [
        ("maj", "2026-04", {"first": MonthProblem.UNREADABLE}),
        ("2026-13", "2026-05-01", {"first": MonthProblem.UNREADABLE, "last": MonthProblem.UNREADABLE}),
        ("0001-01", "2026-04", {"first": MonthProblem.UNREADABLE}),
        ("9999-12", "9999-12", {"first": MonthProblem.UNREADABLE, "last": MonthProblem.UNREADABLE}),
        ("2026-05", "2026-04", {"last": MonthProblem.REVERSED}),
        ("2016-05", "2026-04", {"first": MonthProblem.TOO_LONG}),
    ],
)
def test_what_is_no_period_is_named_at_its_field(
    first: str, last: str, problems: dict[str, MonthProblem]
) -> None:
    assert read_months(first, last, USUAL) == problems


@given(st.text(max_size=12), st.text(max_size=12))
def test_no_text_is_an_error(first: str, last: str) -> None:
    read = read_months(first, last, USUAL)
    assert isinstance(read, Months) or set(read) <= {"first", "last"}


groups = st.lists(st.integers(0, 12), max_size=8).map(
    lambda counts: [Group(number, Sums(cases=count), Sums()) for number, count in enumerate(counts)]
)


@given(groups)
def test_no_group_and_no_difference_from_the_total_is_of_fewer_than_five(every: list[Group]) -> None:
    shown = merge_small(every)
    assert whole(shown).sums["cases"] == whole(every).sums["cases"]
    counts = [group.sums["cases"] for group in shown]
    # All that there is may be fewer than five: then there is one group, and its number is not shown.
    if whole(every).sums["cases"] >= MIN_CASES:
        assert not [count for count in counts if 0 < count < MIN_CASES]
    elif whole(every).sums["cases"]:
        assert [count for count in counts if count] == [whole(every).sums["cases"]]
        assert value(Measure.RECEIVED, whole(shown).sums, exact=False) is Hidden.SMALL


def test_a_total_that_tells_of_a_small_count_is_hidden() -> None:
    one = {"cases": 20, "fate.answered": 17, "fate.withdrawn": 3, "promises.unsatisfied": 2}
    first = Group(1, Sums(one | {"answer.total": 3}), Sums(cases=3))
    other = {"cases": 30, "fate.outside": 20, "fate.withdrawn": 10, "promises.unsatisfied": 7}
    second = Group(2, Sums(other | {"answer.total": 30, "answer.in_time": 30}), Sums(cases=40))
    everything = whole([first, second])
    assert cells.fates(everything, exact=False)[Fate.WITHDRAWN] is Hidden.TELLING
    assert cells.fates(everything, exact=False)[Fate.OUTSIDE] == 20
    assert cells.fates(everything, exact=True)[Fate.WITHDRAWN] == 13
    for measure in (Measure.UNSATISFIED, Measure.ANSWERED_IN_TIME):
        assert cells.figure(measure, everything, exact=False) is Hidden.TELLING
        assert cells.figure(measure, everything, exact=True) == value(measure, everything.sums, exact=True)
    assert cells.figure(Measure.RECEIVED, cells.year_before(everything), exact=False) is Hidden.TELLING
    assert cells.figure(Measure.RECEIVED, everything, exact=False) == 50


@given(st.lists(st.integers(0, 12), min_size=1, max_size=5))
def test_no_hidden_count_of_a_column_follows_from_its_total(counts: list[int]) -> None:
    hidden = [count for count in counts if 0 < count < MIN_CASES]
    ways = [way for way in product(range(1, MIN_CASES), repeat=len(hidden)) if sum(way) == sum(hidden)]
    is_known = bool(hidden) and any(len(set(own)) == 1 for own in zip(*ways, strict=True))
    if is_known:
        assert cells.tells(counts)
    if not hidden:
        assert not cells.tells(counts)


def test_a_single_small_fate_is_hidden_with_the_smallest_other() -> None:
    shown = cells.hide_in_sum(dict(zip(Fate, (30, 2, 9, 0, 12, 0, 0), strict=True)))
    hidden = {fate for fate, count in shown.items() if count is Hidden.TELLING}
    assert hidden == {Fate.TRANSFERRED, Fate.OUTSIDE}
    alone = cells.hide_in_sum(dict(zip(Fate, (0, 2, 0, 0, 0, 0, 0), strict=True)))
    assert set(alone.values()) == {Hidden.TELLING}
    equal = cells.hide_in_sum(dict(zip(Fate, (5, 2, 5, 0, 9, 0, 0), strict=True)))
    assert list(equal.values()).count(Hidden.TELLING) == 3
    two = cells.hide_in_sum(dict(zip(Fate, (30, 2, 4, 0, 12, 0, 0), strict=True)))
    assert list(two.values()).count(Hidden.SMALL) == 2


ROWS = st.lists(st.sampled_from([0, 0, 1, 2, 4, 5, 5, 6, 8]), min_size=4, max_size=4)


@settings(max_examples=60)
@given(ROWS)
def test_no_hidden_fate_follows_from_the_other_fates_of_its_row(counts: list[int]) -> None:
    # Where every fate is small there is no other to hide.
    assume(any(not 0 < count < MIN_CASES for count in counts))
    own = dict(zip(Fate, counts, strict=False))
    shown = cells.hide_in_sum(own)
    places = [fate for fate, count in shown.items() if isinstance(count, Hidden)]
    together = sum(own[fate] for fate in places)
    ways = [
        way
        for way in product(range(together + 1), repeat=max(len(places) - 1, 0))
        if sum(way) <= together
        and cells.hide_in_sum(own | dict(zip(places, (*way, together - sum(way)), strict=False))) == shown
    ]
    for place, fate in enumerate(places):
        possible = {(*way, together - sum(way))[place] for way in ways}
        assert len(possible) > 1, (fate, counts)


TABLES = st.lists(st.lists(st.integers(0, 9), min_size=7, max_size=7), min_size=1, max_size=6)


@given(TABLES)
def test_a_total_of_fates_is_shown_where_each_part_of_it_is(rows: list[list[int]]) -> None:
    groups = []
    for number, counts in enumerate(rows):
        sums = {f"fate.{fate}": count for fate, count in zip(Fate, counts, strict=True)}
        groups.append(Group(number, Sums(sums | {"cases": sum(counts)}), Sums()))
    total = cells.fates(whole(groups), exact=False)
    for fate in Fate:
        own = [cells.fates(group, exact=False)[fate] for group in groups]
        if any(isinstance(count, Hidden) for count in own):
            assert total[fate] is Hidden.TELLING
        else:
            assert total[fate] == sum(own)
    # One that is hidden alone would be the total of the row less the others.
    for row in [total, *(cells.fates(group, exact=False) for group in groups)]:
        assert list(row.values()).count(Hidden.TELLING) != 1


@pytest.mark.parametrize("measure", list(Measure))
def test_a_small_figure_is_shown_only_where_it_is_exact(measure: Measure) -> None:
    small = Sums(dict.fromkeys(("cases", "promises.extended", "promises.reopened", "days:2", "solved:2"), 3))
    small.update(dict.fromkeys(("promises.unsatisfied", "promises.extended_for_summer"), 3))
    for name in ("answer", "closed", "contact"):
        small.update({f"{name}.total": 3, f"{name}.in_time": 2})
    for name in ("thanks", "regret", "named", "plain"):
        small.update({f"policy.{name}.total": 3, f"policy.{name}.followed": 2})
    small.update({"reach.total": 3, "reach.reached": 2, "first.total": 3, "first.solved": 2})
    assert isinstance(value(measure, small, exact=False), Hidden)
    exact = value(measure, small, exact=True)
    assert exact in (3, Part(2, 3), Hidden.NONE)


def test_a_month_has_the_same_month_of_the_year_before_beside_it_in_the_order_of_time() -> None:
    now = {MAY: Sums(cases=2), APRIL: Sums(cases=9)}
    before = {date(2025, 5, 1): Sums(cases=1)}
    april, may = paired(now, before, Dimension.MONTH)
    assert (april.key, may.key, may.before["cases"], april.before["cases"]) == (APRIL, MAY, 1, 0)


def test_a_month_that_had_cases_the_year_before_alone_has_a_row() -> None:
    now = {APRIL: Sums(cases=9)}
    before = {date(2025, 5, 1): Sums(cases=3), date(2025, 4, 1): Sums(cases=1)}
    april, may = paired(now, before, Dimension.MONTH)
    assert (april.key, may.key) == (APRIL, MAY)
    assert (may.sums["cases"], may.before["cases"]) == (0, 3)
    assert whole([april, may]).before["cases"] == 4


def test_a_period_is_cut_at_the_last_month_that_is_known() -> None:
    spring = Months(date(2026, 3, 1), MAY)
    assert spring.until(date(2026, 8, 1)) == spring.until(MAY) == spring
    assert spring.until(APRIL) == Months(date(2026, 3, 1), APRIL)
    assert spring.until(date(2026, 2, 1)) is None


def test_groups_of_the_organisation_are_the_largest_first_with_those_that_are_gone() -> None:
    found = paired({1: Sums(cases=2), 2: Sums(cases=9)}, {3: Sums(cases=4)}, Dimension.UNIT)
    assert [group.key for group in found] == [2, 1, 3]
    assert all(one.sums["cases"] >= other.sums["cases"] for one, other in pairwise(found))
