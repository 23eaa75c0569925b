"""Commands that move a date: an extension, a recount when closed days change, the day of the next step."""

from datetime import date

from sqlalchemy import select

from portal import clock
from portal.cases import clocks
from portal.cases.deadlines import DateProblem, WrongDate, day_problem
from portal.cases.events import Code
from portal.cases.events.next_steps import NextStepShared
from portal.cases.lifecycle import OPEN, Action
from portal.cases.models import Case
from portal.cases.transitions import transition
from portal.db import session
from portal.identity.actors import Staff, System
from portal.organisation import queries as organisation


def extend(actor: Staff, case: Case, until: date, reason: str, version: int | None = None) -> None:
    """Promise the answer for a later day, before the first one has passed. Raises WrongDate.

    Within the profile's summer dates its ready reason is counted apart.
    """
    if (case.extended_to, case.extension_reason) == (until, reason):
        return
    with transition(actor, case, Action.EXTEND, version) as step:
        problem = _problem(case, until)
        if problem:
            raise WrongDate(problem)
        clocks.extend(case, until, reason, summer=reason == summer_reason())
        assert case.due_answer
        step.details(due=Code(case.due_answer.isoformat()))


def _problem(case: Case, until: date) -> DateProblem | None:
    today = clock.today()
    due = case.due_answer or today
    # An overdue answer cannot be extended to any date.
    if due < today:
        return DateProblem.LATE
    problem = day_problem(until, today, organisation.closed_days())
    return problem or (DateProblem.NOT_LATER if until <= due else None)


def set_next_step(
    actor: Staff, case: Case, next_step: date, share: bool = False, version: int | None = None
) -> None:
    """Set or move the day of the next step. Raises WrongDate.

    A sender who knows the earlier day gets the new one too, whatever `share` is.
    """
    share = share or case.next_step_shared
    if (case.next_step_on, case.next_step_shared) == (next_step, share):
        return
    with transition(actor, case, Action.SET_NEXT_STEP, version) as step:
        clocks.set_next_step(case, next_step, share)
        if share:
            step.publishes(NextStepShared)


def summer_reason() -> str | None:
    """The profile's ready reason, on the days of the year when it may be used; the dates are inclusive."""
    summer = organisation.profile().summer
    today = clock.today()
    return summer.reason if summer and summer.end_within(today, today) else None


def recount(actor: System) -> int:
    """Recount the dates of every open case, as when a closed day was added; returns how many changed."""
    moved = 0
    # Locked before they are read: a handler may be pausing or extending one of them.
    for case in session().scalars(select(Case).where(Case.status.in_(OPEN)).with_for_update()):
        if clocks.count(case):
            with transition(actor, case, Action.RECOUNT):
                moved += 1
    return moved
