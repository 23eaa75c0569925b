"""No count from 1 to 4 follows from what a report shows, also for a reader who knows the rules."""

from collections import defaultdict
from collections.abc import Hashable, Iterator, Mapping, Sequence
from itertools import product

from hypothesis import given
from hypothesis import strategies as st

from portal.board_reports import tables
from portal.board_reports.tables import Line
from portal.cases.enums import Channel, Kind
from portal.statistics.figures.sums import Fate, Sums
from portal.statistics.inside.rules import Group, Hidden, Value, shown_count, whole
from portal.statistics.rules import MIN_CASES

COUNTS = st.one_of(st.just(0), st.integers(1, 6), st.integers(0, 60))
CELL = st.tuples(st.sampled_from(Kind), st.sampled_from(Channel), st.integers(1, 6), st.sampled_from(Fate))
CELLS = st.dictionaries(CELL, st.tuples(COUNTS, COUNTS), min_size=1, max_size=12)
Cells = Mapping[tuple[Kind, Channel, int, Fate], tuple[int, int]]


def groups(cells: Cells, place: int) -> list[Group]:
    """The cells in groups by one of what they differ by."""
    now: dict[Hashable, Sums] = defaultdict(Sums)
    before: dict[Hashable, Sums] = defaultdict(Sums)
    for key, (count, earlier) in cells.items():
        for sums, number in ((now, count), (before, earlier)):
            sums[key[place]].update({"cases": number, f"fate.{key[3]}": number})
    return [Group(key, now[key], before[key]) for key in now]


def all_tables(cells: Cells) -> Iterator[list[Line]]:
    for place in range(3):
        yield tables.lines(groups(cells, place), compared=True)
    yield tables.lines(tables.fate_groups(whole(groups(cells, 0))), compared=True)


def numbers(shown: Sequence[Value]) -> list[int]:
    return [value for value in shown if isinstance(value, int)]


def is_small(count: int) -> bool:
    return 0 < count < MIN_CASES


@given(CELLS)
def test_the_parts_add_up_and_the_total_less_what_is_shown_is_never_small(cells: Cells) -> None:
    total, earlier = (sum(counts[place] for counts in cells.values()) for place in (0, 1))
    for rows in all_tables(cells):
        assert sum(row.cases for row in rows) == total
        now, before = [row.now for row in rows], [row.before for row in rows]
        assert not any(map(is_small, numbers(now) + numbers(before)))
        if not is_small(total):
            assert sum(numbers(now)) == total
        if not is_small(earlier):
            assert not is_small(earlier - sum(numbers(before)))


@given(CELLS)
def test_the_suggestions_of_a_topic_tell_of_no_few_others(cells: Cells) -> None:
    topics = groups(cells, 2)
    kinds = tables.lines(groups(cells, 0), compared=True)
    if not any(row.key is Kind.SUGGESTION for row in kinds):
        return
    of_kind = {key: counts for key, counts in cells.items() if key[0] is Kind.SUGGESTION}
    own = {group.key: group.sums["cases"] for group in groups(of_kind, 2)}
    rows = tables.lines(topics, compared=True)
    parts = tables.split(rows, own)
    shown = {(row.key, row.merged): row.cases for row in rows}
    for part in parts:
        assert not is_small(part.own)
        assert not is_small(part.cases - part.own)
        assert part.merged or shown[part.key, False] == part.cases
    if parts:
        assert sum(part.own for part in parts) == sum(own.values())


def every_output(rows: int, most: int) -> dict[Hashable, list[tuple[int, ...]]]:
    """All counts of so many rows, by what is shown of them."""
    by_output: dict[Hashable, list[tuple[int, ...]]] = defaultdict(list)
    for counts in product(range(most + 1), repeat=rows):
        shown = tables.shown_before(counts)
        total = shown_count(sum(counts), exact=False)
        by_output[total, tuple(shown)].append(counts)
    return by_output


def test_whoever_knows_the_rules_cannot_tell_which_counts_were_left_out() -> None:
    for rows, most in ((1, 20), (2, 20), (3, 14), (4, 7)):
        for (_total, shown), possible in every_output(rows, most).items():
            # Above the counts that were tried there would be more possibilities.
            if any(most in counts for counts in possible):
                continue
            for place, value in enumerate(shown):
                if isinstance(value, Hidden):
                    assert len({counts[place] for counts in possible}) > 1, (shown, possible)


def test_a_topic_has_grown_only_if_it_has_for_all_counts_that_may_have_been_left_out() -> None:
    for shown, possible in every_output(3, 12).items():
        total, before = shown
        rows = [Line(place, 20, value, False, 20) for place, value in enumerate(before)]
        for place, most in enumerate(tables.most_before(rows, total)):
            assert most is not None
            assert most >= max(counts[place] for counts in possible)


def test_growth_is_five_more_and_half_more() -> None:
    assert tables.has_grown(15, 10)
    assert not tables.has_grown(14, 10)
    assert tables.has_grown(30, 20)
    assert not tables.has_grown(29, 20)
    assert tables.has_grown(5, 0)


def test_without_a_year_before_nothing_is_said_of_it() -> None:
    rows = tables.lines([Group("a", Sums(cases=8), Sums(cases=3)), Group("b", Sums(), Sums(cases=9))], False)
    assert rows == [Line("a", 8, Hidden.NONE, False, 8)]
    assert tables.most_before(rows, Hidden.NONE) == [None]
