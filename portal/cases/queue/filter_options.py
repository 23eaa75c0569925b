"""Options of the queue's filters: the topics, units and officers that the actor has to do with."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any

from sqlalchemy import (
    CTE,
    ColumnElement,
    Integer,
    Row,
    Select,
    Text,
    and_,
    bindparam,
    cast,
    false,
    literal,
    or_,
    select,
    true,
    union_all,
)

from portal.cases.access import HANDLERS, Scope
from portal.cases.models import Case
from portal.cases.queue.conditions import IS_OPEN
from portal.cases.queue.filters import ME, NOBODY, Filters
from portal.cases.visibility import ScopeKind, kind_of, not_barred, parametrised, scope_values, ways_in
from portal.db import session
from portal.identity.actors import Staff
from portal.identity.models import Membership, Person
from portal.identity.sessions import is_running
from portal.organisation.models import Category, Unit

# Filters whose value may no longer exist, with their query parameters.
NAMED = {"category": "amne", "unit": "enhet", "officer": "handlaggare"}


@dataclass(frozen=True)
class FilterOption:
    """A value of a filter; `seen` if it is offered, as the actor sees a case with it or works with it.

    `active` is False for a topic or a unit that has been closed, and for an officer who is only asked for.
    """

    value: str
    name: str
    seen: bool
    active: bool


@dataclass(frozen=True)
class FilterOptions:
    """The options of each filter: those that are active or offered; of officers, also those asked for."""

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


def filter_options(actor: Staff, officers: Collection[str] = ()) -> FilterOptions:
    """The options for an actor: topics in the profile's order, the others by name. One statement.

    What is seen is what open cases of the actor have and what belongs to where the actor works: no case is
    read that is closed. Officers with the ids `officers` are among the options too, if they exist.
    """
    values = scope_values(actor) | {"officers": [int(officer) for officer in officers]}
    rows = session().execute(_statement(kind_of(actor)), values).all()
    named: Mapping[str, list[FilterOption]] = {field: [] for field in NAMED}
    for row in sorted(rows, key=_order):
        named[row.field].append(_option(row))
    return FilterOptions(**named)


def _option(row: Row[Any]) -> FilterOption:
    return FilterOption(row.value, row.person_name or row.name, bool(row.seen), bool(row.active))


def _order(row: Row[Any]) -> tuple[int, str, int]:
    # Names of people are encrypted, so that no database can sort by them.
    return row.position, row.person_name or row.name, row.id


@lru_cache(maxsize=64)
def _statement(kind: ScopeKind) -> Select[Any]:
    to = parametrised(kind)
    columns = Case.category_id, Case.handling_unit_id, Case.officer_id
    visible = IS_OPEN, or_(false(), *ways_in(to)), *not_barred(to.person)
    seen = None if to.everything else select(*columns).where(*visible).distinct().cte("seen")
    lists = union_all(_topics(to, seen), _units(to, seen), _officers(to, seen)).subquery()
    of_officer = and_(lists.c.field == "officer", lists.c.seen, Membership.id == lists.c.id)
    query = select(lists, Person.name.label("person_name")).outerjoin(Membership, of_officer)
    return query.outerjoin(Person, Membership.person_id == Person.id)


def _topics(to: Scope, seen: CTE | None) -> Select[Any]:
    here = [Category.handling_unit_id, Category.responsible_unit_id]
    own = or_(*[unit.in_(select(Unit.id).where(_of(to, Unit))) for unit in here])
    columns = _columns("category", Category.id, Category.key, Category.name, Category.position)
    lives = Category.closed_at.is_(None)
    return _listed(columns, lives, and_(lives, own), _among(Category.id, seen, "category_id"))


def _units(to: Scope, seen: CTE | None) -> Select[Any]:
    columns = _columns("unit", Unit.id, Unit.key, Unit.name, literal(0))
    lives = Unit.closed_at.is_(None)
    return _listed(columns, lives, and_(lives, _of(to, Unit)), _among(Unit.id, seen, "handling_unit_id"))


def _officers(to: Scope, seen: CTE | None) -> Select[Any]:
    columns = _columns("officer", Membership.id, cast(Membership.id, Text), literal(""), literal(0))
    # A membership that has ended is no officer: not offered, nor named because a case still has it.
    chosen = Membership.id.in_(bindparam("officers", expanding=True, type_=Integer))
    own = and_(Membership.role.in_(sorted(HANDLERS)), _of(to, Membership))
    listed = _listed(columns, chosen, own, _among(Membership.id, seen, "officer_id"))
    return listed.where(is_running())


def _columns(field: str, row: Any, value: Any, name: Any, position: Any) -> list[Any]:
    """The columns that the three lists have in common."""
    labels = {"field": literal(field), "id": row, "value": value, "name": name, "position": position}
    return [column.label(label) for label, column in labels.items()]


def _of(to: Scope, place: type[Unit | Membership]) -> ColumnElement[bool]:
    """The condition that a unit, or a member of staff, belongs to where the actor works."""
    if to.everything:
        return true()
    ids = {
        Unit.id if place is Unit else Membership.unit_id: to.unit,
        place.board_id: to.registry if to.board is None else to.board,
        place.administration_id: to.administration,
    }
    return or_(false(), *[column == value for column, value in ids.items() if value is not None])


def _among(own: Any, seen: CTE | None, name: str) -> Any:
    return None if seen is None else own.in_(select(seen.c[name]))


def _listed(columns: list[Any], lives: Any, own: Any, seen: ColumnElement[bool] | None) -> Select[Any]:
    offered = own if seen is None else or_(own, seen)
    return select(*columns, offered.label("seen"), lives.label("active")).where(or_(lives, offered))


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
