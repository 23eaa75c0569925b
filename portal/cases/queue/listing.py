"""The queue: a page of cases, as rows."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import lru_cache
from typing import Any

from sqlalchemy import ColumnElement, Integer, Select, and_, bindparam, false, not_, or_, select, union

from portal.cases import reference_numbers
from portal.cases.access import HANDLERS, Scope
from portal.cases.enums import Kind, Secrecy
from portal.cases.lifecycle import Status
from portal.cases.models import Case
from portal.cases.queries import officer_of
from portal.cases.queue.conditions import (
    IS_OPEN,
    Days,
    conditions,
    filter_parameters,
    is_bounded,
    parameters,
    shape,
)
from portal.cases.queue.filters import Filters, Sort, View
from portal.cases.search.hits import Hits, hits
from portal.cases.search.queries import matching
from portal.cases.visibility import (
    ScopeKind,
    kind_of,
    not_barred,
    parametrised,
    scope_values,
    ways_in,
)
from portal.db import session
from portal.identity.actors import Staff
from portal.identity.models import Membership, Person
from portal.identity.sessions import is_running
from portal.organisation import queries as organisation
from portal.organisation.models import Category, Unit
from portal.pagination import BEGINNING, PAGE, Order, Page, Place, beyond, page_of

UNDATED = date.max
ROW = Case.id.expression
ORDERS = {
    Sort.DUE: Order(Sort.DUE, Case.urgency.expression, ROW, moments=False),
    Sort.NEWEST: Order(Sort.NEWEST, Case.received_at.expression, ROW, moments=True, down=True),
    Sort.OLDEST: Order(Sort.OLDEST, Case.received_at.expression, ROW, moments=True),
    Sort.CHANGED: Order(Sort.CHANGED, Case.updated_at.expression, ROW, moments=True, down=True),
}
BY_ARRIVAL = frozenset({Sort.NEWEST, Sort.OLDEST})


@dataclass(frozen=True)
class QueueRow:
    """A case as the queue lists it; `officer` is the name of its officer, if their membership runs.

    `level` is by the ROSA method, and `unit` is the name of the handling unit. `key` is its place in the
    order of the list, with its id; None for a case that is read alone.
    """

    id: int
    version: int
    year: int
    number: int
    kind: Kind
    status: Status
    record_request: bool
    language: str
    internal_subject: str
    officer_id: int | None
    received_at: datetime
    updated_at: datetime
    paused_on: date | None
    supplement_due: date | None
    next_step_on: date | None
    due_answer: date | None
    due_contact: date | None
    contacted_at: datetime | None
    group_due: date | None
    extension_reason: str | None
    unsatisfied: bool
    secrecy: Secrecy | None
    level: int | None
    handling_unit_id: int
    unit: str
    category: str | None
    officer: str | None
    key: date | None = None

    @property
    def reference(self) -> str:
        """Prefix, year and number, as a person reads them."""
        return reference_numbers.reference(self.year, self.number)


# The columns of the case itself: without the names of its unit, its category and its officer, and its key.
COLUMNS = tuple(QueueRow.__dataclass_fields__)[:-4]


@dataclass(frozen=True)
class Side:
    """From which side a page is read; `undated` if the row that it begins at has no date to keep."""

    cursor: bool
    back: bool
    undated: bool = False


def views(actor: Staff) -> tuple[View, ...]:
    """The views that apply to the actor's role and unit, and to the promises of the municipality."""
    promise = organisation.profile().promise
    excluded: set[View] = set()
    if not (promise.answer_working_days or promise.contact_working_days):
        excluded.add(View.OVERDUE_THRICE)
    if not actor.unit:
        excluded.add(View.UNIT)
    if actor.role not in HANDLERS:
        excluded.add(View.MINE)
    return tuple(view for view in View if view not in excluded)


def list_cases(actor: Staff, filters: Filters, at: Days, where: Place = BEGINNING, size: int = PAGE) -> Page:
    """The page of matching cases that begins at a place."""
    order = ORDERS[filters.sort]
    if filters.words and filters.sort in BY_ARRIVAL:
        return list_hits(actor, filters, at, where)
    page = page_of(lambda place: _read(actor, filters, at, place, size + 1), order, where, size)
    return Page([_row(values) for values in page.rows], page.before, page.after)


def list_hits(actor: Staff, filters: Filters, at: Days, where: Place) -> Hits:
    """The page of cases with the words searched for, read from the index in the order of arrival."""
    order = ORDERS[filters.sort]
    values = _values(actor, filters, at)

    def read(ids: Sequence[int], down: bool) -> Sequence[Any]:
        side = Side(cursor=False, back=order.down != down)
        query = _among(kind_of(actor), shape(filters), side)
        return session().execute(query, values | {"ids": ids, "most": PAGE + 1}).all()

    listed = hits(actor, filters.words, order, where, is_bounded(filters), read)
    return replace(listed, rows=[_row(values) for values in listed.rows])


@lru_cache(maxsize=256)
def _among(kind: ScopeKind, shape: Filters, side: Side) -> Select[Any]:
    """The statement that selects the matching cases among given ids."""
    ids = matching_ids(kind, shape).where(Case.id.in_(bindparam("ids", expanding=True)))
    return _rows(_limited(ids, shape.sort, side), shape.sort, side)


def _row(values: Any) -> QueueRow:
    return QueueRow(*values[:-1])


