"""The answers, missing answers and arrivals of units in a period: dates and ids, no text and no names."""

from collections.abc import Sequence
from datetime import date
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
from portal.database.days import StockholmDay
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

    answers = [GivenAnswer(*row) for row in [*rows(_answers(kind)), *rows(_earlier_answers(kind))]]
    missing = [MissingAnswer(*row) for row in rows(_missing(kind))]
    arrivals = [Arrival(*row) for row in rows(_arrivals(kind))]
    # Only the first line is asked of: of any other unit there are none.
    is_first_line = any(unit.first_line for unit in organisation.every_unit() if unit.id in units)
    firsts = rows(_first_answers(kind)) if is_first_line else []
    return UnitRecords(answers, missing, arrivals, [FirstAnswer(*row) for row in firsts])


def _alike(query: Select[Any] | CompoundSelect[Any]) -> Select[Any]:
    """Rows that are alike as one, with how many there are."""
    rows = query.subquery()
    return select(*rows.c, func.count()).group_by(*rows.c)


def _of_units(to: Scope) -> list[Any]:
    return [Case.handling_unit_id.in_(_UNITS), or_(false(), *ways_in(to)), *not_barred(to.person)]


# Withdrawn, transferred, outside and duplicate cases were never to be answered here.
_ANSWERABLE = or_(Case.close_reason.is_(None), Case.close_reason == CloseReason.ANSWERED)


def _was_theirs(to: Scope) -> list[Any]:
    """For counts of what a unit did with a case, which may be at another unit now (docs/decisions/0016)."""
    return [or_(Case.secrecy.is_(None), *ways_in(to)), *not_barred(to.person)]


def _given(row: Any, started: Any) -> Select[Any]:
    answered = StockholmDay(row.answered_at)
    late, extended = answered > row.due_answer, row.extended_to.is_not(None)
    labelled = answered.label("answered"), late.label("late"), extended.label("extended")
    return select(started, *labelled, row.extended_for_summer)


@cache
def _answers(kind: ScopeKind) -> Select[*tuple[Any, ...]]:
    query = _given(Case, Case.clock_started_on)
    return _alike(query.where(Case.answered_at >= _SINCE, *_of_units(parametrised(kind)), _ANSWERABLE))


@cache
def _earlier_answers(kind: ScopeKind) -> Select[*tuple[Any, ...]]:
    query = _given(PastClock, PastClock.started_on).join(Case, PastClock.case_id == Case.id)
    # No condition on the close reason: it was answered, whatever became of the next round.
    own = PastClock.handling_unit_id.in_(_UNITS), *_was_theirs(parametrised(kind))
    return _alike(query.where(PastClock.answered_at >= _SINCE, *own))


@cache
def _missing(kind: ScopeKind) -> Select[*tuple[Any, ...]]:
    query = select(Case.due_answer).where(IS_OPEN, Case.paused_on.is_(None))
    return _alike(query.where(Case.due_answer >= _FIRST, *_of_units(parametrised(kind)), _ANSWERABLE))


@cache
def _arrivals(kind: ScopeKind) -> Select[*tuple[Any, ...]]:
    # A case that was opened again begins a new round, and a sender who withdrew theirs may write again.
    earlier = select(func.min(PastClock.contacted_at)).where(PastClock.case_id == Case.id)
    ever = func.coalesce(earlier.correlate(Case).scalar_subquery(), Case.contacted_at)
    contacted = case((Case.reopened, ever), else_=Case.contacted_at)
    # Reach as in the figures of a period: a part did not come in, the case that it was split from did.
    owed = or_(_ANSWERABLE, Case.close_reason == CloseReason.DUPLICATE)
    in_reach = and_(Case.split_from_id.is_(None), Case.answer_wanted, owed)
    days = StockholmDay(Case.received_at).label("arrived"), StockholmDay(contacted).label("contacted")
    query = select(*days, Case.promise["contact"].as_integer().label("promised"), in_reach.label("in_reach"))
    return _alike(query.where(Case.received_at >= _SINCE, *_of_units(parametrised(kind))))


@cache
def _first_answers(kind: ScopeKind) -> Select[*tuple[Any, ...]]:
    earlier = aliased(PastClock)
    answered_before = exists().where(earlier.case_id == Case.id, earlier.answered_at.is_not(None))
    now = select(StockholmDay(Case.answered_at).label("answered"), Case.first_contact)
    now = now.where(Case.answered_at >= _SINCE, ~answered_before, *_came_first(kind))
    then = select(StockholmDay(PastClock.answered_at), Case.first_contact)
    then = then.join(Case, PastClock.case_id == Case.id)
    answered_before = answered_before.where(earlier.id < PastClock.id)
    then = then.where(PastClock.answered_at >= _SINCE, ~answered_before, *_came_first(kind))
    return _alike(union_all(now, then))


def _came_first(kind: ScopeKind) -> list[Any]:
    """The cases that came to the units as the first line, also those that are at another unit now."""
    known = Case.first_contact.is_not(None)
    return [Case.first_line_unit_id.in_(_UNITS), known, *_was_theirs(parametrised(kind))]
