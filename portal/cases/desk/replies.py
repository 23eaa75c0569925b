"""What a sender has said or handed in on a running case, written down by staff."""

from datetime import datetime

from portal import clock
from portal.cases import clocks
from portal.cases.access import Capacity
from portal.cases.actions.handling import Written
from portal.cases.desk.rules import MomentProblem, moment_problem
from portal.cases.enums import Direction, KnownBy, Via
from portal.cases.groups.merging import leave_group
from portal.cases.lifecycle import Action, NotAllowed, Status
from portal.cases.models import Case, Message
from portal.cases.permissions import allowed_actions, takes_email
from portal.cases.transitions import (
    add_message,
    is_duplicate_message,
    latest_message,
    require_allowed,
    start_new_round,
    transition,
)
from portal.identity.actors import Staff, System


class WrongMoment(Exception):
    """Nothing can have been said of the case then."""

    def __init__(self, problem: MomentProblem) -> None:
        super().__init__(problem)
        self.problem = problem


def record_reply(
    actor: Staff,
    case: Case,
    body: str,
    via: Via,
    known: KnownBy,
    at: datetime | None = None,
    by: Capacity | None = None,
    seen: int | None = None,
    more: bool = False,
) -> Written:
    """Add what the sender said, with the effects of a reply: after an answer it reopens the case.

    A person who is not known changes nothing, as by e-mail. `at` is when it was said, now if none is given.
    `seen` is the version of the case that the form was drawn for: the same words in a new form are new.
    `more` is as of note(). Raises WrongMoment, NotAllowed.
    """
    if known is KnownBy.UNVERIFIED:
        # That action is the system's own: who writes it down needs to be allowed to.
        require_allowed(actor, case, Action.RECORD_REPLY, by=by)
        return record_unverified(actor, case, body, via, at, seen, more)
    said_at = _moment(case, at)
    if not more and _is_second_click(actor, case, body, via, known, at, seen):
        return Written()
    require_allowed(actor, case, Action.RECORD_REPLY, by=by)
    leave_group(actor, case)
    with transition(actor, case, Action.RECORD_REPLY, by=by) as step:
        message = _add(actor, case, body, via, known, at)
        moment = _not_before(case, said_at)
        if case.status in (Status.ANSWERED, Status.CLOSED):
            start_new_round(case, moment)
        clocks.resume(case, moment)
        step.details(message=message.id, via=via, known=known)
    return Written(((case, message),))


def record_unverified(
    actor: Staff | System,
    case: Case,
    body: str,
    via: Via,
    at: datetime | None = None,
    seen: int | None = None,
    more: bool = False,
) -> Written:
    """Add what was said by a person who may be anybody: status, promise and access stay as they are.

    Raises WrongMoment, and NotAllowed where it does not belong, as of a letter.
    """
    _moment(case, at)
    if not more and _is_second_click(actor, case, body, via, KnownBy.UNVERIFIED, at, seen):
        return Written()
    if not takes_email(case):
        raise NotAllowed(Action.RECORD_UNVERIFIED, case.status, allowed_actions(actor, case))
    with transition(actor, case, Action.RECORD_UNVERIFIED, by=Capacity.SYSTEM) as step:
        message = _add(actor, case, body, via, KnownBy.UNVERIFIED, at)
        step.details(message=message.id, via=via, known=KnownBy.UNVERIFIED)
    return Written(((case, message),))


def _moment(case: Case, at: datetime | None) -> datetime:
    problem = moment_problem(at, case.received_at, clock.now()) if at else None
    if problem:
        raise WrongMoment(problem)
    return min(at, clock.now()) if at else clock.now()


def _not_before(case: Case, said_at: datetime) -> datetime:
    """The moment from which clocks count: not before the answer, nor the question, that is over by it."""
    over_at = max(filter(None, [case.answered_at, case.closed_at]), default=said_at)
    # A pause is counted in whole days, and cannot end before the day when it began.
    is_early = case.paused_on is not None and clock.stockholm(said_at).date() < case.paused_on
    return clock.now() if is_early else max(said_at, over_at)


def _add(
    actor: Staff | System, case: Case, body: str, via: Via, known: KnownBy, at: datetime | None
) -> Message:
    message = add_message(actor, case, Direction.IN, body)
    message.via = via
    message.known = known
    # What was said came in when it was said, and is in the register from when it was written down.
    message.registered_at = message.arrived_at
    message.arrived_at = _arrival(message.registered_at, at)
    return message


def _arrival(registered_at: datetime, at: datetime | None) -> datetime:
    return min(at, registered_at) if at else registered_at


def _is_second_click(
    actor: Staff | System,
    case: Case,
    body: str,
    via: Via,
    known: KnownBy,
    at: datetime | None,
    seen: int | None,
) -> bool:
    """Whether the latest message is this one of the same form, not the same words in another way."""
    if seen == case.version:
        return False
    last = latest_message(case)
    if last is None or not is_duplicate_message(actor, case, Direction.IN, body):
        return False
    return (last.via, last.known, last.arrived_at) == (via, known, _arrival(last.registered_at, at))
