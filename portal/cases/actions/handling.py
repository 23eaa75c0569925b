"""What is done with a case day by day, by those who handle it and by its sender."""

from datetime import date

from sqlalchemy import select

from portal import clock
from portal.cases import clocks
from portal.cases.answers import drafts as answer_drafts
from portal.cases.deadlines import DateProblem, WrongDate
from portal.cases.enums import Direction, Purpose
from portal.cases.lifecycle import Action, CloseReason, Status
from portal.cases.models import Case, Message, Task
from portal.cases.transitions import (
    add_message,
    is_closed_as,
    is_duplicate_message,
    mark_contacted,
    move,
    require_allowed,
    require_assignable,
    set_closed,
    start_new_round,
)
from portal.db import session
from portal.identity.actors import Staff
from portal.identity.models import Membership


def take(actor: Staff, case: Case, version: int | None = None) -> None:
    """Begin to handle a case, or take it over. A second click changes nothing."""
    if case.officer_id == actor.membership and case.status in (Status.IN_PROGRESS, Status.AWAITING_CITIZEN):
        return
    require_allowed(actor, case, Action.TAKE, version)
    case.officer_id = actor.membership
    move(actor, case, Action.TAKE, officer=actor.membership)


def assign(actor: Staff, case: Case, officer: Membership, version: int | None = None) -> None:
    """Give a case to a handler who may have it. Nobody has begun to handle it by that."""
    if case.officer_id == officer.id:
        return
    require_allowed(actor, case, Action.ASSIGN, version)
    require_assignable(actor, case, Action.ASSIGN, officer)
    case.officer_id = officer.id
    move(actor, case, Action.ASSIGN, officer=officer.id)


def note(actor: Staff, case: Case, body: str) -> None:
    """Write something between ourselves."""
    if not is_duplicate_message(actor, case, Direction.INTERNAL, body):
        require_allowed(actor, case, Action.NOTE)
        move(actor, case, Action.NOTE, message=add_message(actor, case, Direction.INTERNAL, body).id)


def answer(actor: Staff, case: Case, body: str, version: int | None = None, close: bool = False) -> None:
    """Answer the sender, and close in the same step if asked. A second click is the same answer."""
    if case.status in (Status.ANSWERED, Status.CLOSED) and is_duplicate_message(
        actor, case, Direction.OUT, body
    ):
        _repeat_answer(actor, case, close)
        return
    action = Action.ANSWER_AND_CLOSE if close else Action.ANSWER
    require_allowed(actor, case, action, version)
    message = _add_answer(actor, case, body, Purpose.ANSWER)
    if close:
        set_closed(case, CloseReason.ANSWERED)
    answer_drafts.delete_draft(actor, case)
    move(actor, case, action, message=message.id)


def answer_orally(actor: Staff, case: Case, body: str, version: int | None = None) -> None:
    """Write down what the sender was answered by word of mouth. It keeps the promise as a letter does."""
    if case.status is Status.ANSWERED and is_duplicate_message(actor, case, Direction.OUT, body):
        return
    require_allowed(actor, case, Action.ANSWER_ORALLY, version)
    message = _add_answer(actor, case, body, Purpose.ORAL_ANSWER)
    move(actor, case, Action.ANSWER_ORALLY, message=message.id)


def _add_answer(actor: Staff, case: Case, body: str, purpose: Purpose) -> Message:
    """What every answer is: a contact, and the end of the promise."""
    message = add_message(actor, case, Direction.OUT, body, purpose)
    clocks.resume(case, message.arrived_at)
    mark_contacted(case, message.arrived_at)
    case.officer_id = case.officer_id or actor.membership
    case.answered_at = case.answered_at or message.arrived_at
    return message


def _repeat_answer(actor: Staff, case: Case, and_close: bool) -> None:
    """The same answer again adds nothing, but who now wants to close too gets that."""
    if and_close:
        close(actor, case)


def close(actor: Staff, case: Case, version: int | None = None) -> None:
    """Close an answered case."""
    if is_closed_as(case, CloseReason.ANSWERED):
        return
    require_allowed(actor, case, Action.CLOSE, version)
    set_closed(case, CloseReason.ANSWERED)
    move(actor, case, Action.CLOSE)


def request_supplement(
    actor: Staff, case: Case, body: str, version: int | None = None, until: date | None = None
) -> None:
    """Ask the sender for something more, by a day. It is a contact, and the answer clock stands still.

    Raises WrongDate for a day that is not to come.
    """
    if case.status is Status.AWAITING_CITIZEN and is_duplicate_message(actor, case, Direction.OUT, body):
        return
    require_allowed(actor, case, Action.REQUEST_SUPPLEMENT, version)
    if until and until <= clock.today():
        raise WrongDate(DateProblem.PAST)
    message = add_message(actor, case, Direction.OUT, body, Purpose.QUESTION)
    mark_contacted(case, message.arrived_at)
    case.officer_id = case.officer_id or actor.membership
    clocks.pause(case, message.arrived_at, until)
    move(actor, case, Action.REQUEST_SUPPLEMENT, message=message.id)


def resume(actor: Staff, case: Case, version: int | None = None) -> None:
    """Wait no longer for what was asked for."""
    if case.status is Status.IN_PROGRESS:
        return
    require_allowed(actor, case, Action.RESUME, version)
    clocks.resume(case, clock.now())
    move(actor, case, Action.RESUME)


def message_sender(actor: Staff, case: Case, body: str, version: int | None = None) -> None:
    """Write to the sender, neither to answer nor to ask."""
    if not is_duplicate_message(actor, case, Direction.OUT, body):
        require_allowed(actor, case, Action.MESSAGE_SENDER, version)
        message = add_message(actor, case, Direction.OUT, body, Purpose.CONTACT)
        mark_contacted(case, message.arrived_at)
        move(actor, case, Action.MESSAGE_SENDER, message=message.id)


def record_call(actor: Staff, case: Case, body: str) -> None:
    """Write down what was said when somebody talked with the sender; the words are for staff."""
    if not is_duplicate_message(actor, case, Direction.INTERNAL, body):
        require_allowed(actor, case, Action.RECORD_CALL)
        message = add_message(actor, case, Direction.INTERNAL, body, Purpose.CALL)
        mark_contacted(case, message.arrived_at)
        move(actor, case, Action.RECORD_CALL, message=message.id)


def reopen(actor: Staff, case: Case, version: int | None = None) -> None:
    """Open a case again of our own accord. The promise is given anew."""
    if case.status is Status.IN_PROGRESS:
        return
    require_allowed(actor, case, Action.REOPEN, version)
    start_new_round(case, clock.now())
    move(actor, case, Action.REOPEN)


def finish_task(actor: Staff, case: Case, task_id: int) -> None:
    """Mark a task of this case as seen to."""
    task = session().scalar(select(Task).filter_by(id=task_id, case_id=case.id, done_at=None))
    if task:
        task.done_at, task.done_by_id = clock.now(), actor.membership
