"""Pages of a list by where the last one ended (keyset): no row is missed or met twice, however long it is."""

import base64
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, literal, or_

from portal.db import session

PAGE = 25
MAX_CURSOR = 120
WRITTEN = re.compile(r"([a-z_]{1,20}) ([0-9TZ:.+-]{10,40}) ([1-9][0-9]{0,9})", re.ASCII)
MAX_ID = 2_147_483_647


class BadCursor(ValueError):
    """A place in a list that cannot be read, or is of another order."""


@dataclass(frozen=True)
class Order:
    """A total order: a key that is never null, then the id, both in the same direction."""

    name: str
    key: ColumnElement[Any]
    row: ColumnElement[int]
    moments: bool
    down: bool = False


@dataclass(frozen=True)
class Cursor:
    """A row's place in an order."""

    key: date
    row: int


@dataclass(frozen=True)
class Place:
    """Where a page begins: after a row or, going back, before it. No row is the beginning (or the end)."""

    cursor: Cursor | None = None
    back: bool = False


BEGINNING, END = Place(), Place(back=True)


@dataclass(frozen=True)
class Page:
    """A page's rows, and the cursors that lead to the page before and the page after, where there is one."""

    rows: Sequence[Any]
    before: str | None = None
    after: str | None = None


def place(order: Order, after: str | None, before: str | None) -> Place:
    """The place that an address names. Raises BadCursor."""
    if after:
        return Place(_parsed(order, after))
    return Place(_parsed(order, before), back=True) if before else BEGINNING


def _parsed(order: Order, text: str) -> Cursor:
    try:
        plain = base64.b64decode(text[:MAX_CURSOR].encode("ascii"), altchars=b"-_", validate=True).decode(
            "ascii"
        )
        name, key, row = _groups(plain)
        cursor = Cursor(_key(order, key), int(row))
    except (OverflowError, ValueError) as error:
        raise BadCursor(text) from error
    if name != order.name or cursor.row > MAX_ID:
        raise BadCursor(text)
    return cursor


def _groups(plain: str) -> tuple[str, ...]:
    match = WRITTEN.fullmatch(plain)
    return match.groups() if match else ()


def _key(order: Order, text: str) -> date:
    if not order.moments:
        return date.fromisoformat(text)
    moment = datetime.fromisoformat(text)
    if moment.tzinfo is None:
        raise ValueError(text)
    return moment.astimezone(UTC)


def written(order: Order, key: date, row: int) -> str:
    """The cursor of a row's place."""
    plain = f"{order.name} {key.isoformat()} {row}".encode("ascii")
    return base64.urlsafe_b64encode(plain).decode("ascii")


def page(query: Select[Any], order: Order, where: Place, size: int = PAGE) -> Page:
    """The page of a query at a place. One that ran empty is the last one; the first is always full."""
    nearby = page_of(lambda at: rows(query, order, at, size), order, where, size)
    return replace(nearby, rows=[row[0] for row in nearby.rows])


def page_of(read: Callable[[Place], list[Any]], order: Order, where: Place, size: int = PAGE) -> Page:
    """As page(), with every column of what rows() reads: for a query that depends on the place."""
    nearby = read(where)
    if where.cursor and len(nearby) < (size if where.back else 1):
        where = BEGINNING if where.back else END
        nearby = read(where)
    more, kept = len(nearby) > size, nearby[:size]
    if where.back:
        kept.reverse()
    begins, ends = (more, where.cursor) if where.back else (where.cursor, more)
    first, last = (kept[0], kept[-1]) if kept else (None, None)
    return Page(
        kept,
        written(order, *first[-2:]) if first and begins else None,
        written(order, *last[-2:]) if last and ends else None,
    )


def rows(query: Select[Any], order: Order, where: Place, size: int) -> list[Any]:
    """One more than a page, nearest to the place first; the last two columns are the place of the row."""
    nearest_first = nearest(query.add_columns(order.key, order.row), order, where, size)
    return list(session().execute(nearest_first).unique().all())


def nearest(query: Select[Any], order: Order, where: Place, size: int) -> Select[Any]:
    """The query limited to one more than a page, nearest to the place first."""
    down = order.down != where.back
    if where.cursor:
        key = literal(where.cursor.key, order.key.type)
        query = query.where(beyond(order, key, literal(where.cursor.row), down))
    ends = (order.key.desc(), order.row.desc()) if down else (order.key.asc(), order.row.asc())
    return query.order_by(*ends).limit(size + 1)


def beyond(order: Order, key: ColumnElement[Any], row: ColumnElement[int], down: bool) -> ColumnElement[bool]:
    """Past the row. Spelled out, so that both databases use an index of the key."""
    if down:
        return and_(order.key <= key, or_(order.key < key, order.row < row))
    return and_(order.key >= key, or_(order.key > key, order.row > row))
