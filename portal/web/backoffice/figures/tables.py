"""What the tables of the figures are drawn from."""

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Cell:
    """A figure, the same a year earlier, and the address of the cases that it counts."""

    label: str
    text: str
    before: str = ""
    href: str = ""


@dataclass(frozen=True)
class Row:
    """A group with its figures."""

    name: str
    cells: Sequence[Cell]
    whole: bool = False


@dataclass(frozen=True)
class Table:
    """The figures of a theme."""

    key: str
    heading: str
    rows: Sequence[Row]
