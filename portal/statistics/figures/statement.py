"""The statement that reads the cases of a period once, and counts the rows that are alike for each rule.

It knows no rule. PARTS says which columns a rule reads; what they add to the figures is in sums.py.
"""

from collections.abc import Mapping
from enum import IntEnum
from functools import lru_cache
from typing import Any, NamedTuple

from sqlalchemy import (
    CTE,
    ColumnElement,
    CompoundSelect,
    Date,
    FromClause,
    Integer,
    Select,
    Text,
    and_,
    bindparam,
    case,
    cast,
    exists,
    false,
    func,
    literal_column,
    not_,
    null,
    or_,
    select,
    true,
    type_coerce,
    union_all,
)
from sqlalchemy.orm import aliased

from portal.cases.lifecycle import CloseReason
from portal.cases.models import Case, PastClock
from portal.cases.visibility import ScopeKind, not_barred, parametrised, visible_to, ways_in
from portal.database.days import FirstOfMonth, StockholmDay
from portal.db import UtcDateTime
from portal.statistics.figures.dimensions import Dimension
from portal.statistics.figures.selection import Shape

_FIRST, _LAST = bindparam("first", type_=Date), bindparam("last", type_=Date)
_SINCE, _UNTIL = bindparam("since", type_=UtcDateTime()), bindparam("until", type_=UtcDateTime())
_TODAY = bindparam("today", type_=Date)
_COUNTED, _MAX_CASES = bindparam("counted", type_=Integer), bindparam("max_cases", type_=Integer)
Columns = dict[str, ColumnElement[Any]]


class Row(IntEnum):
    """What a row of the answer counts: all rows that were read, or those that are alike for a rule."""

    TALLY = 0
    OUTCOME = 1
    FIRST_CONTACT = 2
    PROMISE = 3
    POLICIES = 4


class Part(NamedTuple):
    """What a rule reads: the rows of which this is so, the month in which it counts, and the columns."""

    of: str
    month: str
    columns: tuple[str, ...]


_OF_CASE, _OF_PROMISE = ("came_in", "arrived_month"), ("began", "started_month")
_FATE = ("status", "reason", "merged")
_STATE = ("answered", "again", "due_passed", "paused", "extended", "summer")
PARTS: Mapping[Row, Part] = {
    Row.OUTCOME: Part(*_OF_CASE, (*_FATE, *_STATE, "part", "reopened", "arrived", "solved", "closed_late")),
    Row.FIRST_CONTACT: Part(
        *_OF_CASE, (*_FATE, "part", "wanted", "contact_days", "arrived", "first_contacted")
    ),
    Row.PROMISE: Part(
        *_OF_PROMISE,
        (*_STATE, "started", "answered_late", "unsatisfied", "contact_passed", "contacted_late"),
    ),
    Row.POLICIES: Part(*_OF_PROMISE, ("kind", "named", "thanks", "regrets", "lix")),
}
# Each column that a rule reads, once: in the order of the answer.
READ = tuple(dict.fromkeys(name for part in PARTS.values() for name in part.columns))


@lru_cache(maxsize=256)
def of(kind: ScopeKind, shape: Shape) -> CompoundSelect[Any]:
    """The statement of a question. The columns: which row, the group, those of READ, and how many."""
    rows = _counted_rows(_rows(kind, shape).subquery(), shape)
    return union_all(_tally(rows, shape), *(_alike(rows, shape, row) for row in PARTS))


def _tally(rows: CTE, shape: Shape) -> Select[Any]:
    """How many cases came in, and how many promises began besides."""
    columns = [rows.c[name] for name in (*_group(shape, PARTS[Row.OUTCOME]), *READ)]
    nulls = [cast(null(), column.type) for column in columns]
    query = select(_number(Row.TALLY), *nulls, func.count()).select_from(rows)
    return query.group_by(rows.c.is_read)


