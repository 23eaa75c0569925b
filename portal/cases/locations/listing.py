"""Open fault reports by place, for staff: the streets with how many there are, and the reports of one."""

from typing import NamedTuple

from sqlalchemy import ColumnElement, Select, func, select
from sqlalchemy.orm import contains_eager, joinedload

from portal.cases.locations.queries import IS_OPEN
from portal.cases.models import Case, CaseLocation
from portal.cases.visibility import visible_to
from portal.identity.actors import Staff
from portal.organisation.models import Category
from portal.pagination import BEGINNING, PAGE, Order, Page, Place, page, page_of, rows

# The key of the reports whose place names no street.
NO_STREET = ""
OLDEST = Order("reports", Case.received_at.expression, Case.id.expression, moments=True)
# By its own columns: those of the list are sums.
STREETS = "streets"


class StreetReports(NamedTuple):
    """How many open reports there are of a street; `name` is how one of their senders has written it."""

    street: str
    name: str | None
    total: int


def streets(actor: Staff, topic: str | None = None, where: Place = BEGINNING) -> Page:
    """A page of the streets with open reports that the actor may see, that of the oldest report first."""
    groups = (
        _open(actor, topic)
        .with_only_columns(
            _street().label("street"),
            func.min(CaseLocation.street_name).label("name"),
            func.count().label("total"),
            func.min(Case.received_at).label("oldest"),
            func.min(Case.id).label("first"),
        )
        .group_by(CaseLocation.street)
    )
    oldest_of = groups.subquery()
    order = street_order(oldest_of.c.oldest, oldest_of.c.first)
    query = select(oldest_of.c.street, oldest_of.c.name, oldest_of.c.total)
    listed = page_of(lambda at: rows(query, order, at, PAGE), order, where, PAGE)
    return Page([StreetReports(*row[:3]) for row in listed.rows], listed.before, listed.after)


def street_order(key: ColumnElement[object] = OLDEST.key, row: ColumnElement[int] = OLDEST.row) -> Order:
    """The order of the streets, by the oldest report of each."""
    return Order(STREETS, key, row, moments=True)


def reports(actor: Staff, street: str, topic: str | None = None, where: Place = BEGINNING) -> Page:
    """A page of the open reports of a street that the actor may see, the oldest first."""
    query = _open(actor, topic).where(_street() == street)
    query = query.options(contains_eager(Case.location), joinedload(Case.category))
    return page(query.options(joinedload(Case.handling_unit)), OLDEST, where)


def _street() -> ColumnElement[str]:
    return func.coalesce(CaseLocation.street, NO_STREET)


def _open(actor: Staff, topic: str | None) -> Select[Case]:
    query = select(Case).join(CaseLocation, CaseLocation.case_id == Case.id)
    query = query.where(IS_OPEN, visible_to(actor))
    if topic:
        query = query.where(Case.category_id == select(Category.id).filter_by(key=topic).scalar_subquery())
    return query
