"""Queries behind the public statistics: dates and kinds of the visible cases, no text and no names."""

from collections.abc import Iterator
from datetime import date, datetime

from sqlalchemy import Executable, exists, null, or_, select
from sqlalchemy.orm import aliased

from portal import clock
from portal.cases.enums import Kind
from portal.cases.lifecycle import CloseReason
from portal.cases.models import Case, PastClock
from portal.cases.visibility import visible_to
from portal.db import session
from portal.identity.actors import Actor
from portal.organisation import queries as organisation
from portal.statistics.rules import PromiseRecord, Statistics, summarise


def period_start(today: date) -> date:
    """The first day of the twelve full months before the current one."""
    return date(today.year - 1, today.month, 1)


def statistics(actor: Actor) -> Statistics:
    """The statistics of the last twelve full months and the current one."""
    today = clock.today()
    records = list(promise_records(actor, period_start(today)))
    return summarise(records, today, organisation.closed_days())


def promise_records(actor: Actor, first: date) -> Iterator[PromiseRecord]:
    """Each promise made on this day or later, of the cases that the municipality itself was to answer."""
    columns = (
        Case.kind,
        Case.clock_started_on,
        Case.due_answer,
        Case.answered_at,
        Case.due_contact,
        Case.contacted_at,
        Case.extended_to,
        Case.paused_on,
        exists().where(PastClock.case_id == Case.id, PastClock.answered_at.is_not(None)),
    )
    # Withdrawn, transferred, outside and duplicate cases were never to be answered here.
    answerable = or_(Case.close_reason.is_(None), Case.close_reason == CloseReason.ANSWERED)
    current = select(*columns).where(visible_to(actor), answerable, Case.clock_started_on >= first)
    for query in (current, _earlier_promises(actor, first)):
        for row in session().execute(query):
            yield _promise_record(*row)


def _earlier_promises(actor: Actor, first: date) -> Executable:
    """The answered promises of reopened cases, from before each reopening."""
    earlier = aliased(PastClock)
    columns = (
        Case.kind,
        PastClock.started_on,
        PastClock.due_answer,
        PastClock.answered_at,
        PastClock.due_contact,
        PastClock.contacted_at,
        PastClock.extended_to,
        null(),
        exists().where(
            earlier.case_id == PastClock.case_id, earlier.id < PastClock.id, earlier.answered_at.is_not(None)
        ),
    )
    # No condition on the close reason: this promise was answered, whatever became of the next one.
    return (
        select(*columns)
        .join(Case, PastClock.case_id == Case.id)
        .where(visible_to(actor), PastClock.answered_at.is_not(None), PastClock.started_on >= first)
    )


def _promise_record(
    kind: Kind,
    started: date,
    due: date | None,
    answered: datetime | None,
    contact_due: date | None,
    contacted: datetime | None,
    extended: date | None,
    paused: date | None,
    reopened: bool,
) -> PromiseRecord:
    return PromiseRecord(
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