def _alike(rows: CTE, shape: Shape, row: Row) -> Select[Any]:
    """Rows that are alike for a rule, with how many there are; NULL in the columns that it does not read."""
    part = PARTS[row]
    group = [rows.c[name] for name in _group(shape, part)]
    read = [rows.c[name] if name in part.columns else cast(null(), rows.c[name].type) for name in READ]
    query = select(_number(row), *group, *read, func.count()).where(rows.c[part.of])
    return query.group_by(*group, *(rows.c[name] for name in part.columns))


def _number(row: Row) -> ColumnElement[int]:
    return literal_column(str(row.value), Integer)


def _group(shape: Shape, part: Part) -> list[str]:
    return [part.month if by is Dimension.MONTH else by.value for by in shape.by]


def _counted_rows(rows: FromClause, shape: Shape) -> CTE:
    """With what the rules read of them. Rows outside of the limits are read, and counted by no rule."""
    limits = [rows.c[name].is_not_distinct_from(_limit(rows, name)) for name in shape.limits]
    columns: Columns = {column.name: column for column in rows.c}
    columns |= {
        "is_read": rows.c.came_in,
        "came_in": and_(rows.c.came_in, *limits),
        "began": and_(rows.c.began, *limits),
        "arrived_month": FirstOfMonth(rows.c.arrived),
        "started_month": FirstOfMonth(rows.c.started),
        "first_contacted": func.coalesce(rows.c.contacted_before, rows.c.contacted),
        # Whether a day is after another, or NULL: all that a rule asks of a promised day.
        "due_passed": rows.c.due < _TODAY,
        "answered_late": rows.c.answered > rows.c.due,
        "closed_late": rows.c.closed > rows.c.due,
        "contact_passed": rows.c.contact_due < _TODAY,
        "contacted_late": rows.c.contacted > rows.c.contact_due,
    }
    used = {*shape.by, *READ, "is_read", "came_in", "began", "arrived_month", "started_month"}
    # Read once, and not once for each rule.
    return _select({name: column for name, column in columns.items() if name in used}).cte("counted_rows")


def _limit(rows: FromClause, name: str) -> ColumnElement[Any]:
    return bindparam(f"limit_{name}", type_=rows.c[name].type)


def _rows(kind: ScopeKind, shape: Shape) -> CompoundSelect[Any]:
    """Each case that came in, each one whose promise began, and each earlier promise that did; once."""
    to = parametrised(kind)
    came_in = _within(Case.received_at >= _SINCE, Case.received_at < _UNTIL, Case.received_at < _SINCE, shape)
    # Withdrawn, transferred, outside and duplicate cases were never to be answered here.
    owed = or_(Case.close_reason.is_(None), Case.close_reason == CloseReason.ANSWERED)
    began = and_(_began(Case.clock_started_on, shape), owed)
    columns = _dimension_columns(shape) | _of_case()
    arrived = _select(columns | {"came_in": true(), "began": began})
    others = _select(columns | {"came_in": false(), "began": true()}).where(began)
    earlier = _select(_of_earlier(columns)).join(Case, PastClock.case_id == Case.id)
    # No condition on the close reason: this promise was answered, whatever became of the next one.
    then = _began(PastClock.started_on, shape), PastClock.answered_at.is_not(None), visible_to(to)
    arms = (
        arrived.where(came_in, visible_to(to)),
        others.where(*_came_at_another_time(to, came_in, shape)),
        earlier.where(*then),
    )
    if not shape.is_bounded:
        return union_all(*arms)
    return union_all(*(select(arm.limit(_MAX_CASES).subquery()) for arm in arms))


def _came_at_another_time(to: Any, came_in: ColumnElement[bool], shape: Shape) -> list[ColumnElement[bool]]:
    if shape.is_late:
        return [not_(came_in), visible_to(to)]
    # So spelled that each way in is read from its own index.
    sides = Case.received_at < _SINCE, Case.received_at >= _UNTIL
    ways = (and_(way, side) for way in ways_in(to) for side in sides)
    return [or_(false(), *ways), *not_barred(to.person)]


