"""What the queue asks for, as SQL: each view, each filter, and the date that a case is kept by."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time

from sqlalchemy import ColumnElement, and_, case, false, func, literal, or_, select, true

from portal import clock
from portal.cases.deadlines import open_day_after, open_day_before
from portal.cases.lifecycle import OPEN, Status
from portal.cases.models import Case, PastClock, Task
from portal.cases.queries import visible_to
from portal.cases.queue.filters import ME, NOBODY, Filters, Promise, View
from portal.cases.search.queries import matching
from portal.db import session
from portal.identity.actors import Staff
from portal.organisation import queries as organisation
from portal.organisation.models import Category, Unit

SOON, THRICE = 3, 3
PROMPTLY, NEVER = literal(date.min), literal(date.max)

_OPEN = Case.status.in_(sorted(OPEN))
_CONTACT = case((Case.contacted_at.is_(None), Case.due_contact))
# The date to keep: the answer's or, where none is promised, the first contact's. None while nothing runs.
to_keep = case((and_(_OPEN, Case.paused_on.is_(None)), func.coalesce(Case.due_answer, _CONTACT)))
# The same as a place in a list: what is to be done promptly comes first, what has no date last.
urgency = case((and_(_OPEN, Case.record_request), PROMPTLY), else_=func.coalesce(to_keep, NEVER))
# How many working days that date was promised in.
promised_days = case(
    (Case.due_answer.is_not(None), Case.promise["answer"].as_integer()),
    else_=Case.promise["contact"].as_integer(),
)


@dataclass(frozen=True)
class Days:
    """The days that views compare with; a date before `thrice[n]` is three times over for n promised days."""

    today: date
    soon: date
    thrice: Mapping[int, date]


def days() -> Days:
    """These days, as the calendar counts them today."""
    today, own = clock.today(), organisation.closed_days()
    lengths = session().scalars(select(promised_days).where(to_keep < today).distinct())
    thrice = {each: open_day_before(today, (THRICE - 1) * each, own) for each in lengths if each}
    return Days(today, open_day_after(today, SOON, own), thrice)


def conditions(actor: Staff, filters: Filters, at: Days) -> ColumnElement[bool]:
    """All that a case must be to stand in the list: what the actor may see first, then what they ask for."""
    words = (matching(filters.words),) if filters.words else ()
    return and_(visible_to(actor), in_view(actor, filters.view, at), *_narrowed(actor, filters, at), *words)


def in_view(actor: Staff, view: View, at: Days) -> ColumnElement[bool]:
    """That a case belongs to a view."""
    tasks, rounds = select(Task.case_id).where(Task.done_at.is_(None)), select(PastClock.case_id)
    views: dict[View, ColumnElement[bool]] = {
        View.MINE: and_(_OPEN, Case.officer_id == actor.membership),
        View.UNIT: and_(_OPEN, Case.handling_unit_id == actor.unit) if actor.unit else false(),
        View.OPEN: _OPEN,
        View.UNASSIGNED: and_(_OPEN, Case.officer_id.is_(None)),
        View.DUE_SOON: promised(Promise.SOON, at),
        View.OVERDUE: promised(Promise.LATE, at),
        View.OVERDUE_THRICE: _thrice_over(at),
        View.AWAITING: Case.status == Status.AWAITING_CITIZEN,
        View.NEWEST: true(),
        View.REOPENED: and_(_OPEN, Case.id.in_(rounds)),
        View.UNSATISFIED: and_(_OPEN, Case.unsatisfied),
        View.UNDELIVERED: Case.id.in_(tasks),
    }
    return views[view]


def promised(how: Promise, at: Days) -> ColumnElement[bool]:
    """How an open case stands to its promise."""
    return {
        Promise.IN_TIME: to_keep >= at.today,
        Promise.SOON: to_keep.between(at.today, at.soon),
        Promise.LATE: to_keep < at.today,
        Promise.UNDATED: and_(_OPEN, to_keep.is_(None)),
    }[how]


def _thrice_over(at: Days) -> ColumnElement[bool]:
    over = [and_(promised_days == length, to_keep < before) for length, before in at.thrice.items()]
    return and_(_OPEN, or_(false(), *over))


def _narrowed(actor: Staff, asked: Filters, at: Days) -> list[ColumnElement[bool]]:
    """One condition for each filter that is set."""
    unit = select(Unit.id).where(Unit.key == asked.unit)
    category = select(Category.id).where(Category.key == asked.category)
    found = {
        asked.status: Case.status == asked.status,
        asked.kind: Case.kind == asked.kind,
        asked.channel: Case.channel == asked.channel,
    }
    set_ = [condition for value, condition in found.items() if value]
    if asked.category:
        set_.append(Case.category_id.in_(category))
    if asked.unit:
        set_.append(Case.handling_unit_id.in_(unit))
    if asked.officer:
        set_.append(_of(actor, asked.officer))
    if asked.promise:
        set_.append(promised(asked.promise, at))
    return [*set_, *_arrived(asked)]


def _of(actor: Staff, officer: str) -> ColumnElement[bool]:
    if officer == NOBODY:
        return Case.officer_id.is_(None)
    return Case.officer_id == (actor.membership if officer == ME else int(officer))


def _arrived(asked: Filters) -> list[ColumnElement[bool]]:
    """Received from the first day's first moment to the last day's last."""
    found = []
    if asked.first:
        found.append(Case.received_at >= datetime.combine(asked.first, time(), clock.STOCKHOLM))
    if asked.last:
        found.append(Case.received_at < clock.end_of_day(asked.last))
    return found
