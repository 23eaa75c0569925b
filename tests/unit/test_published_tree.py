"""What is published of the statistics, and what may be worked out from all of it."""

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from itertools import pairwise, product

from hypothesis import given, settings
from hypothesis import strategies as st

from portal.cases.enums import Kind
from portal.statistics.figures.sums import Fate, Sums
from portal.statistics.published import tree
from portal.statistics.published.tree import Cell, Row, Table
from portal.statistics.rules import MIN_CASES, Times, percentile

MONTHS = [date(year, month, 1) for year in (2025, 2026) for month in range(1, 13)]
BOARDS, UNITS, TOPICS = (1, 2, 3), (11, 12, 13, 14), (21, 22)
BASES = ("cases", *tree.BASES)


@dataclass(frozen=True)
class Made:
    """A case: its place, and whether each number counts it."""

    month: date
    kind: Kind
    board: int
    unit: int
    topic: int | None
    fate: Fate
    in_bases: frozenset[str]

    @property
    def cell(self) -> Cell:
        sums = Sums(dict.fromkeys(("cases", *self.in_bases), 1))
        sums[f"fate.{self.fate}"] = 1
        for base in self.in_bases:
            sums[base.replace(".cases", ".total")] = 1
        return Cell(self.month, self.kind, self.board, self.unit, self.topic, sums)


cases = st.builds(
    Made,
    st.sampled_from(MONTHS),
    st.sampled_from([Kind.QUESTION, Kind.PRAISE]),
    st.sampled_from(BOARDS),
    st.sampled_from(UNITS),
    st.sampled_from([*TOPICS, None]),
    st.sampled_from(list(Fate)),
    st.frozensets(st.sampled_from(list(tree.BASES))),
)


def test_what_is_for_those_inside_is_not_published() -> None:
    inside = {"policy.thanks.total": 9, "helped.yes": 9, "survey": 9, "solved:2": 9, "fate.open": 9}
    assert tree.shown(Sums({"cases": 9, "answer.cases": 9, **inside})) == {"cases": 9, "answer.cases": 9}


def publications(made: list[Made]) -> list[list[Row]]:
    """All that is published by the end of each month: as counting.py does it."""
    cells = [case.cell for case in made]
    first = dict.fromkeys(Kind, MONTHS[0])
    rows: list[Row] = []
    days = []
    for month in MONTHS:
        known = [cell for cell in cells if cell.month <= month]
        new = tree.spans(known, first, month)
        for row in new:
            first[row.keys[0]] = MONTHS[MONTHS.index(month) + 1] if month != MONTHS[-1] else date(2027, 1, 1)  # type: ignore[index]
        rows += new
        if month.month == 12:
            rows += tree.year_tables(tree.year_of(month.year, known, rows), BOARDS, TOPICS, UNITS)
        days.append(list(rows))
    return days


def members(row: Row, rows: Iterable[Row], made: list[Made], base: str) -> frozenset[int]:
    """The numbers of the cases that a figure is about, from what the tables say that they show."""
    if row.table is Table.KIND:
        return _of_span(row, made, base)
    year = [own for own in rows if own.table is Table.KIND and own.last.year == row.last.year]
    whole = frozenset[int]().union(*(_of_span(span, made, base) for span in year))
    name = {Table.BOARD: "board", Table.TOPIC: "topic", Table.UNIT: "unit", Table.FATE: "fate"}[row.table]
    named = {key for own in rows if own.table is row.table and own.last == row.last for key in own.keys}
    is_own = {
        number: getattr(made[number], name) in row.keys
        or (row.others and getattr(made[number], name) not in named)
        for number in whole
    }
    return frozenset(number for number in whole if is_own[number])


def _of_span(row: Row, made: list[Made], base: str) -> frozenset[int]:
    if not row.sums[base]:
        return frozenset()
    return frozenset(
        number
        for number, case in enumerate(made)
        if case.kind == row.keys[0]
        and row.first <= case.month <= row.last
        and (base == "cases" or base in case.in_bases)
    )


@settings(max_examples=60)
@given(st.lists(cases, max_size=70))
def test_no_difference_of_two_tables_or_two_days_is_of_fewer_than_five(made: list[Made]) -> None:
    days = publications(made)
    for base in BASES:
        tables: set[tuple[Table, frozenset[frozenset[int]]]] = set()
        for number, rows in enumerate(days):
            if number and rows == days[number - 1]:
                continue
            by_table = sets_of(rows, made, base)
            tables.update((table, frozenset(own)) for (table, _year), own in by_table.items())
        totals = {frozenset[int]().union(*rows) for _table, rows in tables}
        assert not [
            one for one in totals.union(*(rows for _table, rows in tables)) if 0 < len(one) < MIN_CASES
        ]
        # Only where it is known that one lies within the other: that all cases of a topic are praise, or of a
        # board, is shown nowhere.
        pairs = [*product(totals, totals)]
        for table, rows in tables:
            known = totals if table is Table.KIND else {frozenset[int]().union(*rows)}
            pairs += product(rows, known | rows)
        assert not [one for one, other in pairs if one <= other and 0 < len(other - one) < MIN_CASES]


