"""The place of a case in a list, and the cases next to it, as the list is now.

A place is a keyset cursor, so it still is one when its case has left the list.
"""

from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from sqlalchemy import Integer, Select, and_, bindparam, false, func, or_, select, true

from portal.cases.models import Case
from portal.cases.queue.conditions import (
    IS_OPEN,
    Days,
    conditions,
    filter_parameters,
    parameters,
    shape,
)
from portal.cases.queue.counts import is_counted
from portal.cases.queue.filters import Filters
from portal.cases.queue.listing import BY_ARRIVAL, ORDERS, QueueRow, list_hits, nearest_rows
from portal.cases.visibility import ScopeKind, kind_of, not_barred, parametrised, scope_values, ways_in
from portal.db import session
from portal.identity.actors import Staff
from portal.pagination import Cursor, Order, Place, beyond


@dataclass(frozen=True)
class Adjacent:
    """The case next to a place; without one, where the search for it ended if it did not reach the end."""

    case: QueueRow | None
    rest: str | None = None


@dataclass(frozen=True)
class Position:
    """How many cases of a list are before and after a case, and whether the case itself is in it."""

    before: int
    after: int
    listed: bool

    @property
    def total(self) -> int:
        """The number of cases in the list."""
        return self.before + self.after + self.listed


def adjacent_case(actor: Staff, filters: Filters, at: Days, cursor: Cursor, back: bool = False) -> Adjacent:
    """The case of a list after a place, or before it if `back`; never the case whose place it is."""
    where = Place(cursor, back)
    rest = None
    if filters.words and filters.sort in BY_ARRIVAL:
        page = list_hits(actor, filters, at, where)
        rows = list(reversed(page.rows)) if back else list(page.rows)
        rest = page.before if back else page.after
    else:
        # The case itself may be the nearest, if its key has changed.
        rows = nearest_rows(actor, filters, at, where, 2)
    for row in rows:
        if row.id != cursor.row and _is_beyond(ORDERS[filters.sort], row, where):
            return Adjacent(row)
    return Adjacent(None, None if rows else rest)


def _is_beyond(order: Order, row: QueueRow, where: Place) -> bool:
    """Whether a row is past a place. Not every one is: a search that comes to the first page begins again."""
    cursor = where.cursor
    if cursor is None or row.key is None:
        return False
    here, there = (cursor.key, cursor.row), (row.key, row.id)
    return there < here if order.down != where.back else there > here


def position(actor: Staff, filters: Filters, at: Days, cursor: Cursor) -> Position | None:
    """The position of the case that the cursor is of; None in a list that is too long to count."""
    if not is_counted(filters):
        return None
    values = parameters(actor, at) | scope_values(actor) | filter_parameters(filters)
    values |= {"cursor_key": cursor.key, "cursor_row": cursor.row}
    row = session().execute(_position(kind_of(actor), shape(filters)), values).one()
    return Position(row[0], row[1], bool(row[2]))


@lru_cache(maxsize=256)
def _position(kind: ScopeKind, shape: Filters) -> Select[Any]:
    """One pass over the open cases, as the counts of the menu take it."""
    order = ORDERS[shape.sort]
    key, row = bindparam("cursor_key", type_=order.key.type), bindparam("cursor_row", type_=Integer)
    matches = and_(true(), *conditions(shape))
    # The case itself may have got another key since the cursor was written.
    other = Case.id != row
    columns: list[Any] = [
        func.count().filter(matches, other, beyond(order, key, row, not order.down)),
        func.count().filter(matches, other, beyond(order, key, row, order.down)),
        func.count().filter(matches, Case.id == row),
    ]
    to = parametrised(kind)
    query = select(*columns).select_from(Case)
    return query.where(IS_OPEN, or_(false(), *ways_in(to)), *not_barred(to.person))
