"""Closing without an answer: moved, outside the process, passed on, or a text that needs no answer."""

from datetime import date

from portal import clock
from portal.cases import clocks
from portal.cases.deadlines import DateProblem, WrongDate
from portal.cases.enums import Direction, Purpose
from portal.cases.groups.merging import dissolve
from portal.cases.lifecycle import Action, CloseReason
from portal.cases.models import Case
from portal.cases.transitions import add_message, is_closed_as, mark_contacted, set_closed, transition
from portal.db import session
from portal.identity.actors import Staff


def close_as_transferred(
    actor: Staff, case: Case, system: str, number: str, version: int | None = None
) -> None:
    """Close a case that is handled in another system: its name, and the case's number there."""
    if is_closed_as(case, CloseReason.TRANSFERRED, system=system, number=number):
        return
    with transition(actor, case, Action.TRANSFER, version):
        _close_with_directions(case, CloseReason.TRANSFERRED, system=system, number=number)
    dissolve(actor, case)


def redirect(actor: Staff, case: Case, reason: str, way: str, version: int | None = None) -> None:
    """Close a case that is outside the process: why, and the right way."""
    if is_closed_as(case, CloseReason.OUTSIDE, reason=reason, way=way):
        return
    with transition(actor, case, Action.REDIRECT, version):
        _close_with_directions(case, CloseReason.OUTSIDE, reason=reason, way=way)
    dissolve(actor, case)


def forward(
    actor: Staff, case: Case, recipient: str, day: date, body: str, version: int | None = None
) -> None:
    """Close a matter that was sent to the wrong place, once it has been passed on: to whom, and on which day.

    Its day of arrival is kept, since that is what counts there (FL 22 and 45 §§). Raises WrongDate.
    """
    arrived = clocks.arrival_day(case)
    details = {"recipient": recipient, "arrived": arrived.isoformat(), "passed_on": day.isoformat()}
    if is_closed_as(case, CloseReason.TRANSFERRED, **details):
        return
    with transition(actor, case, Action.FORWARD, version) as step:
        if not arrived <= day <= clock.today():
            raise WrongDate(DateProblem.NOT_SINCE_ARRIVAL)
        message = add_message(actor, case, Direction.OUT, body, Purpose.CONTACT)
        _close_with_directions(case, CloseReason.TRANSFERRED, **details)
        case.matter_passed_on = day
        session().flush()
        step.details(message=message.id)
    dissolve(actor, case)


def no_answer_needed(actor: Staff, case: Case, version: int | None = None) -> None:
    """Close a case whose latest text was read and needs no answer. Its promise ends by that, not late."""
    if is_closed_as(case, CloseReason.NO_ANSWER):
        return
    with transition(actor, case, Action.NO_ANSWER_NEEDED, version):
        moment = clock.now()
        mark_contacted(case, moment)
        set_closed(case, CloseReason.NO_ANSWER)
    dissolve(actor, case)


def _close_with_directions(case: Case, why: CloseReason, /, **details: str) -> None:
    """Close, and stop the contact clock: a person tells the sender where to go."""
    moment = clock.now()
    clocks.resume(case, moment)
    mark_contacted(case, moment)
    set_closed(case, why, **details)
