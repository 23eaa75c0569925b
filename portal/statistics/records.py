"""The promises of the visible cases: dates and kinds, no text and no names."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime
from functools import cache
from typing import Any

from sqlalchemy import ColumnElement, Date, Select, bindparam, exists, null, or_, select
from sqlalchemy.orm import aliased

from portal import clock
from portal.cases.access import Scope
from portal.cases.lifecycle import CloseReason
from portal.cases.models import Case, PastClock
from portal.cases.visibility import ScopeKind, kind_of, parametrised, scope_values, visible_to
from portal.db import session
from portal.identity.actors import Actor
from portal.statistics.models import CountedPromise
from portal.statistics.tallies import PromiseRecord

# The columns of a promise, in the order of each statement here.
COLUMNS = (
    "case_id",
    "kind",
    "started_on",
    "due_answer",
    "answered_at",
    "due_contact",
    "contacted_at",
    "extended_to",
    "paused_on",
    "reopened",
)
FIRST: ColumnElement[date] = bindparam("first", type_=Date)


def promise_records(actor: Actor, first: date) -> Iterator[PromiseRecord]:
    """Each promise made on this day or later, of the cases that the municipality itself was to answer."""
    values = {"first": first, **scope_values(actor)}
    for query in _of_kind(kind_of(actor)):
        yield from records(session().execute(query, values))


@cache
def _of_kind(kind: ScopeKind) -> tuple[Select[Any], Select[Any]]:
    scope = parametrised(kind)
    return current_promises(scope), earlier_promises(scope)


def records(rows: Iterable[Sequence[Any]]) -> Iterator[PromiseRecord]:
    """The promises of rows that begin with COLUMNS."""
    for row in rows:
        _case, kind, started, due, answered, contact_due, contacted, extended, paused, reopened = row[:10]
        yield PromiseRecord(
            kind=kind,
            started=started,
            due=due,
            answered=_day(answered),
            contact_due=contact_due,
            contacted=_day(contacted),
            extended=extended is not None,
            paused=paused is not None,
            reopened=reopened,
        )


def _day(moment: datetime | None) -> date | None:
    return clock.stockholm(moment).date() if moment else None


def current_promises(of: Actor | Scope) -> Select[Any]:
    """The promises that the visible cases have now, from FIRST on."""
    columns: tuple[Any, ...] = (
        Case.id,
        Case.kind,
        Case.clock_started_on,
        Case.due_answer,
        Case.answered_at,
        Case.due_contact,
        Case.contacted_at,
        Case.extended_to,
        Case.paused_on,
        exists().where(PastClock.case_id == Case.id, PastClock.answered_at.is_not(None)).label("reopened"),
    )
    # Withdrawn, transferred, outside and duplicate cases were never to be answered here.
    answerable = or_(Case.close_reason.is_(None), Case.close_reason == CloseReason.ANSWERED)
    return select(*columns).where(visible_to(of), answerable, Case.clock_started_on >= FIRST)


def earlier_promises(of: Actor | Scope) -> Select[Any]:
    """The answered promises of reopened cases, from before each reopening, from FIRST on."""
    earlier = aliased(PastClock)
    answered_before = exists().where(
        earlier.case_id == PastClock.case_id, earlier.id < PastClock.id, earlier.answered_at.is_not(None)
    )
    columns: tuple[Any, ...] = (
        Case.id,
        Case.kind,
        PastClock.started_on,
        PastClock.due_answer,
        PastClock.answered_at,
        PastClock.due_contact,
        PastClock.contacted_at,
        PastClock.extended_to,
        null().label("paused_on"),
        answered_before.label("reopened"),
    )
    # No condition on the close reason: this promise was answered, whatever became of the next one.
    return (
        select(*columns)
        .join(Case, PastClock.case_id == Case.id)
        .where(visible_to(of), PastClock.answered_at.is_not(None), PastClock.started_on >= FIRST)
    )


def counted_promises() -> Select[Any]:
    """The promises that are in the kept counts, from FIRST on."""
    columns = [getattr(CountedPromise, name) for name in COLUMNS]
    return select(*columns).where(CountedPromise.started_on >= FIRST)
