"""The counts of a report are rounded: who compares two reports may estimate what is small, not know it."""

from collections import defaultdict
from collections.abc import Hashable, Sequence
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.board_reports import tables
from portal.board_reports.content import Share
from portal.board_reports.tables import Line, rounded, rounded_value, share
from portal.statistics.figures.sums import Sums
from portal.statistics.inside.rules import Group, Hidden, Part
from portal.statistics.rules import MIN_CASES


def is_small(count: int) -> bool:
    return 0 < count < MIN_CASES


@given(st.integers(0, 100_000))
def test_a_count_is_a_multiple_of_five_within_two_and_none_from_1_to_4(count: int) -> None:
    shown = rounded(count)
    if is_small(count):
        assert shown is Hidden.SMALL
    else:
        assert isinstance(shown, int)
        assert shown % 5 == 0
        assert abs(shown - count) <= 2
        assert bool(shown) is bool(count)


def test_the_total_of_a_share_follows_from_no_percentage() -> None:
    totals: dict[Hashable, set[int]] = defaultdict(set)
    for total in range(1, 223):
        for count in range(total + 1):
            totals[share(Part(count, total))].add(total)
    for shown, exact in totals.items():
        assert len(exact) > 1, (shown, exact)


@given(st.integers(5, 10_000).flatmap(lambda total: st.tuples(st.integers(0, total), st.just(total))))
def test_a_share_is_near_and_all_or_none_is_true(part: tuple[int, int]) -> None:
    count, total = part
    shown = share(Part(count, total))
    assert isinstance(shown, Share)
    exact = 100 * count / total
    step = next(step for step in tables.PERCENT_STEPS if step * shown.total >= 100)
    assert abs(shown.percent - exact) < step
    assert (shown.percent == 0, shown.percent == 100) == (count == 0, count == total)


def test_a_share_of_few_or_none_is_not_shown() -> None:
    assert share(Part(2, 4)) is Hidden.SMALL
    assert share(Part(0, 0)) is Hidden.NONE
    assert share(Part(55, 60)) == Share(90, 60)
    assert share(Part(184, 200)) == Share(92, 200)
    assert rounded_value(Hidden.NONE) is Hidden.NONE


def test_new_dates_less_those_of_summer_are_no_small_number() -> None:
    for extended, summer in ((9, 7), (12, 9), (22, 18)):
        less = (rounded(extended), rounded(summer))
        others = [
            pair
            for pair in product(range(40), repeat=2)
            if pair[0] >= pair[1] and less == tuple(map(rounded, pair))
        ]
        assert any(not is_small(one - other) for one, other in others), (extended, summer)


def groups(now: Sequence[int], before: Sequence[int]) -> list[Group]:
    pairs = zip(now, before, strict=True)
    return [Group(place, Sums(cases=count), Sums(cases=was)) for place, (count, was) in enumerate(pairs)]


def shown_of_both(year: Sequence[int], next_year: Sequence[int]) -> Hashable:
    """What the report of a year shows of it, and that of the next, whose rows are merged by another count."""
    own = tables.lines(groups(year, [0] * len(year)), compared=False)
    later = tables.lines(groups(next_year, year), compared=True)
    return (
        rounded(sum(year)),
        tuple((line.key, rounded(line.cases)) for line in own),
        tuple((line.key, rounded(line.cases_before)) for line in later),
    )


@pytest.mark.parametrize("next_year", [(9, 9, 9), (9, 9, 2), (9, 2, 2), (2, 2, 2), (0, 9, 2)])
def test_reports_of_two_years_give_away_no_count_from_1_to_4(next_year: tuple[int, ...]) -> None:
    possible = defaultdict(list)
    for year in product(range(13), repeat=3):
        possible[shown_of_both(year, next_year)].append(year)
    for exact in possible.values():
        for counts in zip(*exact, strict=True):
            # In a total as large or as small as rows of "fewer than five" can be, each is four, or one.
            assert len(set(counts)) > 1 or counts[0] not in (2, 3), exact


def test_rows_are_merged_by_the_period_alone() -> None:
    rows = tables.lines(groups((8, 3, 2, 0), (1, 9, 0, 4)), compared=True)
    assert rows == [Line(0, False, 8, 1), Line(3, False, 0, 4), Line(None, True, 5, 9)]
    assert tables.lines(groups((8, 0), (3, 9)), compared=False) == [Line(0, False, 8, 3)]


def test_growth_is_five_more_and_half_more() -> None:
    assert tables.has_grown(15, 10)
    assert not tables.has_grown(14, 10)
    assert tables.has_grown(30, 20)
    assert not tables.has_grown(29, 20)
    assert tables.has_grown(5, 0)
