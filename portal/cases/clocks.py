"""The two clocks of a case, contact and answer. Each date is the explanation of what the case has stored."""

from datetime import date, datetime

from portal import clock
from portal.cases.deadlines import Explanation, Extension, Pause, explain
from portal.cases.models import Case, PastClock
from portal.db import session
from portal.organisation import queries as organisation


def start(case: Case, moment: datetime) -> None:
    """Begin to count the case's own promise from this moment (the day of arrival is day zero)."""
    case.clock_started_on = clock.stockholm(moment).date()
    case.paused_on, case.pauses, case.supplement_due = None, [], None
    case.extended_on = case.extended_to = case.extension_reason = None
    case.extended_for_summer = False
    count(case)


def count(case: Case) -> bool:
    """Set both due dates to what is explained now; tells whether one that is still to be kept moved."""
    contact, answer = contact_promised(case), promised(case)
    before = case.due_answer, case.due_contact
    case.due_contact, case.due_answer = contact.due if contact else None, answer.due if answer else None
    after = case.due_answer, before[1] if case.contacted_at else case.due_contact
    return before != after


def pause(case: Case, moment: datetime, until: date | None) -> None:
    """Stop counting towards the answer: we wait for the sender, until a day that they were given."""
    case.paused_on, case.supplement_due = clock.stockholm(moment).date(), until


def resume(case: Case, moment: datetime) -> None:
    """Count on. The open days that we waited are not counted."""
    if case.paused_on:
        waited = case.paused_on.isoformat(), clock.stockholm(moment).date().isoformat()
        case.pauses = [*case.pauses, list(waited)]
        case.paused_on = case.supplement_due = None
        count(case)


def extend(case: Case, until: date, reason: str, summer: bool) -> None:
    """Promise a later date, for a reason that the sender reads."""
    case.extended_on, case.extended_to = clock.today(), until
    case.extension_reason, case.extended_for_summer = reason, summer
    count(case)


def archive_clock(case: Case) -> None:
    """Keep the round that is over as it was: what was promised then, and whether it was kept."""
    past = PastClock(case_id=case.id, started_on=case.clock_started_on, pauses=case.pauses)
    past.due_contact, past.due_answer = case.due_contact, case.due_answer
    past.contacted_at, past.answered_at = case.contacted_at, case.answered_at
    past.extended_to, past.extended_for_summer = case.extended_to, case.extended_for_summer
    past.unsatisfied, past.ended_at = case.unsatisfied, clock.now()
    session().add(past)


def promised(case: Case) -> Explanation | None:
    """The answer promise, day by day, as far as is known; None where no number of days was promised.

    Nor is there one for a public record: it is given promptly.
    """
    days = None if case.record_request else case.promise["answer"]
    pauses = [Pause(*map(date.fromisoformat, each)) for each in case.pauses]
    return (
        explain(case.clock_started_on, days, organisation.closed_days(), pauses, _extension(case))
        if days
        else None
    )


def contact_promised(case: Case) -> Explanation | None:
    """The contact promise, day by day; None where none was given. Nothing pauses or extends it."""
    days = case.promise["contact"]
    return explain(case.clock_started_on, days, organisation.closed_days()) if days else None


def _extension(case: Case) -> Extension | None:
    made, until = case.extended_on, case.extended_to
    return Extension(made, until) if made and until else None