def sets_of(rows: list[Row], made: list[Made], base: str) -> dict[tuple[Table, int], list[frozenset[int]]]:
    """The cases of every row, by table and year."""
    by_table: dict[tuple[Table, int], list[frozenset[int]]] = defaultdict(list)
    for row in rows:
        if base == "cases" or row.table in (Table.KIND, Table.BOARD):
            own = members(row, rows, made, base)
            # What is published is the number of these, or that number rounded.
            shown = row.sums[base]
            is_rounded = row.table in (Table.TOPIC, Table.UNIT, Table.FATE)
            assert shown == (len(own) + 2) // 5 * 5 if is_rounded else shown == len(own)
            by_table[row.table, row.last.year].append(own)
    return by_table


@settings(max_examples=60)
@given(st.lists(cases, max_size=70))
def test_what_is_published_never_changes_and_the_parts_add_up(made: list[Made]) -> None:
    days = publications(made)
    for before, after in pairwise(days):
        assert after[: len(before)] == before
    for year in (2025, 2026):
        rows = [row for row in days[-1] if row.last.year == year]
        totals = {
            table: sum((Counter(row.sums) for row in rows if row.table is table), Counter())
            for table in (Table.KIND, Table.BOARD)
        }
        assert totals[Table.KIND] == totals[Table.BOARD]


@given(st.lists(cases, max_size=40))
def test_the_months_of_a_kind_follow_each_other_without_a_gap(made: list[Made]) -> None:
    rows = [row for row in publications(made)[-1] if row.keys == (Kind.QUESTION,)]
    months = [month for row in rows for month in MONTHS if row.first <= month <= row.last]
    # A month without a case is merged as one with a few: what is missing shows nothing.
    assert months == MONTHS[: len(months)]


def made(count: int, month: int = 0, board: int = 1, kind: Kind = Kind.QUESTION) -> list[Made]:
    bases = frozenset(tree.BASES)
    return [Made(MONTHS[month], kind, board, 11, 21, Fate.ANSWERED, bases) for _each in range(count)]


def boards(cases: list[Made]) -> list[tuple[tuple[object, ...], int]]:
    return [
        (row.keys, row.sums["cases"])
        for row in publications(cases)[-1]
        if row.table is Table.BOARD and row.last.year == 2025
    ]


def test_small_boards_are_a_row_together_or_with_the_smallest_of_the_large() -> None:
    large = made(9) + made(7, board=2)
    assert boards(large) == [((1,), 9), ((2, 3), 7)]
    assert boards(large + made(3, board=3)) == [((1,), 9), ((2, 3), 10)]
    assert boards(made(9) + made(3, board=2) + made(2, board=3)) == [((1,), 9), ((2, 3), 5)]


def test_a_kind_waits_until_it_has_five_and_a_small_kind_is_in_no_table() -> None:
    rows = publications(made(3) + made(2, month=2) + made(4, kind=Kind.PRAISE))[-1]
    kinds = [(row.keys, row.first, row.last, row.sums["cases"]) for row in rows if row.table is Table.KIND]
    assert kinds == [((Kind.QUESTION,), MONTHS[0], MONTHS[2], 5)]
    assert boards(made(5) + made(4, kind=Kind.PRAISE)) == [((1, 2, 3), 5)]


def test_of_a_measure_with_fewer_than_five_nothing_is_published() -> None:
    sums = Sums({"cases": 5, "answer.cases": 4, "answer.total": 4, "times.cases": 5, "days:2": 5, "parts": 1})
    assert tree.shown(sums) == {"cases": 5, "times.cases": 5, "days:2": 5}


def test_half_and_nine_out_of_ten_are_the_nearest_rank_and_what_is_missing_is_longest() -> None:
    days = Times(days=Counter(range(1, 11)))
    assert (percentile(days, 1, 2), percentile(days, 9, 10)) == (5, 9)
    waiting = Times(unanswered=6, days=Counter({1: 5}))
    assert percentile(waiting, 1, 2) is None
    assert percentile(Times(days=Counter({3: 4})), 1, 2) is None
    assert percentile(Times(days=Counter({3: 5})), 9, 10) is None
