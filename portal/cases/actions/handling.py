"""Commands of the daily work with a case, by its handlers and by its sender."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select

from portal import clock
from portal.cases import clocks, parties
from portal.cases.answers import drafts as answer_drafts
from portal.cases.answers.first_contact import is_solved
from portal.cases.answers.policies import mark_answered
from portal.cases.deadlines import DateProblem, WrongDate
from portal.cases.enums import Direction, Purpose, TaskKind
from portal.cases.events import TaskFinished
from portal.cases.groups.answers import answer_members, close_members, require_no_names
from portal.cases.lifecycle import Action, CloseReason, Status
from portal.cases.models import Case, Message, Task
from portal.cases.permissions import may_finish_task
from portal.cases.queries import officer_of
from portal.cases.transitions import (
    Step,
    add_message,
    is_closed_as,
    is_duplicate_message,
    known_to_sender,
    mark_contacted,
    require_assignable,
    set_closed,
    start_new_round,
    transition,
)
from portal.db import session
from portal.events import publish
from portal.identity.actors import Staff
from portal.identity.models import Membership
from portal.identity.queries import Member


@dataclass(frozen=True)
class Written:
    """The messages that a command has added, each with its case: first the one that was written.

    The others are the same answer in the cases that waited for it. None for a second click.
    """

    messages: Sequence[tuple[Case, Message]] = ()


def take(actor: Staff, case: Case, version: int | None = None) -> None:
    """Begin to handle a case, or take it over. A second click changes nothing."""
    if case.officer_id == actor.membership and case.status in (Status.IN_PROGRESS, Status.AWAITING_CITIZEN):
        return
    with transition(actor, case, Action.TAKE, version) as step:
        _give(case, actor.membership, step)


def assign(actor: Staff, case: Case, officer: Membership | Member, version: int | None = None) -> None:
    """Make a handler responsible for a case. Its status stays: the work has not started."""
    if case.officer_id == officer.id:
        return
    with transition(actor, case, Action.ASSIGN, version) as step:
        require_assignable(actor, case, Action.ASSIGN, officer)
        _give(case, officer.id, step)


def _give(case: Case, officer: int | None, step: Step) -> None:
    before = known_to_sender(case)
    if case.officer_id not in (None, officer):
        case.first_contact = False
    case.officer_id = officer
    step.details(officer=officer)
    # A case that is taken for the first time has another letter: it is being handled.
    if known_to_sender(case) != before:
        step.details(new_to_sender=True)


def note(actor: Staff, case: Case, body: str, more: bool = False) -> Written:
    """Write an internal note. It needs no version: two notes do not conflict.

    `more` if it has files that the latest message has not: the same words are a new note then.
    """
    if not more and is_duplicate_message(actor, case, Direction.INTERNAL, body):
        return Written()
    with transition(actor, case, Action.NOTE) as step:
        message = add_message(actor, case, Direction.INTERNAL, body)
        step.details(message=message.id)
    return Written(((case, message),))


def answer(
    actor: Staff,
    case: Case,
    body: str,
    version: int | None = None,
    close: bool = False,
    confirmed: bool = False,
    left_out: Collection[str] | None = None,
    more: bool = False,
    attached: Sequence[str] = (),
) -> Written:
    """Answer the sender, and close in the same step if `close`. A second click is the same answer.

    The senders of the cases that wait for it get the answer too, except those whose numbers are `left_out`
    (None: those of the actor's draft). Raises NamesSender if it names one of them and is not `confirmed`.
    `more` is as of note(). `attached` are the names and descriptions of its files.
    """
    is_answered = case.status in (Status.ANSWERED, Status.CLOSED)
    if is_answered and not more and is_duplicate_message(actor, case, Direction.OUT, body):
        _repeat_answer(actor, case, close)
        return Written()
    if left_out is None and case.group_due is not None:
        left_out = answer_drafts.left_out(actor, case)
    with transition(actor, case, Action.ANSWER_AND_CLOSE if close else Action.ANSWER, version) as step:
        if not confirmed:
            require_no_names(actor, case, body, left_out or (), attached)
        message = _add_answer(actor, case, body, Purpose.ANSWER)
        if close:
            set_closed(case, CloseReason.ANSWERED)
        # In the same transaction: a draft must not outlive its answer, nor be lost if that fails.
        answer_drafts.delete_draft(actor, case)
        step.details(message=message.id)
    return Written([(case, message), *answer_members(actor, case, body, close, left_out or ())])


def answer_and_close(
    actor: Staff,
    case: Case,
    body: str,
    version: int | None = None,
    confirmed: bool = False,
    left_out: Collection[str] | None = None,
    more: bool = False,
    attached: Sequence[str] = (),
) -> Written:
    """Answer the sender and close the case in one step."""
    return answer(actor, case, body, version, True, confirmed, left_out, more, attached)


def answer_orally(
    actor: Staff,
    case: Case,
    body: str,
    version: int | None = None,
    confirmed: bool = False,
) -> None:
    """Record an answer given in a conversation. It keeps the promise as a written answer does.

    The senders of the cases that wait for it get it in writing. Raises NamesSender as answer() does.
    """
    if case.status is Status.ANSWERED and is_duplicate_message(actor, case, Direction.OUT, body):
        return
    with transition(actor, case, Action.ANSWER_ORALLY, version) as step:
        if not confirmed:
            require_no_names(actor, case, body)
        step.details(message=_add_answer(actor, case, body, Purpose.ORAL_ANSWER).id)
    answer_members(actor, case, body)


def _add_answer(actor: Staff, case: Case, body: str, purpose: Purpose) -> Message:
    """Add the message of an answer: it is a contact, and stops both clocks."""
    message = add_message(actor, case, Direction.OUT, body, purpose)
    clocks.resume(case, message.arrived_at)
    mark_contacted(case, message.arrived_at)
    if case.first_contact is None:
        case.first_contact = is_solved(case.handling_unit.first_line, case.officer_id, actor.membership)
    _take_unless_taken(actor, case)
    mark_answered(case, message)
    return message


def _repeat_answer(actor: Staff, case: Case, and_close: bool) -> None:
    """The same answer again adds nothing, but a click on the second button still closes."""
    if and_close:
        close(actor, case)


def close(actor: Staff, case: Case, version: int | None = None) -> None:
    """Close an answered case, and those that had its answer."""
    if is_closed_as(case, CloseReason.ANSWERED):
        return
    with transition(actor, case, Action.CLOSE, version):
        set_closed(case, CloseReason.ANSWERED)
    close_members(actor, case)


@dataclass(frozen=True)
class NextStep:
    """The day of the next step that is set with a contact, and whether the sender gets to know it."""

    day: date
    share: bool = False


def request_supplement(
    actor: Staff,
    case: Case,
    body: str,
    version: int | None = None,
    until: date | None = None,
    next_step: NextStep | None = None,
) -> None:
    """Ask the sender for a supplement, by a day if `until`. It is a contact, and pauses the answer clock.

    The clock runs on for a sender who gets no message about the question: they may never learn of it.
    Raises WrongDate for a day that is not in the future.
    """
    if case.status is Status.AWAITING_CITIZEN and is_duplicate_message(actor, case, Direction.OUT, body):
        return
    with transition(actor, case, Action.REQUEST_SUPPLEMENT, version) as step:
        # Inside the transition, so that a stale page is reported before a wrong date.
        if until and until <= clock.today():
            raise WrongDate(DateProblem.PAST)
        message = add_message(actor, case, Direction.OUT, body, Purpose.QUESTION)
        # Before the contact, at which their name is known.
        _take_unless_taken(actor, case)
        _contact(case, message, next_step)
        if parties.is_notified(case):
            clocks.pause(case, message.arrived_at, until)
        else:
            case.supplement_due = until
        step.details(message=message.id)


def resume(actor: Staff, case: Case, version: int | None = None) -> None:
    """Continue without the supplement that was asked for."""
    if case.status is Status.IN_PROGRESS:
        return
    with transition(actor, case, Action.RESUME, version):
        clocks.resume(case, clock.now())


def message_sender(
    actor: Staff, case: Case, body: str, version: int | None = None, next_step: NextStep | None = None
) -> None:
    """Send the sender a message that is neither an answer nor a question. Raises WrongDate."""
    if is_duplicate_message(actor, case, Direction.OUT, body):
        return
    with transition(actor, case, Action.MESSAGE_SENDER, version) as step:
        message = add_message(actor, case, Direction.OUT, body, Purpose.CONTACT)
        _contact(case, message, next_step)
        step.details(message=message.id)


def record_call(actor: Staff, case: Case, body: str, next_step: NextStep | None = None) -> None:
    """Record a conversation with the sender, for staff alone. Raises WrongDate."""
    if is_duplicate_message(actor, case, Direction.INTERNAL, body):
        return
    with transition(actor, case, Action.RECORD_CALL) as step:
        message = add_message(actor, case, Direction.INTERNAL, body, Purpose.CALL)
        _contact(case, message, next_step)
        step.details(message=message.id)


def _contact(case: Case, message: Message, next_step: NextStep | None) -> None:
    mark_contacted(case, message.arrived_at)
    if next_step:
        clocks.set_next_step(case, next_step.day, next_step.share)


def _take_unless_taken(actor: Staff, case: Case) -> None:
    if officer_of(case) is None:
        case.officer_id = actor.membership


def reopen(actor: Staff, case: Case, version: int | None = None) -> None:
    """Reopen a case on the municipality's own initiative, with a new promise."""
    if case.status is Status.IN_PROGRESS:
        return
    with transition(actor, case, Action.REOPEN, version):
        start_new_round(case, clock.now())


def finish_task(actor: Staff, case: Case, task_id: int) -> None:
    """Mark an open task of this case as done. A second click changes nothing."""
    task = session().scalar(select(Task).filter_by(id=task_id, case_id=case.id, done_at=None))
    # A case without a handler is not taken care of until it has one, which finishes the task by itself.
    if task and task.kind is not TaskKind.NO_HANDLER and may_finish_task(actor):
        task.done_at = clock.now()
        task.done_by_id = actor.membership
        publish(TaskFinished(case=case.id, at=task.done_at, actor=actor, task=task.id))
