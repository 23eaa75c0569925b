"""The reminder of a supplement: once for each question, half-way to its last day, on an open day."""

from collections.abc import Sequence

from sqlalchemy import select

from portal import clock
from portal.cases.deadlines import reminder_day
from portal.cases.lifecycle import Action, Status
from portal.cases.models import Case
from portal.cases.transitions import transition
from portal.db import session
from portal.identity.actors import System
from portal.organisation import queries as organisation
from portal.organisation.calendar import closed


def unreminded(_actor: System) -> Sequence[int]:
    """Ids of the cases whose sender should be reminded by now, the longest waiting first."""
    own = organisation.closed_days()
    today = clock.today()
    if closed(today, own):
        return []
    query = select(Case.id, Case.paused_on, Case.supplement_due).where(
        Case.status == Status.AWAITING_CITIZEN,
        Case.paused_on.is_not(None),
        Case.supplement_due >= today,
        Case.supplement_reminded_on.is_(None),
    )
    ids = []
    for case_id, requested, until in session().execute(query.order_by(Case.paused_on, Case.id)):
        day = reminder_day(requested, until, own) if requested and until else None
        if day and day <= today:
            ids.append(case_id)
    return ids


def remind(actor: System, case: Case) -> bool:
    """Remind the sender; False if they have been reminded, or have replied by now."""
    if case.status is not Status.AWAITING_CITIZEN or case.supplement_reminded_on:
        return False
    with transition(actor, case, Action.REMIND):
        case.supplement_reminded_on = clock.today()
    return True
