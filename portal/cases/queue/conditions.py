"""SQL conditions of the queue: its views, its filters, and the due date that a case is sorted by."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time

from sqlalchemy import ColumnElement, and_, case, false, func, literal, or_, select, true

from portal import clock
from portal.cases.deadlines import open_day_after, open_day_before
from portal.cases.lifecycle import OPEN, Status
from portal.cases.models import Case, PastClock, Task
from portal.cases.queries import has_officer
from portal.cases.queue.filters import ME, NOBODY, Filters, Promise, View
from portal.cases.search.queries import matching
from portal.cases.visibility import visible_to
from portal.db import session
from portal.identity.actors import Staff
from portal.organisation import queries as organisation
from portal.organisation.models import Category, Unit

SOON = 3  # working days
THRICE = 3
PROMPTLY = literal(date.min)
NEVER = literal(date.max)

_OPEN = Case.status.in_(sorted(OPEN))
_CONTACT = case((Case.contacted_at.is_(None), Case.due_contact))
# The date to keep: that of the answer or, if none is promised, of the first contact. NULL while paused.
to_keep = case((and_(_OPEN, Case.paused_on.is_(None)), func.coalesce(Case.due_answer, _CONTACT)))
# The same as a sort key. Requests for public records have no date but are due promptly (TF 2:15): first.
# A keyset cannot compare NULL, so cases without a date get one, after all others.
urgency = case((and_(_OPEN, Case.record_request), PROMPTLY), else_=func.coalesce(to_keep, NEVER))
# The length of that promise in working days.
promised_days = case(
    (Case.due_answer.is_not(None), Case.promise["answer"].as_integer()),
    else_=Case.promise["contact"].as_integer(),
)


@dataclass(frozen=True)
class Days:
    """The days that views compare due dates with.

    A promise of n days took three times as long as promised if its date is before `thrice[n]`.
    """

    today: date
    soon: date
    thrice: Mapping[int, date]


def days() -> Days:
    """The days to compare with today, closed days taken into account."""
    today = clock.today()
    own = organisation.closed_days()
    # Closed days cannot be counted in SQL: the limits are calculated here, one for each length in use.
    lengths = session().scalars(select(promised_days).where(to_keep < today).distinct())
    thrice = {length: open_day_before(today, (THRICE - 1) * length, own) for length in lengths if length}
    return Days(today, open_day_after(today, SOON, own), thrice)


def conditions(actor: Staff, filters: Filters, at: Days) -> ColumnElement[bool]:
    """All conditions of a list: what the actor may see, its view, its filters and the words searched for."""
    words = [matching(actor, filters.words)] if filters.words else []
    return and_(visible_to(actor), in_view(actor, filters.view, at), *_filters(actor, filters, at), *words)


def in_view(actor: Staff, view: View, at: Days) -> ColumnElement[bool]:
    """The condition that a case belongs to a view."""
    tasks = select(Task.case_id).where(Task.done_at.is_(None))
    rounds = select(PastClock.case_id)
    views: dict[View, ColumnElement[bool]] = {
        View.MINE: and_(_OPEN, Case.officer_id == actor.membership),
        View.UNIT: and_(_OPEN, Case.handling_unit_id == actor.unit) if actor.unit else false(),
        View.OPEN: _OPEN,
        View.UNASSIGNED: and_(_OPEN, ~has_officer()),
        View.DUE_SOON: promise_condition(Promise.SOON, at),
        View.OVERDUE: promise_condition(Promise.LATE, at),
        View.OVERDUE_THRICE: _thrice_over(at),
        View.AWAITING: Case.status == Status.AWAITING_CITIZEN,
        View.NEWEST: true(),
        View.REOPENED: and_(_OPEN, Case.id.in_(rounds)),
        View.UNSATISFIED: and_(_OPEN, Case.unsatisfied),
        View.UNDELIVERED: Case.id.in_(tasks),
    }
    return views[view]


def promise_condition(promise: Promise, at: Days) -> ColumnElement[bool]:
    """The condition that an open case is in this state of its promise."""
    return {
        Promise.IN_TIME: to_keep >= at.today,
        Promise.SOON: to_keep.between(at.today, at.soon),
        Promise.LATE: to_keep < at.today,
        Promise.UNDATED: and_(_OPEN, to_keep.is_(None)),
    }[promise]


def _thrice_over(at: Days) -> ColumnElement[bool]:
    over = [and_(promised_days == length, to_keep < before) for length, before in at.thrice.items()]
    return and_(_OPEN, or_(false(), *over))


def _filters(actor: Staff, filters: Filters, at: Days) -> list[ColumnElement[bool]]:
    """One condition for each filter that is set."""
    conditions = _equals(filters)
    if filters.category:
        category = select(Category.id).where(Category.key == filters.category)
        conditions.append(Case.category_id.in_(category))
    if filters.unit:
        unit = select(Unit.id).where(Unit.key == filters.unit)
        conditions.append(Case.handling_unit_id.in_(unit))
    if filters.officer:
        conditions.append(_assigned_to(actor, filters.officer))
    if filters.promise:
        conditions.append(promise_condition(filters.promise, at))
    return [*conditions, *_received(filters)]


def _equals(filters: Filters) -> list[ColumnElement[bool]]:
    columns = {
        Case.status: filters.status,
        Case.kind: filters.kind,
        Case.channel: filters.channel,
    }
    return [column == value for column, value in columns.items() if value]


def _assigned_to(actor: Staff, officer: str) -> ColumnElement[bool]:
    if officer == NOBODY:
        return ~has_officer()
    return Case.officer_id == (actor.membership if officer == ME else int(officer))


def _received(filters: Filters) -> list[ColumnElement[bool]]:
    """Received on or between the chosen days, in Swedish time."""
    conditions = []
    if filters.first:
        start = datetime.combine(filters.first, time(), clock.STOCKHOLM)
        conditions.append(Case.received_at >= start)
    if filters.last:
        conditions.append(Case.received_at < clock.end_of_day(filters.last))
    return conditions
