"""A section of a report as its page and its paper show it."""

from collections.abc import Sequence
from dataclasses import dataclass

from portal.board_reports.queries import ChosenCase


@dataclass(frozen=True)
class DrawnRow:
    """A row of a table: its name, and a cell for each column after the first."""

    name: str
    cells: Sequence[str]


@dataclass(frozen=True)
class DrawnTable:
    """A table with a heading of each column."""

    heading: str
    columns: Sequence[str]
    rows: Sequence[DrawnRow]


@dataclass(frozen=True)
class DrawnSection:
    """A section: its comment, lines, tables and chosen cases; `empty` is a text where it has none."""

    key: str
    heading: str
    comment: str = ""
    lines: Sequence[str] = ()
    tables: Sequence[DrawnTable] = ()
    chosen: Sequence[ChosenCase] = ()
    empty: str = ""
