"""The public figures as they were published: for everybody, with no case and no person in them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import bindparam, func, select

from portal.cases.improvements.queries import HAS_PUBLIC_TEXTS
from portal.db import session
from portal.statistics.figures.sums import Sums, times
from portal.statistics.models import CountedMonth, PublishedRow
from portal.statistics.published.tree import Table
from portal.statistics.rules import percentile

MONTHS = 12


@dataclass(frozen=True)
class Share:
    """So many of a total."""

    part: int
    total: int

    @property
    def percent(self) -> int:
        """Rounded down, so that 100 means every one."""
        return 100 * self.part // self.total


@dataclass(frozen=True)
class Figures:
    """The figures of a row, times in working days; None where there are too few, or too many unanswered."""

    cases: int
    answered: int
    answer: Share | None
    closed: Share | None
    contact: Share | None
    median: int | None
    nine_of_ten: int | None


@dataclass(frozen=True)
class PublicRow:
    """A row of a public table."""

    table: Table
    keys: tuple[int | str | None, ...]
    names: tuple[str, ...]
    others: bool
    first: date
    last: date
    sums: Sums

    @property
    def figures(self) -> Figures:
        """Its figures."""
        return figures([self])


@dataclass(frozen=True)
class Extent:
    """What there is: the months from the first to the last that are counted."""

    first: date
    last: date

    @property
    def years(self) -> list[int]:
        """The years, the newest first."""
        return list(range(self.last.year, self.first.year - 1, -1))

    def latest(self) -> tuple[date, date]:
        """The first and the last of the latest twelve months."""
        number = self.last.year * 12 + self.last.month - MONTHS
        return date(number // 12, number % 12 + 1, 1), self.last


@dataclass(frozen=True)
class Edition:
    """Which publication is the latest. Rows are only added, with a month, so equal editions have equal rows.

    The time tells what was counted again, in a restored database, from what was counted before.
    """

    extent: Extent
    counted_at: datetime
    last_row: int | None


def figures(rows: Sequence[PublicRow]) -> Figures:
    """The figures of rows together."""
    whole = Sums()
    for row in rows:
        whole.update(row.sums)
    answers = times(whole)
    return Figures(
        cases=whole["cases"],
        answered=whole["cases.answered"],
        answer=_share(whole, "answer"),
        closed=_share(whole, "closed"),
        contact=_share(whole, "contact"),
        median=percentile(answers, 1, 2),
        nine_of_ten=percentile(answers, 9, 10),
    )


def _share(sums: Sums, name: str) -> Share | None:
    total = sums[f"{name}.total"]
    return Share(sums[f"{name}.in_time"], total) if total else None


# Of the tables, since the start page asks it: the way of the mapper is half of what such a statement costs.
_MONTHS, _PUBLISHED = CountedMonth.__table__.c, PublishedRow.__table__.c
_EDITION = select(
    func.min(_MONTHS.month),
    func.max(_MONTHS.month),
    func.max(_MONTHS.counted_at),
    select(func.max(_PUBLISHED.id)).scalar_subquery(),
)
_EDITION_AND_TEXTS = _EDITION.add_columns(HAS_PUBLIC_TEXTS)
_COLUMNS = (
    *(PublishedRow.of, PublishedRow.keys, PublishedRow.names, PublishedRow.others),
    *(PublishedRow.first, PublishedRow.last, PublishedRow.sums),
)
_ROWS = (
    select(*_COLUMNS)
    .where(PublishedRow.last >= bindparam("first"), PublishedRow.last <= bindparam("last"))
    .order_by(PublishedRow.last, PublishedRow.id)
)
_OF_TABLE = select(*_COLUMNS).where(PublishedRow.of == bindparam("table")).order_by(PublishedRow.last)


def edition() -> Edition | None:
    """What is published now; None if no month is counted yet."""
    return _edition(*session().execute(_EDITION).one())


def edition_and_texts() -> tuple[Edition | None, bool]:
    """The edition, and whether texts of improvements are public: the start page asks once for both."""
    *columns, has_texts = session().execute(_EDITION_AND_TEXTS).one()
    return _edition(*columns), has_texts


def _edition(first: date | None, last: date, counted_at: datetime, last_row: int | None) -> Edition | None:
    return Edition(Extent(first, last), counted_at, last_row) if first else None


def extent() -> Extent | None:
    """The months that are counted; None if there is none yet."""
    current = edition()
    return current.extent if current else None


def rows(first: date, last: date) -> list[PublicRow]:
    """The rows that were complete in one of the months from first to last."""
    return [_row(row) for row in session().execute(_ROWS, {"first": first, "last": last})]


def rows_of_boards() -> list[PublicRow]:
    """The rows of the boards, of every year."""
    return [_row(row) for row in session().execute(_OF_TABLE, {"table": Table.BOARD})]


def _row(row: Any) -> PublicRow:
    of, keys, names, others, first, last, sums = row
    return PublicRow(of, tuple(keys), tuple(names), others, first, last, Sums(sums))
