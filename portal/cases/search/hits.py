"""Hits in order of arrival, a page at a time and within bounds, however common or rare the words are.

The index gives the nearest cases that may match: from a short time first, and from longer ones if that has
few. What the actor may see, and whether the case has the words as they are written, is asked of those alone.
After MAX_ROUNDS of them the page ends where it has come to, and the next one goes on from there.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import lru_cache
from operator import itemgetter
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Integer,
    Row,
    Select,
    Text,
    and_,
    bindparam,
    column,
    func,
    not_,
    or_,
    select,
    true,
    union_all,
)
from sqlalchemy.dialects.postgresql import ARRAY

from portal import clock
from portal.cases.models import Case
from portal.cases.search import analysis, lexemes
from portal.cases.search.analysis import Term
from portal.cases.search.criteria import (
    for_database,
    has_terms,
    in_index,
    pattern_parameters,
    pattern_values,
    within_scope,
)
from portal.cases.search.lexemes import Span
from portal.cases.search.models import SearchCase
from portal.cases.visibility import ScopeKind, kind_of, parametrised, scope_values, visible_to
from portal.db import UtcDateTime, engine, session
from portal.identity.actors import Actor
from portal.pagination import BEGINNING, MAX_ID, PAGE, Cursor, Order, Page, Place, written

# Index rows read at a time: few at first, since most pages are full after that.
FIRST_ROUND = 64
ROUND = 128
MAX_ROUNDS = 6
CLOCK_SKEW = timedelta(minutes=5)
LIMIT = bindparam("most", type_=Integer)


@dataclass(frozen=True)
class Hits(Page):
    """A page of hits; `reached` is how far it came, if it ended before it was full and all was searched."""

    reached: datetime | None = None


@dataclass(frozen=True)
class Search:
    """What is searched for: terms, and the lexemes that every hit has besides."""

    actor: Actor
    terms: Sequence[Term]
    narrowed: str
    down: bool


# Reads the rows of a list among given ids, newest first or last, at most one more than a page. The last two
# columns of a row are its place in the order.
Read = Callable[[Sequence[int], bool], Sequence[Any]]


def hits(actor: Actor, words: str, order: Order, where: Place, is_open: bool, read: Read) -> Hits:
    """The page of a list's cases that have the words, in order of arrival, as rows of read().

    `is_open` says that the list is of open cases only.
    """
    terms = analysis.parse(words).terms
    if not terms:
        return Hits([])
    also = [expression for expression in (within_scope(actor), lexemes.OPEN if is_open else "") if expression]
    search = Search(actor, terms, lexemes.all_of([lexemes.of_terms(terms), *also]), order.down != where.back)
    rows, reached = _nearest_hits(search, where, read)
    if where.back and not reached and not rows:
        # Nothing lies before: this is the first page, under another address.
        where = BEGINNING
        rows, reached = _nearest_hits(replace(search, down=order.down), where, read)
    return _page(rows, reached, order, where)


def _nearest_hits(search: Search, where: Place, read: Read) -> tuple[list[Any], Cursor | None]:
    """One row more than a page, nearest to the place first; and the last place read, if there is more."""
    rows: list[Any] = []
    cursor = where.cursor or _end(search.down)
    for limit in (FIRST_ROUND, *[ROUND] * (MAX_ROUNDS - 1)):
        if cursor is None:
            return rows, None
        candidates = _candidates(search, cursor, limit)
        if matching := [row.case_id for row in candidates if row.matches]:
            rows += read(matching, search.down)
        if len(rows) > PAGE:
            return rows[: PAGE + 1], None
        full = len(candidates) == limit
        cursor = Cursor(candidates[-1].received_at, candidates[-1].case_id) if full else None
    return rows, cursor


def _page(rows: list[Any], reached: Cursor | None, order: Order, where: Place) -> Hits:
    """The page of these rows, with its cursors; it goes on from where it has come to."""
    more, kept = len(rows) > PAGE, rows[:PAGE]
    end = written(order, *kept[-1][-2:]) if more else None
    if reached:
        end = written(order, reached.key, reached.row)
    begin = None
    if where.cursor and kept:
        begin = written(order, *kept[0][-2:])
    elif where.cursor:
        begin = _before_itself(order, where, where.cursor)
    if where.back:
        kept.reverse()
        begin, end = end, begin
    moment = reached.key if reached and isinstance(reached.key, datetime) else None
    return Hits(kept, begin, end, moment)


def _before_itself(order: Order, where: Place, cursor: Cursor) -> str:
    """The place from which the way back has the row of a cursor too: an empty page has no row of its own."""
    step = -1 if order.down != where.back else 1
    return written(order, cursor.key, min(max(cursor.row + step, 1), MAX_ID))


def _end(down: bool) -> Cursor | None:
    """Before the first case of the order; None if there is none."""
    if down:
        # Clocks differ between machines: not before what another has just received.
        return Cursor(clock.now() + CLOCK_SKEW, MAX_ID)
    oldest = session().scalar(select(func.min(Case.received_at)))
    return Cursor(oldest, 0) if oldest else None


def _candidates(search: Search, cursor: Cursor, limit: int) -> list[Row[Any]]:
    """The nearest cases after a place that may match, with whether they do, the nearest first."""
    moment: Any = cursor.key
    spans = list(lexemes.windows(lexemes.unit_of(moment), search.down))
    values: dict[str, Any] = {"moment": moment, "row": cursor.row, "most": limit, "rest": spans[-1].begins}
    values |= _window_values([_within(search, span) for span in spans])
    values |= scope_values(search.actor) | pattern_values(search.terms)
    shape = tuple(map(len, search.terms))
    query = _candidates_query(engine().dialect.name, search.down, kind_of(search.actor), shape)
    # A join may give them in any order.
    rows = session().execute(query, values).all()
    return sorted(rows, key=itemgetter(1, 0), reverse=search.down)


def _within(search: Search, span: Span) -> str:
    """The expression of what is searched for in a span of time."""
    expressions = [search.narrowed, *([span.expression] if span.expression else [])]
    return for_database(lexemes.all_of(expressions))


def _window_values(expressions: list[str]) -> dict[str, Any]:
    if engine().dialect.name == "sqlite":
        return {f"window_{number}": expression for number, expression in enumerate(expressions)}
    return {"windows": expressions}


@lru_cache(256)
def _candidates_query(dialect: str, down: bool, kind: ScopeKind, shape: tuple[int, ...]) -> Select[Any]:
    """The statement of _candidates(), built once for the actors of a kind and the terms of a shape."""
    to = parametrised(kind)
    nearby = (_nearby_by_union if dialect == "sqlite" else _nearby)(down).cte("nearby")
    nearby = nearby.prefix_with("MATERIALIZED", dialect="postgresql")
    matches = and_(visible_to(to), *has_terms(to, pattern_parameters(shape))).label("matches")
    return select(nearby.c.case_id, nearby.c.received_at, matches).join(Case, Case.id == nearby.c.case_id)


def _nearby(down: bool) -> Select[Any]:
    """The cases of the spans in turn: those after the first that has enough are not read.

    One query of an array of expressions: with one for each, PostgreSQL plans all of them at each search.
    """
    expressions = func.unnest(bindparam("windows", type_=ARRAY(Text)))
    of_expressions = expressions.table_valued(column("expression", Text), with_ordinality="place")
    spans = of_expressions.render_derived(name="spans")
    is_last = spans.c.place > lexemes.LEVELS
    nearest = _of_span(spans.c.expression, down).where(or_(not_(is_last), _rest(down))).lateral("nearest")
    query = select(nearest.c.case_id, nearest.c.received_at).select_from(spans).join(nearest, true())
    return query.order_by(spans.c.place).limit(LIMIT)


def _nearby_by_union(down: bool) -> Select[Any]:
    """The same for SQLite, which knows no arrays."""
    branches = []
    for number in range(lexemes.LEVELS + 1):
        query = _of_span(bindparam(f"window_{number}", type_=Text), down)
        if number == lexemes.LEVELS:
            query = query.where(_rest(down))
        branches.append(select(query.subquery()))
    return select(union_all(*branches).subquery()).limit(LIMIT)


def _of_span(expression: ColumnElement[str], down: bool) -> Select[int, datetime]:
    columns = SearchCase.case_id, SearchCase.received_at
    query = select(*columns).where(in_index(expression), _beyond(down))
    ends = [key.desc() if down else key.asc() for key in reversed(columns)]
    return query.order_by(*ends).limit(LIMIT)


def _rest(down: bool) -> ColumnElement[bool]:
    """The time after all spans that have one: that of the last has none."""
    rest = bindparam("rest", type_=UtcDateTime)
    return SearchCase.received_at < rest if down else SearchCase.received_at >= rest


def _beyond(down: bool) -> ColumnElement[bool]:
    moment = bindparam("moment", type_=UtcDateTime)
    row = bindparam("row", type_=Integer)
    key = SearchCase.received_at
    if down:
        return and_(key <= moment, or_(key < moment, SearchCase.case_id < row))
    return and_(key >= moment, or_(key > moment, SearchCase.case_id > row))
