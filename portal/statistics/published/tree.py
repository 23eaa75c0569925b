"""Which public figures are made of the months that are counted (docs/decisions/0024). Pure.

Everything that is published is a sum of parts, and each part has at least MIN_CASES cases. A part is added
once and never changed, so neither two tables nor two days differ by fewer.
"""

from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from operator import attrgetter

from portal.cases.enums import Kind
from portal.statistics.figures.sums import Fate, Sums
from portal.statistics.rules import MIN_CASES

# What has a number of cases of its own, and the keys of the sums that belong to it.
BASES = {
    "answer.cases": ("answer.",),
    "closed.cases": ("closed.",),
    "contact.cases": ("contact.",),
    "times.cases": ("times.", "days:"),
}
# Of the rest only these are published.
COUNTS = ("cases", "cases.answered")
ROUNDED_TO = 5


class Table(StrEnum):
    """A table of a publication: kinds by month, the others by year."""

    KIND = "kind"
    BOARD = "board"
    TOPIC = "topic"
    UNIT = "unit"
    FATE = "fate"


@dataclass(frozen=True)
class Cell:
    """The sums of a counted month, as far apart as the tables need them."""

    month: date
    kind: Kind
    board: int
    unit: int
    topic: int | None
    sums: Sums


@dataclass(frozen=True)
class Row:
    """A row of a table: `keys` are the kind, the boards, the topic, the unit or the fate that it is of.

    `others`: the small ones are in it, by their keys only in the table of boards. `first` and `last` are the
    first days of months; a row belongs to the year of its last month.
    """

    table: Table
    keys: tuple[Hashable, ...]
    others: bool
    first: date
    last: date
    sums: Sums


def spans(cells: Iterable[Cell], first: Mapping[Kind, date], month: date) -> list[Row]:
    """The rows of kinds that are complete with this month; `first` has the month from which each waits.

    A month with too few cases waits for the next one. So does one without: it would show that it has none.
    """
    rows = []
    for kind in Kind:
        sums = add(cell for cell in cells if cell.kind is kind and first[kind] <= cell.month <= month)
        if sums["cases"] >= MIN_CASES:
            rows.append(Row(Table.KIND, (kind,), False, first[kind], month, shown(sums)))
    return rows


def shown(sums: Sums) -> Sums:
    """What may be published of the sums of a part: nothing of which it has too few cases."""
    large = [prefixes for cases, prefixes in BASES.items() if sums[cases] >= MIN_CASES]
    prefixes = tuple(prefix for own in large for prefix in own)
    return Sums({key: count for key, count in sums.items() if key in COUNTS or key.startswith(prefixes)})


def add(cells: Iterable[Cell]) -> Sums:
    """The sums of cells."""
    whole = Sums()
    for cell in cells:
        whole.update(cell.sums)
    return whole


@dataclass(frozen=True)
class Year:
    """The cells of the kinds' rows that belong to a year, each with what its row shows alone."""

    first: date
    last: date
    cells: Sequence[Cell]


def year_of(number: int, cells: Iterable[Cell], rows: Iterable[Row]) -> Year:
    """The cells of a year. Those of a kind that waits belong to the year in which its row is complete."""
    own = [row for row in rows if row.table is Table.KIND and row.last.year == number]
    kept = []
    for cell in cells:
        for row in own:
            if row.keys == (cell.kind,) and row.first <= cell.month <= row.last:
                kept.append(_as_shown(cell, row))
    december = date(number, 12, 1)
    return Year(min((row.first for row in own), default=december), december, kept)


def _as_shown(cell: Cell, row: Row) -> Cell:
    # What the kind hides would else be the difference between two tables.
    keys = {key for key in cell.sums if _is_shown(key, row.sums) or key.startswith("fate.")}
    sums = Sums({key: cell.sums[key] for key in keys})
    return Cell(cell.month, cell.kind, cell.board, cell.unit, cell.topic, sums)


def _is_shown(key: str, of_row: Sums) -> bool:
    if key in COUNTS:
        return True
    return any(of_row[cases] and key.startswith(prefixes) for cases, prefixes in BASES.items())


def year_tables(year: Year, boards: Sequence[int], topics: Sequence[int], units: Sequence[int]) -> list[Row]:
    """The tables of a complete year; boards, topics and units that have no case are among the small ones."""
    if not year.cells:
        return []
    rows = _rows(year, Table.BOARD, boards, attrgetter("board"), rounded=False)
    rows += _rows(year, Table.TOPIC, [*topics, None], attrgetter("topic"), rounded=True)
    rows += _rows(year, Table.UNIT, units, attrgetter("unit"), rounded=True)
    fates: dict[Hashable, Sums] = {fate: Sums(cases=add(year.cells)[f"fate.{fate}"]) for fate in Fate}
    return rows + [_rounded(row) for row in _merged(year, Table.FATE, fates, ())]


def _rows(
    year: Year, table: Table, known: Iterable[Hashable], key: Callable[[Cell], Hashable], rounded: bool
) -> list[Row]:
    groups: dict[Hashable, Sums] = {name: Sums() for name in known}
    for cell in year.cells:
        part = Sums(cases=cell.sums["cases"]) if rounded else cell.sums
        groups.setdefault(key(cell), Sums()).update(part)
    whole = add(year.cells)
    rows = _merged(year, table, groups, () if rounded else [base for base in BASES if whole[base]])
    return [_rounded(row) for row in rows] if rounded else [_published(row) for row in rows]


def _merged(year: Year, table: Table, groups: Mapping[Hashable, Sums], bases: Iterable[str]) -> list[Row]:
    """The groups that are large enough, and the small ones together, or with the smallest of the large."""

    def is_large(sums: Sums) -> bool:
        return min([sums["cases"], *(sums[base] for base in bases)]) >= MIN_CASES

    rows = [
        Row(table, (key,), False, year.first, year.last, sums)
        for key, sums in sorted(groups.items(), key=lambda group: -group[1]["cases"])
        if is_large(sums)
    ]
    small = [key for key, sums in groups.items() if not is_large(sums)]
    if not small:
        return rows
    rest = Sums()
    for key in small:
        rest.update(groups[key])
    # Those without a case too: that they are left out would show that they have none.
    keys = tuple(small) if table is Table.BOARD else ()
    if rows and not is_large(rest):
        smallest = rows.pop()
        rest.update(smallest.sums)
        keys = (*smallest.keys, *keys)
    return [*rows, Row(table, keys, True, year.first, year.last, rest)]


def _published(row: Row) -> Row:
    keys = {key: count for key, count in row.sums.items() if not key.startswith("fate.")}
    return Row(row.table, row.keys, row.others, row.first, row.last, Sums(keys))


def _rounded(row: Row) -> Row:
    cases = (row.sums["cases"] + ROUNDED_TO // 2) // ROUNDED_TO * ROUNDED_TO
    return Row(row.table, row.keys, row.others, row.first, row.last, Sums(cases=cases))