def nearest_rows(actor: Staff, filters: Filters, at: Days, place: Place, most: int) -> list[QueueRow]:
    """The rows of matching cases that are nearest to a place, the nearest first."""
    return [_row(values) for values in _read(actor, filters, at, place, most)]


def _read(actor: Staff, filters: Filters, at: Days, place: Place, most: int) -> list[Any]:
    side = Side(place.cursor is not None, place.back, bool(place.cursor and place.cursor.key == UNDATED))
    kind = kind_of(actor)
    query = _statement(kind, shape(filters), side)
    if filters.words:
        ids = matching_ids(kind, shape(filters)).where(matching(actor, filters.words))
        query = _rows(_limited(ids, filters.sort, side), filters.sort, side)
    values = _values(actor, filters, at) | {"most": most}
    if place.cursor:
        values |= {"cursor_key": place.cursor.key, "cursor_row": place.cursor.row}
    return list(session().execute(query, values).all())


def _values(actor: Staff, filters: Filters, at: Days) -> dict[str, Any]:
    return parameters(actor, at) | filter_parameters(filters) | scope_values(actor)


@lru_cache(maxsize=512)
def _statement(kind: ScopeKind, shape: Filters, side: Side) -> Select[Any]:
    """The statement of a page, for all actors of a kind and for any values of these filters."""
    if is_bounded(shape) or shape.view is View.UNDELIVERED:
        return _rows(_limited(matching_ids(kind, shape), shape.sort, side), shape.sort, side)
    parts = []
    for query in ids_by_way(kind, shape):
        parts += _parts(query, shape.sort, side)
    both = union(*[select(part.subquery()) for part in parts]).subquery()
    return _rows(_ordered(select(both), both.c.key, both.c.id, shape.sort, side), shape.sort, side)


def matching_ids(kind: ScopeKind, shape: Filters, prefix: str = "") -> Select[Any]:
    """Ids of the cases that the actor may see and that match, with none of the words."""
    to = parametrised(kind)
    return select(Case.id).where(or_(false(), *ways_in(to)), *_rest(to, shape, prefix))


def _rest(to: Scope, shape: Filters, prefix: str) -> list[ColumnElement[bool]]:
    is_open = [IS_OPEN] if is_bounded(shape) else []
    return [*is_open, *not_barred(to.person), *conditions(shape, prefix)]


def ids_by_way(kind: ScopeKind, shape: Filters, prefix: str = "") -> list[Select[Any]]:
    """The same as a query for each way in, which has an index in the order of arrival: an OR has none.

    A case that the actor sees in two ways is in two of them.
    """
    to = parametrised(kind)
    rest = _rest(to, shape, prefix)
    return [select(Case.id).where(way, *rest) for way in ways_in(to) or [false()]]


def _parts(query: Select[Any], sort: Sort, side: Side) -> list[Select[Any]]:
    if sort is not Sort.DUE:
        return [_limited(query, sort, side)]
    # Only open cases have a date to keep, and an index of it. All others come after them, by their ids.
    return [_limited(query.where(IS_OPEN), sort, side), _limited_undated(query.where(not_(IS_OPEN)), side)]


def _limited_undated(query: Select[Any], side: Side) -> Select[Any]:
    query = query.add_columns(Case.urgency.label("key"))
    if side.cursor and side.back and not side.undated:
        query = query.where(false())
    if side.cursor and side.undated:
        row = bindparam("cursor_row", type_=Integer)
        query = query.where(Case.id < row if side.back else Case.id > row)
    return query.order_by(Case.id.desc() if side.back else Case.id).limit(bindparam("most", type_=Integer))


def _limited(query: Select[Any], sort: Sort, side: Side) -> Select[Any]:
    """The first ids of a page, with their keys."""
    order = ORDERS[sort]
    query = query.add_columns(order.key.label("key"))
    if side.cursor:
        key = bindparam("cursor_key", type_=order.key.type)
        down = order.down != side.back
        query = query.where(beyond(order, key, bindparam("cursor_row", type_=Integer), down))
    return _ordered(query, order.key, order.row, sort, side)


def _ordered(query: Select[Any], key: Any, row: Any, sort: Sort, side: Side) -> Select[Any]:
    ends = (key.desc(), row.desc()) if ORDERS[sort].down != side.back else (key.asc(), row.asc())
    return query.order_by(*ends).limit(bindparam("most", type_=Integer))


def _rows(ids: Select[Any], sort: Sort, side: Side) -> Select[Any]:
    """The columns of the rows with these ids, in their order, with the place of each."""
    page = ids.subquery()
    runs = and_(Membership.id == Case.officer_id, is_running())
    columns = [getattr(Case, name) for name in COLUMNS]
    names = Unit.name, Category.name, Person.name
    query = select(*columns, *names, page.c.key, page.c.id).join(page, page.c.id == Case.id)
    query = query.join(Unit, Unit.id == Case.handling_unit_id)
    query = query.outerjoin(Category, Category.id == Case.category_id).outerjoin(Membership, runs)
    query = query.outerjoin(Person, Person.id == Membership.person_id)
    ends = (
        (page.c.key.desc(), page.c.id.desc()) if ORDERS[sort].down != side.back else (page.c.key, page.c.id)
    )
    return query.order_by(*ends)


def row_of(case: Case) -> QueueRow:
    """The queue row of a loaded case."""
    officer = officer_of(case)
    values = {name: getattr(case, name) for name in COLUMNS}
    return QueueRow(
        **values,
        unit=case.handling_unit.name,
        category=case.category.name if case.category else None,
        officer=officer.person.name if officer else None,
    )
