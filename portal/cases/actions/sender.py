"""What the sender does with a case: reply, thank, disagree with the answer, withdraw, adopt."""

from sqlalchemy import delete, select

from portal import clock
from portal.cases import clocks, parties
from portal.cases.access import Capacity
from portal.cases.answers.reactions import has_thanked
from portal.cases.authority.escalation import nearest_manager
from portal.cases.enums import Direction, NotifyBy, Purpose, ReaderChange, ReplyBy, TaskKind
from portal.cases.groups.merging import dissolve, leave_group
from portal.cases.intake import earlier_readers
from portal.cases.intake.models import CodeGrant
from portal.cases.lifecycle import Action, CloseReason, Status
from portal.cases.models import Case, Message, Party, Task
from portal.cases.search.index import forget_protected, mark_changed
from portal.cases.transitions import (
    add_message,
    is_closed_as,
    is_duplicate_message,
    require_allowed,
    set_closed,
    start_new_round,
    transition,
)
from portal.cases.visibility import visible_to
from portal.db import session
from portal.identity.actors import Actor, Citizen, CodeHolder, System
from portal.identity.models import Person


class AlreadyThanked(Exception):
    """The sender has thanked for this answer already."""


def reply(actor: Actor, case: Case, body: str, more: bool = False) -> Message | None:
    """Add the sender's message. After an answer it reopens the case, with a new promise.

    A case that waits for the answer of another is on its own again: the other answer may not fit any more.
    Returns the message; None for a second click. `more` if it has files that the latest message has not: the
    same words are a new message then.
    """
    if not more and is_duplicate_message(actor, case, Direction.IN, body):
        return None
    require_allowed(actor, case, Action.REPLY)
    leave_group(actor, case)
    with transition(actor, case, Action.REPLY) as step:
        message = add_message(actor, case, Direction.IN, body)
        if case.status in (Status.ANSWERED, Status.CLOSED):
            start_new_round(case, message.arrived_at)
        clocks.resume(case, message.arrived_at)
        step.details(message=message.id)
    return message


def not_satisfied(actor: Actor, case: Case, body: str, more: bool = False) -> Message | None:
    """Reopen for a sender who is not satisfied: with the nearest manager who has not answered.

    Returns the message, and takes `more`, as reply() does.
    """
    if not more and is_duplicate_message(actor, case, Direction.IN, body):
        return None
    with transition(actor, case, Action.NOT_SATISFIED) as step:
        message = add_message(actor, case, Direction.IN, body)
        start_new_round(case, message.arrived_at, unsatisfied=True)
        case.officer_id = nearest_manager(case)
        # The page names who has the case now, not who failed.
        case.contact_id = None
        if case.officer_id is None:
            session().add(Task(case_id=case.id, kind=TaskKind.NO_MANAGER, created_at=clock.now()))
        step.details(message=message.id, officer=case.officer_id)
    return message


def thank(actor: Actor, case: Case, body: str, more: bool = False) -> Message | None:
    """Keep the sender's thanks, and close the case if it is answered. No promise begins by it.

    Raises AlreadyThanked for other words about the same answer: thanks are counted once. Returns
    the message, and takes `more`, as reply() does.
    """
    if not more and is_duplicate_message(actor, case, Direction.IN, body):
        return None
    with transition(actor, case, Action.THANK) as step:
        purposes = select(Message.purpose).where(Message.case_id == case.id).order_by(Message.id)
        if has_thanked(session().scalars(purposes).all()):
            raise AlreadyThanked
        message = add_message(actor, case, Direction.IN, body, Purpose.THANKS)
        if case.status is Status.ANSWERED:
            set_closed(case, CloseReason.ANSWERED)
        step.details(message=message.id)
    return message


def withdraw(actor: Actor, case: Case) -> None:
    """Close a case that its sender withdraws. What was sent is kept: it is a public record."""
    if is_closed_as(case, CloseReason.WITHDRAWN):
        return
    with transition(actor, case, Action.WITHDRAW):
        clocks.resume(case, clock.now())
        set_closed(case, CloseReason.WITHDRAWN)
    dissolve(actor, case)


def adopt(actor: Citizen, case: Case, unsafe: bool = False) -> None:
    """Give a case opened by its code to a signed-in person. The code opens nothing any more.

    So are all cases of the same code: the one it was split from, and every part. The earlier addresses get
    a letter, unless they are `unsafe` or the sender is protected.
    """
    require_allowed(actor, case, Action.ADOPT)
    for member in earlier_readers.family(case):
        _adopt_one(actor, member, unsafe)


def _adopt_one(actor: Citizen, case: Case, unsafe: bool) -> None:
    with transition(actor, case, Action.ADOPT) as step:
        token = earlier_readers.keep_reader(case, ReaderChange.ADOPTED)
        session().execute(delete(CodeGrant).where(CodeGrant.case_id == case.id))
        case.code = None
        party = case.party or Party()
        parties.link_person(case, party, actor.person)
        mark_changed(case)
        # The person or the party may be protected, which then holds for all their cases.
        forget_protected()
        step.details(token=_letter_token(case, token, unsafe))
        # The code is gone, so it cannot be the way to the answer any more.
        if case.reply_by is ReplyBy.CODE:
            case.reply_by = ReplyBy.PORTAL
            parties.notify_as_saved(case, party, session().get_one(Person, actor.person))


def change_address(
    actor: Citizen,
    case: Case,
    notify_by: NotifyBy,
    email: str | None,
    phone: str | None,
    unsafe: bool = False,
) -> None:
    """Notify the sender in another way from now on. The earlier addresses get a letter, as by adopt()."""
    email = email if notify_by is NotifyBy.EMAIL else None
    phone = phone if notify_by is NotifyBy.SMS else None
    if case.notify_by is notify_by and parties.reached_at(case) == (email, phone):
        return
    with transition(actor, case, Action.CHANGE_ADDRESS) as step:
        token = earlier_readers.keep_reader(case, ReaderChange.NEW_ADDRESS)
        case.notify_by = notify_by
        case.reply_by = _read_where(case, notify_by)
        case.party = case.party or Party()
        parties.set_addresses(case.party, email, phone)
        mark_changed(case)
        step.details(token=_letter_token(case, token, unsafe))


def _read_where(case: Case, notify_by: NotifyBy) -> ReplyBy:
    """Where the sender reads from now on: in the new messages, if they chose messages to read in."""
    if case.reply_by is ReplyBy.PORTAL or notify_by is NotifyBy.NONE:
        return ReplyBy.PORTAL
    return ReplyBy(notify_by.value)


def change_addresses(
    actor: Citizen, notify_by: NotifyBy, email: str | None, phone: str | None, unsafe: bool = False
) -> None:
    """change_address() for every case of the actor that is not closed."""
    query = select(Case).where(visible_to(actor), Case.status != Status.CLOSED).order_by(Case.id)
    for case in session().scalars(query.with_for_update(of=Case)).all():
        change_address(actor, case, notify_by, email, phone, unsafe)


def decline_messages(actor: Citizen | CodeHolder | System, case: Case) -> None:
    """Send the sender nothing more about the case. The address is kept, and a second click changes nothing.

    System is a request by the link of a message to the sender.
    """
    if case.notify_by is NotifyBy.NONE:
        return
    by = Capacity.SENDER if isinstance(actor, System) else None
    with transition(actor, case, Action.DECLINE_MESSAGES, by=by):
        case.notify_by = NotifyBy.NONE


def _letter_token(case: Case, token: str, unsafe: bool) -> str:
    """The token for the letter to the earlier addresses; empty if none may be sent."""
    return "" if unsafe or parties.is_protected(case) else token
