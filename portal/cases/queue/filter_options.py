"""Options of the queue's filters: the topics, units and officers of the cases that the actor sees."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, Text, and_, cast, exists, literal, or_, select, union_all

from portal.cases.access import scope
from portal.cases.models import Case
from portal.cases.queue.filters import ME, NOBODY, Filters
from portal.cases.visibility import visible_to
from portal.db import session
from portal.identity.actors import Staff
from portal.identity.models import Membership, Person
from portal.identity.sessions import is_running
from portal.organisation.models import Category, Unit

# Filters whose value may no longer exist, with their query parameters.
NAMED = {"category": "amne", "unit": "enhet", "officer": "handlaggare"}


@dataclass(frozen=True)
class FilterOption:
    """A value of a filter; `seen` if the actor sees a case with it, or it is not offered."""

    value: str
    name: str
    seen: bool


@dataclass(frozen=True)
class FilterOptions:
    """The options of each filter: those that are active or that the actor sees a case with."""

    category: Sequence[FilterOption]
    unit: Sequence[FilterOption]
    officer: Sequence[FilterOption]

    def find(self, field: str, value: str) -> FilterOption | None:
        """The option with a value; None if there is none."""
        options: Sequence[FilterOption] = getattr(self, field)
        for option in options:
            if option.value == value:
                return option
        return None


def filter_options(actor: Staff) -> FilterOptions:
    """The options for an actor: topics in the profile's order, the others by name. One statement."""
    lists = union_all(_topics(actor), _units(actor), _officers(actor)).subquery()
    # Names of people are encrypted, so that no database can sort by them.
    of_officer = and_(lists.c.field == "officer", Membership.id == lists.c.id)
    query = select(lists, Person.name.label("person_name")).outerjoin(Membership, of_officer)
    rows = session().execute(query.outerjoin(Person, Membership.person_id == Person.id)).all()
    named: Mapping[str, list[FilterOption]] = {field: [] for field in NAMED}
    for row in sorted(rows, key=_order):
        named[row.field].append(FilterOption(row.value, row.person_name or row.name, bool(row.seen)))
    return FilterOptions(**named)


def _order(row: Row[Any]) -> tuple[int, str, int]:
    return row.position, row.person_name or row.name, row.id


def _topics(actor: Staff) -> Select[Any]:
    columns = _columns("category", Category.id, Category.key, Category.name, Category.position)
    return _listed(actor, columns, Category.id, Case.category_id, Category.closed_at.is_(None))


def _units(actor: Staff) -> Select[Any]:
    columns = _columns("unit", Unit.id, Unit.key, Unit.name, literal(0))
    return _listed(actor, columns, Unit.id, Case.handling_unit_id, Unit.closed_at.is_(None))


def _officers(actor: Staff) -> Select[Any]:
    columns = _columns("officer", Membership.id, cast(Membership.id, Text), literal(""), literal(0))
    # A membership that has ended is no officer: not offered, nor named because a case still has it.
    return _listed(actor, columns, Membership.id, Case.officer_id, is_running()).where(is_running())


def _columns(field: str, row: Any, value: Any, name: Any, position: Any) -> list[Any]:
    """The columns that the three lists have in common."""
    labels = {"field": literal(field), "id": row, "value": value, "name": name, "position": position}
    return [column.label(label) for label, column in labels.items()]


def _listed(
    actor: Staff, columns: list[Any], own: Any, of_case: Any, lives: ColumnElement[bool]
) -> Select[Any]:
    seen = _seen(actor, own, of_case)
    return select(*columns, seen.label("seen")).where(or_(lives, seen))


def _seen(actor: Staff, own: Any, of_case: Any) -> ColumnElement[bool]:
    """The condition that the actor sees a case with this value."""
    # With everything in scope the first case found settles it; with less, one pass over the visible cases is
    # cheaper than one search for each value.
    if scope(actor).everything:
        return exists().where(of_case == own, visible_to(actor))
    seen: ColumnElement[bool] = own.in_(select(of_case).where(visible_to(actor), of_case.is_not(None)))
    return seen


def settled(filters: Filters, options: FilterOptions) -> tuple[Filters, tuple[str, ...]]:
    """The filters without values that do not exist any more, and the query parameters that held them.

    A value that exists but that the actor sees no case with is kept: it matches nothing, and the answer does
    not reveal whether there are such cases.
    """
    cleared: dict[str, Any] = {}
    parameters = []
    for field, parameter in NAMED.items():
        value = getattr(filters, field)
        if value and value not in {ME, NOBODY} and options.find(field, value) is None:
            cleared[field] = ""
            parameters.append(parameter)
    return replace(filters, **cleared), tuple(parameters)
