"""What is done with a case. Every change goes through `_move`: one table, one mover, one event."""

from datetime import datetime
from typing import Any

from sqlalchemy import delete, select

from portal import clock
from portal.cases.access import hat
from portal.cases.lifecycle import Action, CloseReason, Status, arrow
from portal.cases.models import Case, CodeGrant, Message, Party, Task
from portal.cases.submission import pause_clock, resume_clock, start_clocks
from portal.cases.terms import Direction, ReplyBy
from portal.db import session
from portal.events import publish
from portal.identity.actors import Actor, Citizen, Role, Staff
from portal.identity.models import Membership


class Conflict(Exception):
    """Somebody else changed the case since the page was read."""


def _move(actor: Actor, case: Case, action: Action, **details: Any) -> None:
    """The one line that moves a case, and the one event that tells of it. Raises NotAllowed."""
    row = arrow(action, case.status, hat(actor))
    case.status, case.updated_at = row.target, clock.now()
    session().flush()
    publish(row.event(case=case.id, at=case.updated_at, actor=actor, **details))


def take(actor: Staff, case: Case, version: int | None = None) -> None:
    """Begin to handle a case, or take it over. A second click changes nothing."""
    if case.officer_id == actor.membership and case.status is not Status.RECEIVED:
        return
    _unchanged(case, version)
    case.officer_id = actor.membership
    _move(actor, case, Action.TAKE, officer=actor.membership)


def assign(actor: Staff, case: Case, officer: Membership, version: int | None = None) -> None:
    """Give a case to a handler. Nobody has begun to handle it by that."""
    if case.officer_id == officer.id:
        return
    _unchanged(case, version)
    case.officer_id = officer.id
    _move(actor, case, Action.ASSIGN, officer=officer.id)


def note(actor: Staff, case: Case, body: str) -> None:
    """Write something between ourselves."""
    if not _said_last(actor, case, Direction.INTERNAL, body):
        message = _say(actor, case, Direction.INTERNAL, body)
        _move(actor, case, Action.NOTE, message=message.id)


def answer(actor: Staff, case: Case, body: str, version: int | None = None, close: bool = False) -> None:
    """Answer the sender, and close in the same step if asked. A second click is the same answer."""
    if _said_last(actor, case, Direction.OUT, body):
        _said_again(actor, case, close)
        return
    _unchanged(case, version)
    message = _say(actor, case, Direction.OUT, body)
    resume_clock(case, message.arrived_at)
    case.officer_id = case.officer_id or actor.membership
    case.answered_at = case.answered_at or message.arrived_at
    case.contacted_at = case.contacted_at or message.arrived_at
    if close:
        _shut(case, CloseReason.ANSWERED)
    _move(actor, case, Action.ANSWER_AND_CLOSE if close else Action.ANSWER, message=message.id)


def _said_again(actor: Staff, case: Case, and_close: bool) -> None:
    """The same answer again adds nothing, but who now wants to close too gets that."""
    if and_close:
        close(actor, case)


def close(actor: Staff, case: Case, version: int | None = None) -> None:
    """Close an answered case."""
    if case.status is Status.CLOSED:
        return
    _unchanged(case, version)
    _shut(case, CloseReason.ANSWERED)
    _move(actor, case, Action.CLOSE)


def ask(actor: Staff, case: Case, body: str, version: int | None = None) -> None:
    """Ask the sender for something more. It is a contact, and the answer clock stands still meanwhile."""
    if _said_last(actor, case, Direction.OUT, body):
        return
    _unchanged(case, version)
    message = _say(actor, case, Direction.OUT, body)
    case.officer_id = case.officer_id or actor.membership
    case.contacted_at = case.contacted_at or message.arrived_at
    pause_clock(case, message.arrived_at)
    _move(actor, case, Action.ASK, message=message.id)


def withdraw(actor: Actor, case: Case) -> None:
    """The sender takes the case back. What was sent is kept: it is a public record."""
    if case.status is Status.CLOSED:
        return
    _shut(case, CloseReason.WITHDRAWN)
    _move(actor, case, Action.WITHDRAW)


def not_satisfied(actor: Actor, case: Case, body: str) -> None:
    """The sender is not satisfied: another than the one who answered takes over, on a new clock."""
    if _said_last(actor, case, Direction.IN, body):
        return
    message = _say(actor, case, Direction.IN, body)
    case.officer_id = _nearest_manager(case)
    _reopen(case, message.arrived_at)
    _move(actor, case, Action.NOT_SATISFIED, message=message.id)


def adopt(actor: Citizen, case: Case) -> None:
    """A signed-in person who has shown the code takes the case to Mina sidor, and the code ends."""
    session().execute(delete(CodeGrant).where(CodeGrant.case_id == case.id))
    case.code = None
    case.party = case.party or Party()
    case.party.person_id = actor.for_whom or actor.person
    case.reply_by = ReplyBy.PORTAL if case.reply_by is ReplyBy.CODE else case.reply_by
    _move(actor, case, Action.ADOPT)


def _nearest_manager(case: Case) -> int | None:
    """The head of the unit, unless it was the head who answered; then nobody until somebody is found."""
    answered = select(Message.author_id).where(Message.case_id == case.id, Message.direction == Direction.OUT)
    heads = select(Membership.id).filter_by(
        unit_id=case.handling_unit_id, role=Role.HEAD_OF_UNIT, ended_at=None
    )
    return session().scalar(heads.where(Membership.id.not_in(answered)).limit(1))


def reply(actor: Actor, case: Case, body: str) -> None:
    """The sender writes back. After an answer the case opens again and the promise is given anew."""
    if _said_last(actor, case, Direction.IN, body):
        return
    message = _say(actor, case, Direction.IN, body)
    if case.status in (Status.ANSWERED, Status.CLOSED):
        _reopen(case, message.arrived_at)
    elif case.status is Status.AWAITING_CITIZEN:
        resume_clock(case, message.arrived_at)
    _move(actor, case, Action.REPLY, message=message.id)


def finish_task(actor: Staff, case: Case, task_id: int) -> None:
    """Mark a task of this case as seen to."""
    task = session().scalar(select(Task).filter_by(id=task_id, case_id=case.id, done_at=None))
    if task:
        task.done_at, task.done_by_id = clock.now(), actor.membership


def _reopen(case: Case, moment: datetime) -> None:
    """The promise is given anew, from now."""
    case.answered_at = case.contacted_at = case.closed_at = case.close_reason = None
    start_clocks(case, moment)


def _shut(case: Case, reason: CloseReason) -> None:
    case.closed_at, case.close_reason = clock.now(), reason


def _unchanged(case: Case, version: int | None) -> None:
    if version is not None and version != case.version:
        raise Conflict


def _say(actor: Actor, case: Case, direction: Direction, body: str) -> Message:
    author = actor.membership if isinstance(actor, Staff) else None
    message = Message(case_id=case.id, direction=direction, author_id=author, language=case.language)
    message.body, message.arrived_at = body, clock.now()
    session().add(message)
    session().flush()
    return message


def _said_last(actor: Actor, case: Case, direction: Direction, body: str) -> bool:
    author = actor.membership if isinstance(actor, Staff) else None
    query = select(Message).where(Message.case_id == case.id).order_by(Message.id.desc()).limit(1)
    last = session().scalar(query)
    return last is not None and (last.direction, last.author_id, last.body) == (direction, author, body)
