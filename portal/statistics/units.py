"""The answers, missing answers and arrivals of units in a period: dates and ids, no text and no names."""

from collections.abc import Iterator, Sequence
from datetime import date, datetime
from functools import cache
from typing import Any

from sqlalchemy import (
    BindParameter,
    CompoundSelect,
    Date,
    Executable,
    Select,
    and_,
    bindparam,
    case,
    exists,
    false,
    func,
    or_,
    select,
    union_all,
)
from sqlalchemy.orm import aliased

from portal import clock
from portal.cases.access import Scope
from portal.cases.lifecycle import CloseReason
from portal.cases.models import Case, PastClock
from portal.cases.queue.conditions import IS_OPEN
from portal.cases.visibility import ScopeKind, kind_of, not_barred, parametrised, scope_values, ways_in
from portal.db import UtcDateTime, session
from portal.identity.actors import Staff
from portal.organisation import queries as organisation
from portal.statistics.unit_rules import Arrival, FirstAnswer, GivenAnswer, MissingAnswer, UnitRecords

_SINCE = bindparam("since", type_=UtcDateTime())
_FIRST = bindparam("first", type_=Date)
_UNITS: BindParameter[Any] = bindparam("units", expanding=True)


def unit_records(actor: Staff, units: Sequence[int], first: date) -> UnitRecords:
    """What units that the actor heads are to do, and did, from a day on. At most five statements."""
    since = clock.start_of_day(first)
    values = {"units": list(units), "since": since, "first": first, **scope_values(actor)}
    kind = kind_of(actor)

    def rows(statement: Executable) -> Sequence[Any]:
        return session().execute(statement, values).all()

    answers = [*_given(rows(_answers(kind))), *_given(rows(_earlier_answers(kind)))]
    missing = [MissingAnswer(*row) for row in rows(_missing(kind))]
    arrivals = [_arrival(row) for row in rows(_arrivals(kind))]
    # Only the first line is asked of: of any other unit there are none.
    is_first_line = any(unit.first_line for unit in organisation.every_unit() if unit.id in units)
    firsts = rows(_first_answers(kind)) if is_first_line else []
    first_answers = [FirstAnswer(row[0], _day(row[1]), row[2]) for row in firsts]
    return UnitRecords(answers, missing, arrivals, first_answers)


def _given(rows: Sequence[Any]) -> Iterator[GivenAnswer]:
    for case_id, started, answered, due, extended_to, summer in rows:
        yield GivenAnswer(case_id, started, _day(answered), due, extended_to is not None, summer)


def _arrival(row: Any) -> Arrival:
    contacted = row.contacted and _day(row.contacted)
    return Arrival(row.id, _day(row.received_at), contacted, row.promise["contact"], row.in_reach)


def _day(moment: datetime) -> date:
    return clock.stockholm(moment).date()


def _of_units(to: Scope) -> list[Any]:
    return [Case.handling_unit_id.in_(_UNITS), or_(false(), *ways_in(to)), *not_barred(to.person)]


# Withdrawn, transferred, outside and duplicate cases were never to be answered here.
_ANSWERABLE = or_(Case.close_reason.is_(None), Case.close_reason == CloseReason.ANSWERED)


def _was_theirs(to: Scope) -> list[Any]:
    """For counts of what a unit did with a case, which may be at another unit now (docs/decisions/0016)."""
    return [or_(Case.secrecy.is_(None), *ways_in(to)), *not_barred(to.person)]


@cache
def _answers(kind: ScopeKind) -> Select[*tuple[Any, ...]]:
    promise = Case.clock_started_on, Case.answered_at, Case.due_answer, Case.extended_to
    query = select(Case.id, *promise, Case.extended_for_summer)
    return query.where(Case.answered_at >= _SINCE, *_of_units(parametrised(kind)), _ANSWERABLE)


@cache
def _earlier_answers(kind: ScopeKind) -> Select[*tuple[Any, ...]]:
    promise = PastClock.started_on, PastClock.answered_at, PastClock.due_answer, PastClock.extended_to
    query = select(Case.id, *promise, PastClock.extended_for_summer)
    query = query.join(Case, PastClock.case_id == Case.id)
    # No condition on the close reason: it was answered, whatever became of the next round.
    own = PastClock.handling_unit_id.in_(_UNITS), *_was_theirs(parametrised(kind))
    return query.where(PastClock.answered_at >= _SINCE, *own)


@cache
def _missing(kind: ScopeKind) -> Select[*tuple[Any, ...]]:
    query = select(Case.id, Case.due_answer).where(IS_OPEN, Case.paused_on.is_(None))
    return query.where(Case.due_answer >= _FIRST, *_of_units(parametrised(kind)), _ANSWERABLE)


@cache
def _arrivals(kind: ScopeKind) -> Select[*tuple[Any, ...]]:
    # A case that was opened again begins a new round, and a sender who withdrew theirs may write again.
    earlier = select(func.min(PastClock.contacted_at)).where(PastClock.case_id == Case.id)
    ever = func.coalesce(earlier.correlate(Case).scalar_subquery(), Case.contacted_at)
    contacted = case((Case.reopened, ever), else_=Case.contacted_at)
    # Reach as in the figures of a period: a part did not come in, the case that it was split from did.
    owed = or_(_ANSWERABLE, Case.close_reason == CloseReason.DUPLICATE)
    in_reach = and_(Case.split_from_id.is_(None), Case.answer_wanted, owed).label("in_reach")
    query = select(Case.id, Case.received_at, contacted.label("contacted"), Case.promise, in_reach)
    return query.where(Case.received_at >= _SINCE, *_of_units(parametrised(kind)))


@cache
def _first_answers(kind: ScopeKind) -> CompoundSelect[*tuple[Any, ...]]:
    earlier = aliased(PastClock)
    answered_before = exists().where(earlier.case_id == Case.id, earlier.answered_at.is_not(None))
    now = select(Case.id, Case.answered_at, Case.first_contact)
    now = now.where(Case.answered_at >= _SINCE, ~answered_before, *_came_first(kind))
    then = select(Case.id, PastClock.answered_at, Case.first_contact)
    then = then.join(Case, PastClock.case_id == Case.id)
    answered_before = answered_before.where(earlier.id < PastClock.id)
    then = then.where(PastClock.answered_at >= _SINCE, ~answered_before, *_came_first(kind))
    return union_all(now, then)


def _came_first(kind: ScopeKind) -> list[Any]:
    """The cases that came to the units as the first line, also those that are at another unit now."""
    known = Case.first_contact.is_not(None)
    return [Case.first_line_unit_id.in_(_UNITS), known, *_was_theirs(parametrised(kind))]
