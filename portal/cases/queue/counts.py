"""The number of cases in lists of the queue: those of open cases in one pass, and all in one statement."""

from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from sqlalchemy import ColumnElement, ScalarSelect, Select, false, func, or_, select, union

from portal.cases.models import Case
from portal.cases.queue.conditions import (
    IS_OPEN,
    Days,
    conditions,
    filter_parameters,
    is_bounded,
    parameters,
    shape,
)
from portal.cases.queue.filters import Filters, View
from portal.cases.queue.listing import ids_by_way, matching_ids
from portal.cases.visibility import ScopeKind, kind_of, not_barred, parametrised, scope_values, ways_in
from portal.db import session
from portal.identity.actors import Staff

# Above these the page says "more than". A list of cases of any status is unbounded.
MAX_COUNT, MAX_UNBOUNDED = 1000, 100


def counts(actor: Staff, lists: Mapping[str, Filters], at: Days) -> dict[str, int]:
    """The number of cases in each list, from its most + 1 on as that; one statement for all.

    No list has words to search for: to count their hits would read every one of them.
    """
    query = _statement(kind_of(actor), tuple(map(shape, lists.values())))
    values = parameters(actor, at) | scope_values(actor)
    for number, filters in enumerate(lists.values()):
        values |= filter_parameters(filters, _prefix(number))
    row = session().execute(query, values).one()
    numbers = zip(lists.items(), row, strict=True)
    return {name: min(number, most_counted(filters) + 1) for (name, filters), number in numbers}


def _prefix(number: int) -> str:
    return f"l{number}_"


@lru_cache(maxsize=256)
def _statement(kind: ScopeKind, shapes: tuple[Filters, ...]) -> Select[Any]:
    to = parametrised(kind)
    columns = [_column(kind, shape, _prefix(number)) for number, shape in enumerate(shapes)]
    if not any(map(is_bounded, shapes)):
        return select(*columns)
    query = select(*columns).select_from(Case)
    return query.where(IS_OPEN, or_(false(), *ways_in(to)), *not_barred(to.person))


def _column(kind: ScopeKind, shape: Filters, prefix: str) -> ColumnElement[Any]:
    if is_bounded(shape):
        # What holds for every row of the pass is not asked again.
        narrowing = conditions(shape, prefix)
        return func.count().filter(*narrowing) if narrowing else func.count()
    if shape.view is View.UNDELIVERED:
        return _capped(matching_ids(kind, shape, prefix))
    newest = Case.received_at.desc(), Case.id.desc()
    ways = [query.order_by(*newest).limit(MAX_UNBOUNDED + 1) for query in ids_by_way(kind, shape, prefix)]
    both = union(*[select(way.subquery()) for way in ways]).subquery()
    return _capped(select(both), MAX_UNBOUNDED)


def _capped(ids: Select[Any], most: int = MAX_COUNT) -> ScalarSelect[int]:
    return select(func.count()).select_from(ids.limit(most + 1).subquery()).scalar_subquery()


def most_counted(filters: Filters) -> int:
    """The number up to which a list is counted; above it is one more."""
    return MAX_UNBOUNDED if filters.view is View.NEWEST and not is_bounded(filters) else MAX_COUNT


def is_counted(filters: Filters) -> bool:
    """Whether every page can count a list: it is one of open cases, without words to search for."""
    return is_bounded(filters) and not filters.words
