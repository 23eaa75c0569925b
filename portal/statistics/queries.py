"""The figures of what an actor may see: dates and kinds alone, no text, nobody's name."""

from collections.abc import Iterator
from datetime import date, datetime

from sqlalchemy import Executable, exists, null, or_, select
from sqlalchemy.orm import aliased

from portal import clock
from portal.cases.enums import Kind
from portal.cases.lifecycle import CloseReason
from portal.cases.models import Case, PastClock
from portal.cases.queries import visible_to
from portal.db import session
from portal.identity.actors import Actor
from portal.organisation import queries as organisation
from portal.statistics.rules import Round, Statistics, summarise


def since(today: date) -> date:
    """The first day of the twelve full months before the running one."""
    return date(today.year - 1, today.month, 1)


def statistics(actor: Actor) -> Statistics:
    """What may be told of the last twelve full months and the running one."""
    today = clock.today()
    return summarise(list(rounds(actor, since(today))), today, organisation.closed_days())


def rounds(actor: Actor, first: date) -> Iterator[Round]:
    """Every promise begun on this day or later. What nobody here was to answer is left out."""
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
    ours = or_(Case.close_reason.is_(None), Case.close_reason == CloseReason.ANSWERED)
    now = select(*columns).where(visible_to(actor), ours, Case.clock_started_on >= first)
    for query in (now, _past(actor, first)):
        yield from (_round(*row) for row in session().execute(query))


def _past(actor: Actor, first: date) -> Executable:
    """The promises before a case was opened again: each that was answered counts as one of its own."""
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
    answered = PastClock.answered_at.is_not(None), PastClock.started_on >= first
    return select(*columns).join(Case, PastClock.case_id == Case.id).where(visible_to(actor), *answered)


def _round(
    kind: Kind,
    started: date,
    due: date | None,
    answered: datetime | None,
    contact_due: date | None,
    contacted: datetime | None,
    extended: date | None,
    paused: date | None,
    again: bool,
) -> Round:
    moved, waits = extended is not None, paused is not None
    return Round(kind, started, due, _day(answered), contact_due, _day(contacted), moved, waits, again)


def _day(moment: datetime | None) -> date | None:
    return clock.stockholm(moment).date() if moment else None
