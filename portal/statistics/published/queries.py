"""The public figures as they were published: for everybody, with no case and no person in them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import and_, bindparam, func, select

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


_EXTENT = select(func.min(CountedMonth.month), func.max(CountedMonth.month))
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
_LAST = select(func.max(CountedMonth.month)).scalar_subquery()
_LATEST = (
    select(CountedMonth.month, *_COLUMNS)
    .outerjoin(PublishedRow, and_(PublishedRow.last == CountedMonth.month, PublishedRow.of == Table.KIND))
    .where(CountedMonth.month == _LAST)
)


def extent() -> Extent | None:
    """The months that are counted; None if there is none yet."""
    first, last = session().execute(_EXTENT).one()
    return Extent(first, last) if first else None


def rows(first: date, last: date) -> list[PublicRow]:
    """The rows that were complete in one of the months from first to last."""
    return [_row(row) for row in session().execute(_ROWS, {"first": first, "last": last})]


def rows_of_boards() -> list[PublicRow]:
    """The rows of the boards, of every year."""
    return [_row(row) for row in session().execute(_OF_TABLE, {"table": Table.BOARD})]


def latest_month() -> tuple[date | None, list[PublicRow]]:
    """The month that was counted last, and the rows of kinds that became complete with it. One statement."""
    joined = session().execute(_LATEST).all()
    month = joined[0].month if joined else None
    return month, [_row(row[1:]) for row in joined if row.of is not None]


def _row(row: Any) -> PublicRow:
    of, keys, names, others, first, last, sums = row
    return PublicRow(of, tuple(keys), tuple(names), others, first, last, Sums(sums))
