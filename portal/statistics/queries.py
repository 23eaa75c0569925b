"""The figures of what an actor may see: dates and kinds alone, no text, nobody's name."""

from collections.abc import Iterator
from datetime import date, datetime

from sqlalchemy import or_, select

from portal import clock
from portal.cases.lifecycle import CloseReason
from portal.cases.models import Case
from portal.cases.queries import visible
from portal.db import session
from portal.identity.actors import Actor
from portal.organisation import queries as organisation
from portal.statistics.rules import Round, Statistics, tell


def since(today: date) -> date:
    """The first day of the twelve full months before the running one."""
    return date(today.year - 1, today.month, 1)


def statistics(actor: Actor) -> Statistics:
    """What may be told of the last twelve full months and the running one."""
    today = clock.today()
    return tell(list(rounds(actor, since(today))), today, organisation.closed_days())


def rounds(actor: Actor, first: date) -> Iterator[Round]:
    """Every promise begun on this day or later. What nobody here was to answer is left out."""
    columns = (
        Case.kind,
        Case.clock_started_on,
        Case.due_answer,
        Case.answered_at,
        Case.due_contact,
        Case.contacted_at,
        Case.paused_on,
    )
    ours = or_(Case.close_reason.is_(None), Case.close_reason == CloseReason.ANSWERED)
    query = select(*columns).where(visible(actor), ours, Case.clock_started_on >= first)
    for kind, started, due, answered, contact_due, contacted, paused in session().execute(query):
        yield Round(
            kind, started, due, _day(answered), contact_due, _day(contacted), paused=paused is not None
        )


def _day(moment: datetime | None) -> date | None:
    return clock.stockholm(moment).date() if moment else None
