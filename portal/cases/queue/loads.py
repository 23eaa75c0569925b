"""The load of each officer and of each unit: the open cases that an actor may see, counted in one pass.

Each number is that of a list of the queue, by the same conditions (docs/decisions/0016).
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from sqlalchemy import Select, and_, bindparam, false, func, or_, select

from portal.cases.lifecycle import Status
from portal.cases.models import Case
from portal.cases.queue.conditions import (
    IS_OPEN,
    Days,
    conditions,
    filter_parameters,
    parameters,
    shape,
)
from portal.cases.queue.filters import NOBODY, Filters, Promise, View
from portal.cases.visibility import ScopeKind, kind_of, not_barred, parametrised, scope_values, ways_in
from portal.db import session
from portal.identity.actors import Actor, Staff

# The lists that are counted, by their names.
LISTS: Mapping[str, Filters] = {
    "open": Filters(),
    "late": Filters(promise=Promise.LATE),
    "week": Filters(promise=Promise.WEEK),
    "pressing": Filters(promise=Promise.PRESSING),
    "waiting": Filters(status=Status.AWAITING_CITIZEN),
    "nobody": Filters(officer=NOBODY),
    "unsatisfied": Filters(View.UNSATISFIED),
    "reopened": Filters(View.REOPENED),
}
BY_OFFICER, BY_UNIT = "officer_id", "handling_unit_id"


@dataclass(frozen=True)
class Load:
    """How many open cases are in each list of LISTS."""

    open: int = 0
    late: int = 0
    week: int = 0
    pressing: int = 0
    waiting: int = 0
    nobody: int = 0
    unsatisfied: int = 0
    reopened: int = 0


def officer_loads(actor: Staff, at: Days) -> dict[int | None, Load]:
    """The load of each officer of an open case that the actor may see, by membership. One statement."""
    return _loads(actor, at, BY_OFFICER)


def unit_loads(actor: Actor, at: Days) -> dict[int | None, Load]:
    """The load of each unit that handles an open case that the actor may see, by its id. One statement."""
    return _loads(actor, at, BY_UNIT)


def _loads(actor: Actor, at: Days, by: str) -> dict[int | None, Load]:
    own = actor if isinstance(actor, Staff) else Staff(person=0)
    values = parameters(own, at) | scope_values(actor)
    for name, filters in LISTS.items():
        values |= filter_parameters(filters, f"{name}_")
    rows = session().execute(_statement(kind_of(actor), by), values)
    return {row[0]: Load(*row[1:]) for row in rows}


@cache
def _statement(kind: ScopeKind, by: str) -> Select[*tuple[Any, ...]]:
    to = parametrised(kind)
    group = getattr(Case, by)
    columns = [_counted(name, filters) for name, filters in LISTS.items()]
    seen = or_(false(), *ways_in(to)), *not_barred(to.person)
    return select(group, *columns).where(IS_OPEN, *seen, Case.merged_into_id.is_(None)).group_by(group)


def _counted(name: str, filters: Filters) -> Any:
    return func.count().filter(and_(*conditions(shape(filters), f"{name}_"))).label(name)


@dataclass(frozen=True)
class Marks:
    """What a row of the queue does not tell of a case."""

    reopened: bool
    unsatisfied: bool


def marks(actor: Staff, ids: Collection[int]) -> dict[int, Marks]:
    """The marks of cases that the actor may see, by their ids."""
    if not ids:
        return {}
    values = scope_values(actor) | {"ids": list(ids)}
    return {row[0]: Marks(*row[1:]) for row in session().execute(_marks(kind_of(actor)), values)}


@cache
def _marks(kind: ScopeKind) -> Select[*tuple[Any, ...]]:
    to = parametrised(kind)
    query = select(Case.id, Case.reopened, Case.unsatisfied)
    seen = or_(false(), *ways_in(to)), *not_barred(to.person)
    return query.where(Case.id.in_(bindparam("ids", expanding=True)), *seen)
