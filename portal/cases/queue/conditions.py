"""SQL conditions of the queue: its views and its filters, as statements that are built once for their shape.

The shape of filters decides which conditions there are, and every value is a parameter of the statement.
"""

from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from typing import Any

from sqlalchemy import ColumnElement, Date, Integer, Text, bindparam, literal_column, or_, select
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement

from portal import clock
from portal.cases.deadlines import SOON, open_day_after, open_days_before
from portal.cases.enums import Channel, Kind
from portal.cases.lifecycle import Status
from portal.cases.models import Case, Task
from portal.cases.queue.filters import ME, NOBODY, Filters, Promise, View
from portal.database import queue_columns
from portal.identity.actors import Staff
from portal.identity.models import Membership
from portal.identity.sessions import is_running
from portal.organisation import queries as organisation
from portal.organisation.models import Category, Unit

THRICE = 3
# As date.weekday() numbers it.
SUNDAY = 6
# The longest promise of a profile, in working days, and the length of a date.
MAX_PROMISE = 250
DATE = len("2026-01-31")
# Views with cases of any status; the others have open cases only.
UNBOUNDED = frozenset({View.NEWEST, View.UNDELIVERED})

# Spelled as in the partial index of open cases, so that the planner uses it.
IS_OPEN: ColumnElement[bool] = literal_column(f'("case".{queue_columns.IS_OPEN})')
_TODAY = bindparam("today", type_=Date)
_MEMBERSHIP = bindparam("membership", type_=Integer)


@dataclass(frozen=True)
class Days:
    """The days that views compare due dates with.

    A promise of n days took three times as long as promised if its date is before the n-th date of `thrice`,
    a text as PostgreSQL writes arrays.
    """

    today: date
    soon: date
    week_end: date
    thrice: str


def days() -> Days:
    """The days to compare with today, closed days taken into account."""
    return _days(clock.today(), tuple(organisation.closed_days()))


@lru_cache(maxsize=16)
def _days(today: date, closed: tuple[date, ...]) -> Days:
    own = dict.fromkeys(closed, "")
    # Closed days cannot be counted in SQL: the limits are calculated here, one for each length.
    before = open_days_before(today, (THRICE - 1) * MAX_PROMISE, own)
    limits = before[THRICE - 2 :: THRICE - 1]
    return Days(
        today=today,
        soon=open_day_after(today, SOON, own),
        week_end=today + timedelta(days=SUNDAY - today.weekday()),
        thrice="{" + ",".join(day.isoformat() for day in limits) + "}",
    )


def shape(filters: Filters) -> Filters:
    """The filters with placeholder values: equal for filters that differ in values alone."""
    return replace(
        filters,
        words="",
        kind=filters.kind and Kind.QUESTION,
        category=filters.category and "key",
        officer=filters.officer if filters.officer in {"", ME, NOBODY} else "1",
        status=filters.status and Status.RECEIVED,
        unit=filters.unit and "key",
        channel=filters.channel and Channel.WEB,
        level=filters.level and 1,
        first=filters.first and date.min,
        last=filters.last and date.min,
    )


def parameters(actor: Staff, at: Days) -> dict[str, Any]:
    """The values of what all conditions have in common."""
    return {
        "membership": actor.membership,
        "unit": actor.unit,
        "today": at.today,
        "soon": at.soon,
        "week_end": at.week_end,
        "thrice": at.thrice,
    }


def filter_parameters(filters: Filters, prefix: str = "") -> dict[str, Any]:
    """The values of filters, for conditions with the same prefix."""
    first, last = filters.first, filters.last
    values: dict[str, Any] = {
        "kind": filters.kind,
        "category": filters.category,
        "status": filters.status,
        "unit": filters.unit,
        "channel": filters.channel,
        "level": filters.level,
        # In Swedish time.
        "first": datetime.combine(first, time(), clock.STOCKHOLM) if first else None,
        "last": clock.end_of_day(last) if last else None,
    }
    if filters.officer not in {"", ME, NOBODY}:
        values["officer"] = int(filters.officer)
    return {f"{prefix}f_{name}": value for name, value in values.items() if value}


def is_bounded(shape: Filters) -> bool:
    """Whether there are open cases only in a list, of which there are few however many cases there are."""
    return shape.view not in UNBOUNDED or shape.promise is not None