def _select(columns: Columns) -> Select[Any]:
    return select(*(column.label(name) for name, column in columns.items()))


def _began(day: Any, shape: Shape) -> ColumnElement[bool]:
    return _within(day >= _FIRST, day <= _LAST, day < _FIRST, shape)


def _within(first: Any, last: Any, before: Any, shape: Shape) -> ColumnElement[bool]:
    within = and_(first, last)
    # Registered after the earlier periods were counted.
    return or_(within, and_(before, Case.id > _COUNTED)) if shape.is_late else within


def _dimension_columns(shape: Shape) -> Columns:
    every: dict[str, Any] = {
        "board": Case.responsible_board_id,
        "administration": Case.responsible_administration_id,
        "unit": Case.handling_unit_id,
        "topic": Case.category_id,
        "kind": Case.kind,
        "channel": Case.channel,
        "level": Case.level,
        "language": Case.language,
    }
    # What a rule reads is there in any case.
    used = {*shape.by, *shape.limits, *READ}
    return {name: column.expression for name, column in every.items() if name in used}


def _of_case() -> Columns:
    past = PastClock.case_id == Case.id
    contacted = select(func.min(PastClock.contacted_at)).where(past).correlate(Case).scalar_subquery()
    # A count, since for an EXISTS in its place PostgreSQL would read all earlier rounds that there are.
    answered = select(func.count(PastClock.answered_at) > 0).where(past).correlate(Case).scalar_subquery()
    return {
        "arrived": StockholmDay(Case.received_at),
        # Only a case that was opened again has earlier rounds.
        "contacted_before": case((Case.reopened, StockholmDay(contacted))),
        "closed": StockholmDay(Case.closed_at),
        "status": type_coerce(Case.status, Text),
        "reason": type_coerce(Case.close_reason, Text),
        "merged": Case.merged_into_id.is_not(None),
        "part": Case.split_from_id.is_not(None),
        "wanted": Case.answer_wanted.expression,
        "reopened": Case.reopened.expression,
        "contact_days": Case.promise["contact"].as_integer(),
        # Asked of the cases that a first line had first.
        "solved": case((Case.first_line_unit_id.is_not(None), Case.first_contact)),
        "again": case((Case.reopened, answered), else_=false()),
        "started": Case.clock_started_on.expression,
        "paused": Case.paused_on.is_not(None),
        **_of_round(Case),
    }


def _of_round(row: Any) -> Columns:
    """What a case has of its latest promise, and a past clock of an earlier one."""
    is_contacted = and_(row.contacted_at.is_not(None), row.contacted_at.is_distinct_from(row.answered_at))
    return {
        "due": row.due_answer.expression,
        "contact_due": row.due_contact.expression,
        "answered": StockholmDay(row.answered_at),
        "contacted": StockholmDay(row.contacted_at),
        "extended": row.extended_to.is_not(None),
        "summer": row.extended_for_summer.expression,
        "unsatisfied": row.unsatisfied.expression,
        # That an officer was named is not asked of a contact that was the answer itself.
        "named": case((is_contacted, row.contact_named)),
        "thanks": row.answer_thanks.expression,
        "regrets": row.answer_regrets.expression,
        "lix": row.answer_lix.expression,
    }


def _of_earlier(of_case: Columns) -> Columns:
    before = aliased(PastClock)
    answered_before = exists().where(
        before.case_id == PastClock.case_id, before.id < PastClock.id, before.answered_at.is_not(None)
    )
    columns: Columns = {}
    for name, column in of_case.items():
        is_place = name in set(Dimension)
        columns[name] = column if is_place else cast(null(), column.type)
    if "unit" in columns:
        # It is of the unit that gave the answer, whichever has the case now.
        columns["unit"] = func.coalesce(PastClock.handling_unit_id, Case.handling_unit_id)
    columns |= {"started": PastClock.started_on.expression, "paused": false(), "again": answered_before}
    return columns | _of_round(PastClock) | {"came_in": false(), "began": true()}
