"""Open fault reports by place, for staff: the streets with how many there are, and the reports of one."""

from typing import NamedTuple

from sqlalchemy import ColumnClause, ColumnElement, Select, case, func, literal_column, or_, select
from sqlalchemy.orm import contains_eager, joinedload

from portal.cases.locations.queries import IS_OPEN
from portal.cases.models import Case, CaseLocation
from portal.cases.visibility import visible_to
from portal.formats.places.streets import ENDINGS
from portal.identity.actors import Staff
from portal.organisation.models import Category
from portal.pagination import BEGINNING, PAGE, Order, Page, Place, page, page_of, rows

# The key of the reports whose place names no street.
NO_STREET = ""
OLDEST = Order("reports", Case.received_at.expression, Case.id.expression, moments=True)
# By its own columns: those of the list are sums.
STREETS = "streets"
# By its name: PostgreSQL takes the same expression with other parameters for another one.
_KEY: ColumnClause[str] = literal_column("street_key")


class StreetReports(NamedTuple):
    """How many open reports there are of a street; `name` is how one of their senders has written it.

    It has the words of the street alone, since a list of streets is in no read log.
    """

    street: str
    name: str | None
    total: int


def streets(actor: Staff, topic: str | None = None, where: Place = BEGINNING) -> Page:
    """A page of the streets with open reports that the actor may see, that of the oldest report first."""
    groups = (
        _open(actor, topic)
        .with_only_columns(
            _street().label(_KEY.name),
            func.min(CaseLocation.street_name).label("name"),
            func.count().label("total"),
            func.min(Case.received_at).label("oldest"),
            func.min(Case.id).label("first"),
        )
        .group_by(_KEY)
    )
    oldest_of = groups.subquery()
    order = street_order(oldest_of.c.oldest, oldest_of.c.first)
    query = select(oldest_of.c[_KEY.name], oldest_of.c.name, oldest_of.c.total)
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
    """The key of the street. A word without the ending of a street may be a name: it is in no list."""
    is_known = or_(*(CaseLocation.street.endswith(ending) for ending in ENDINGS))
    return case((is_known, CaseLocation.street), else_=NO_STREET)


def _open(actor: Staff, topic: str | None) -> Select[Case]:
    query = select(Case).join(CaseLocation, CaseLocation.case_id == Case.id)
    query = query.where(IS_OPEN, visible_to(actor))
    if topic:
        query = query.where(Case.category_id == select(Category.id).filter_by(key=topic).scalar_subquery())
    return query
