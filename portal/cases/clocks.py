"""The two clocks of a case, contact and answer. Due dates are derived from what the case stores."""

from datetime import date, datetime

from portal import clock
from portal.cases.deadlines import Explanation, Extension, Pause, explain
from portal.cases.models import Case, PastClock
from portal.db import session
from portal.organisation import queries as organisation


def start(case: Case, moment: datetime) -> None:
    """Start both clocks of a case; the day of `moment` is day zero."""
    case.clock_started_on = clock.stockholm(moment).date()
    case.paused_on, case.pauses, case.supplement_due = None, [], None
    case.extended_on = case.extended_to = case.extension_reason = None
    case.extended_for_summer = False
    count(case)


def count(case: Case) -> bool:
    """Recalculate both due dates; returns whether one that is still running has moved."""
    contact, answer = contact_promised(case), promised(case)
    before = case.due_answer, case.due_contact
    case.due_contact, case.due_answer = contact.due if contact else None, answer.due if answer else None
    after = case.due_answer, before[1] if case.contacted_at else case.due_contact
    return before != after


def pause(case: Case, moment: datetime, until: date | None) -> None:
    """Pause the answer clock while waiting for the sender, who was asked to reply by `until`, if set."""
    case.paused_on, case.supplement_due = clock.stockholm(moment).date(), until


def resume(case: Case, moment: datetime) -> None:
    """Resume a paused answer clock; the open days of the pause are not counted."""
    if case.paused_on:
        waited = case.paused_on.isoformat(), clock.stockholm(moment).date().isoformat()
        case.pauses = [*case.pauses, list(waited)]
        case.paused_on = case.supplement_due = None
        count(case)


def extend(case: Case, until: date, reason: str, summer: bool) -> None:
    """Extend the answer promise to a later date, for a reason that is shown to the sender."""
    case.extended_on, case.extended_to = clock.today(), until
    case.extension_reason, case.extended_for_summer = reason, summer
    count(case)


def archive_clock(case: Case) -> None:
    """Archive the clocks of a round that is over, for the statistics."""
    past = PastClock(case_id=case.id, started_on=case.clock_started_on, pauses=case.pauses)
    past.due_contact, past.due_answer = case.due_contact, case.due_answer
    past.contacted_at, past.answered_at = case.contacted_at, case.answered_at
    past.extended_to, past.extended_for_summer = case.extended_to, case.extended_for_summer
    past.unsatisfied, past.ended_at = case.unsatisfied, clock.now()
    session().add(past)


def promised(case: Case) -> Explanation | None:
    """The answer promise, day by day; None if no number of days was promised.

    None for a request for a public record too: that is due promptly (TF 2:15), not within a number of days.
    """
    days = None if case.record_request else case.promise["answer"]
    pauses = [Pause(*map(date.fromisoformat, each)) for each in case.pauses]
    return (
        explain(case.clock_started_on, days, organisation.closed_days(), pauses, _extension(case))
        if days
        else None
    )


def contact_promised(case: Case) -> Explanation | None:
    """The contact promise, day by day; None if there is none. It is never paused or extended."""
    days = case.promise["contact"]
    return explain(case.clock_started_on, days, organisation.closed_days()) if days else None


def _extension(case: Case) -> Extension | None:
    made, until = case.extended_on, case.extended_to
    return Extension(made, until) if made and until else None