def conditions(shape: Filters, prefix: str = "") -> list[ColumnElement[bool]]:
    """The conditions of a view and its filters, beside IS_OPEN where is_bounded() and what the actor sees."""
    # A case that waits for the answer of another presses there: that one has the earliest date of both.
    alone = [Case.merged_into_id.is_(None)] if is_bounded(shape) else []
    return [*_in_view(shape.view), *_filters(shape, prefix), *alone]


def _in_view(view: View) -> list[ColumnElement[bool]]:
    undone = select(Task.case_id).where(Task.done_at.is_(None))
    views: dict[View, ColumnElement[bool]] = {
        View.MINE: Case.officer_id == _MEMBERSHIP,
        View.UNIT: Case.handling_unit_id == bindparam("unit", type_=Integer),
        View.UNASSIGNED: _unassigned(),
        View.DUE_SOON: _promised(Promise.SOON),
        View.OVERDUE: _promised(Promise.LATE),
        View.OVERDUE_THRICE: _thrice_over(),
        View.AWAITING: Case.status == Status.AWAITING_CITIZEN,
        View.REOPENED: Case.reopened.expression,
        View.UNSATISFIED: Case.unsatisfied.expression,
        View.UNDELIVERED: Case.id.in_(undone),
    }
    return [views[view]] if view in views else []


def _promised(promise: Promise) -> ColumnElement[bool]:
    """The condition that an open case is in this state of its promise."""
    states: dict[Promise, ColumnElement[bool]] = {
        Promise.IN_TIME: Case.keep_by >= _TODAY,
        Promise.SOON: Case.keep_by.between(_TODAY, bindparam("soon", type_=Date)),
        Promise.LATE: Case.keep_by < _TODAY,
        Promise.WEEK: Case.keep_by.between(_TODAY, bindparam("week_end", type_=Date)),
        Promise.PRESSING: Case.keep_by <= bindparam("soon", type_=Date),
    }
    return states[promise]


def _thrice_over() -> ColumnElement[bool]:
    return Case.keep_by < _NthDate(bindparam("thrice", type_=Text), Case.promised_days)


class _NthDate(FunctionElement[date]):
    """The n-th date of a text that is written as PostgreSQL writes arrays; NULL after the last."""

    inherit_cache = True
    type = Date()


@compiles(_NthDate, "postgresql")
def _postgresql(element: _NthDate, compiler: SQLCompiler, **options: Any) -> str:
    dates, number = [compiler.process(part, **options) for part in element.clauses]
    # Read once for a statement: as a subquery, since the cast is none that PostgreSQL makes beforehand.
    return f"((SELECT CAST({dates} AS DATE[])))[{number}]"


@compiles(_NthDate, "sqlite")
def _sqlite(element: _NthDate, compiler: SQLCompiler, **options: Any) -> str:
    dates, number = [compiler.process(part, **options) for part in element.clauses]
    return f"nullif(substr({dates}, {number} * {DATE + 1} - {DATE - 1}, {DATE}), '')"


def _unassigned() -> ColumnElement[bool]:
    """queries.officer_of() is None, as SQL."""
    # Read once for a statement, and not once for each case.
    ended = select(Membership.id).where(~is_running())
    return or_(Case.officer_id.is_(None), Case.officer_id.in_(ended))


def _filters(shape: Filters, prefix: str) -> list[ColumnElement[bool]]:
    """One condition for each filter that is set."""

    def value(name: str, column: Any) -> Any:
        return bindparam(f"{prefix}f_{name}", type_=column.type)

    category = select(Category.id).where(Category.key == value("category", Category.key)).scalar_subquery()
    unit = select(Unit.id).where(Unit.key == value("unit", Unit.key)).scalar_subquery()
    every: list[tuple[Any, ColumnElement[bool]]] = [
        (shape.status, Case.status == value("status", Case.status)),
        (shape.kind, Case.kind == value("kind", Case.kind)),
        (shape.channel, Case.channel == value("channel", Case.channel)),
        (shape.level, Case.level == value("level", Case.level)),
        (shape.category, Case.category_id == category),
        (shape.unit, Case.handling_unit_id == unit),
        (shape.officer == NOBODY, _unassigned()),
        (shape.officer == ME, Case.officer_id == _MEMBERSHIP),
        (shape.officer not in {"", NOBODY, ME}, Case.officer_id == value("officer", Case.officer_id)),
        (shape.first, Case.received_at >= value("first", Case.received_at)),
        (shape.last, Case.received_at < value("last", Case.received_at)),
    ]
    conditions = [condition for is_set, condition in every if is_set]
    return [*conditions, _promised(shape.promise)] if shape.promise else conditions
