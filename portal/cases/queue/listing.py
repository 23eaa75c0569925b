"""The queue: a page of cases, and the number of cases in each view."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from sqlalchemy import ScalarSelect, Select, func, literal, select
from sqlalchemy.orm import joinedload

from portal.cases.access import HANDLERS
from portal.cases.models import Case, Party
from portal.cases.queue.conditions import Days, conditions, urgency
from portal.cases.queue.filters import Filters, Sort, View
from portal.cases.search.hits import Hits, hits
from portal.db import session
from portal.identity.actors import Staff
from portal.identity.models import Membership, Person
from portal.organisation import queries as organisation
from portal.pagination import BEGINNING, PAGE, Order, Page, Place, nearest, page

# Counting stops here, which keeps the menu of views fast; above it the page says "more than".
MAX_COUNT = 1000
DATED = frozenset({View.DUE_SOON, View.OVERDUE, View.OVERDUE_THRICE})
ROW = Case.id.expression
ORDERS = {
    Sort.DUE: Order(Sort.DUE, urgency, ROW, moments=False),
    Sort.NEWEST: Order(Sort.NEWEST, Case.received_at.expression, ROW, moments=True, down=True),
    Sort.OLDEST: Order(Sort.OLDEST, Case.received_at.expression, ROW, moments=True),
    Sort.CHANGED: Order(Sort.CHANGED, Case.updated_at.expression, ROW, moments=True, down=True),
}
BY_ARRIVAL = frozenset({Sort.NEWEST, Sort.OLDEST})


def views(actor: Staff) -> tuple[View, ...]:
    """The views that apply to the actor's role and unit, and to the promises of the municipality."""
    promise = organisation.profile().promise
    excluded: set[View] = set()
    if not (promise.answer_working_days or promise.contact_working_days):
        excluded |= DATED
    if not actor.unit:
        excluded.add(View.UNIT)
    if actor.role not in HANDLERS:
        excluded.add(View.MINE)
    return tuple(view for view in View if view not in excluded)


def list_cases(actor: Staff, filters: Filters, at: Days, where: Place = BEGINNING) -> Page:
    """The page of matching cases that begins at a place."""
    if filters.words and filters.sort in BY_ARRIVAL:
        return _list_hits(actor, filters, at, where)
    return page(_query(actor, filters, at), ORDERS[filters.sort], where)


def _list_hits(actor: Staff, filters: Filters, at: Days, where: Place) -> Hits:
    """The page of cases with the words searched for, read from the index in the order of arrival."""
    order = ORDERS[filters.sort]
    others = _query(actor, replace(filters, words=""), at)
    others = others.options(joinedload(Case.party).joinedload(Party.person))
    others = others.add_columns(order.key, order.row)

    def read(ids: Sequence[int]) -> Sequence[Any]:
        return session().execute(nearest(others.where(Case.id.in_(ids)), order, where, PAGE)).unique().all()

    is_open = filters.view not in {View.NEWEST, View.UNDELIVERED}
    listed = hits(actor, filters.words, order, where, is_open, read)
    return replace(listed, rows=[row[0] for row in listed.rows])


def _query(actor: Staff, filters: Filters, at: Days) -> Select[Any]:
    query: Select[Any] = select(Case).where(conditions(actor, filters, at))
    officer = joinedload(Case.officer).joinedload(Membership.person).load_only(Person.name)
    query = query.options(joinedload(Case.category), officer)
    if filters.words:
        # A snippet may quote the sender, so whether they are protected must be known for each row.
        query = query.options(joinedload(Case.party).joinedload(Party.person))
    return query


def counts(actor: Staff, lists: Mapping[str, Filters], at: Days) -> dict[str, int]:
    """The number of cases in each list, at most MAX_COUNT + 1; one statement for all."""
    columns = [_count(actor, filters, at) for filters in lists.values()]
    row = session().execute(select(*columns)).one()
    return dict(zip(lists, row, strict=True))


def _count(actor: Staff, filters: Filters, at: Days) -> ScalarSelect[int]:
    rows = select(literal(1)).select_from(Case).where(conditions(actor, filters, at)).limit(MAX_COUNT + 1)
    return select(func.count()).select_from(rows.subquery()).scalar_subquery()
