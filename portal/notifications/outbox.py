"""Write messages to the outbox, in the transaction of the change (docs/decisions/0002)."""

import uuid
from collections.abc import Sequence
from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit

import structlog
from cryptography.fernet import InvalidToken
from sqlalchemy import LargeBinary, select, type_coerce, update

from portal import clock, crypto
from portal.cases import parties
from portal.cases.enums import TaskKind
from portal.cases.events import CaseEvent, CodeLinkRequested, NewCaseEvent, ReaderChanged, ReaderContested
from portal.cases.intake import earlier_readers
from portal.cases.models import Case, Task
from portal.config import settings
from portal.db import session
from portal.formats.phone_numbers import is_in_countries
from portal.notifications import budgets, queued
from portal.notifications.models import OutboxMessage, State
from portal.notifications.rendering import STAFF_LANGUAGE, Rendered, render, render_notice
from portal.notifications.rules import (
    BOUND_TO_ADDRESS,
    MESSAGES,
    NOTICE,
    Medium,
    is_of_stranger,
    is_silent,
    medium_for,
)
from portal.organisation import queries as organisation

log: structlog.stdlib.BoundLogger = structlog.get_logger()
queued.notify_on_insert()
# Held messages go out in the morning: a text message at midnight would wake people.
MORNING = timedelta(hours=8)


def enqueue_message(event: CaseEvent) -> None:
    """Listener: render the message of an event and queue it, if the sender has an address for it."""
    case = session().get_one(Case, event.case)
    # It is not known whose the addresses are.
    if case.reader_contested_at or is_silent(event):
        return
    # A part is no new case to its sender: the case that it was split from has the letter about it.
    if isinstance(event, NewCaseEvent) and case.split_from_id:
        return
    if isinstance(event, ReaderChanged):
        _redirect_waiting(case)
        _tell_earlier_addresses(case, event)
        return
    # The link that replaces a lost code was requested by e-mail address.
    chosen = Medium.EMAIL if isinstance(event, CodeLinkRequested) else medium_for(case.notify_by)
    rows = [_message(case, MESSAGES[type(event)], *route) for route in routes(case, chosen)]
    if rows:
        _queue(_within_budget(rows) if is_of_stranger(event) else rows[0], case, event)


def _redirect_waiting(case: Case) -> None:
    """Send nothing that waits to an address that the case has no more; a notice goes to that of today."""
    waiting = [row for row in _waiting_to_sender(case) if not _is_addressed(row.recipient, case)]
    if not waiting:
        return
    ids = [row.id for row in waiting]
    session().execute(update(OutboxMessage).where(OutboxMessage.id.in_(ids)).values(state=State.WITHHELD))
    for route in routes(case, medium_for(case.notify_by))[:1]:
        queue_notice(case, *route, instead_of=ids[-1])


def _waiting_to_sender(case: Case) -> Sequence[Any]:
    # As bytes: a message that no key opens must not keep its sender from another address.
    recipient = type_coerce(OutboxMessage.recipient, LargeBinary).label("recipient")
    query = select(OutboxMessage.id, recipient).where(OutboxMessage.case_id == case.id)
    query = query.where(OutboxMessage.state.in_([State.QUEUED, State.HELD]))
    query = query.where(OutboxMessage.membership_id.is_(None), OutboxMessage.name.not_in(BOUND_TO_ADDRESS))
    return session().execute(query.order_by(OutboxMessage.id).with_for_update()).all()


def _is_addressed(recipient: bytes | None, case: Case) -> bool:
    try:
        return recipient is not None and crypto.decrypt(recipient) in parties.reached_at(case)
    except InvalidToken:
        return False


def _tell_earlier_addresses(case: Case, event: ReaderChanged) -> None:
    """Queue the message for every address that was known before, whichever the sender had chosen."""
    contact = earlier_readers.latest_contact(case)
    known = ((Medium.EMAIL, contact.email), (Medium.SMS, contact.phone))
    for medium, to in known if event.token else ():
        if to:
            row = _message(case, MESSAGES[type(event)], medium, to)
            _queue(_within_budget([row]) if is_of_stranger(event) else row, case, event)


def withhold_messages(event: ReaderContested) -> None:
    """Listener: send nothing more of what is queued for the case."""
    waiting = OutboxMessage.state.in_([State.QUEUED, State.HELD])
    # Staff go on getting theirs.
    to_sender = OutboxMessage.case_id == event.case, OutboxMessage.membership_id.is_(None)
    queued = update(OutboxMessage).where(*to_sender, waiting)
    session().execute(queued.values(state=State.WITHHELD))


def is_reachable(case: Case) -> bool:
    """Whether a message about the case would be sent to its sender."""
    ways = routes(case, medium_for(case.notify_by))
    is_sent = any(medium is Medium.EMAIL or sms_reaches(to) for medium, to in ways)
    return is_sent and not case.reader_contested_at


def routes(case: Case, chosen: Medium | None) -> list[tuple[Medium, str]]:
    """The ways to reach the sender: as they chose, and by e-mail where a text message cannot be sent."""
    email, phone = parties.reached_at(case)
    by_email = [(Medium.EMAIL, email)] if email else []
    if chosen is not Medium.SMS:
        return by_email if chosen else []
    if not phone:
        return []
    # Without another way the text message is tried, refused and left to a person.
    return [(Medium.SMS, phone), *by_email] if sms_reaches(phone) or not by_email else by_email


def sms_reaches(phone: str) -> bool:
    """Whether text messages are sent, and to the country of a number."""
    is_sent = bool(settings().sms_gateway)
    return is_sent and is_in_countries(phone, organisation.profile().limits.sms_countries)


def _within_budget(rows: Sequence[OutboxMessage]) -> OutboxMessage:
    """The first of the messages that its budget allows; else the first, held until the next morning."""
    for row in rows:
        if budgets.spend(row, row.recipient or ""):
            return row
    held = rows[0]
    held.state = State.HELD
    held.next_try_at = clock.end_of_day(clock.today()) + MORNING
    return held


def _queue(row: OutboxMessage, case: Case, event: CaseEvent) -> None:
    try:
        # A savepoint: a database error while rendering would otherwise end the whole transaction.
        with session().begin_nested():
            _fill(row, render(row.name, row.medium, case, event))
    # A faulty template must not roll the decision back.
    except Exception:
        log.exception("message.unrendered", message=row.name, medium=row.medium)
        row.state = State.UNRENDERED
        add_task(case.id, TaskKind.UNRENDERED)
    session().add(row)
    if row.state is State.HELD:
        add_task(case.id, TaskKind.HELD)


def queue_notice(case: Case, medium: Medium, to: str, instead_of: int) -> None:
    """Queue the message that there is something new in the case, instead of one that was not delivered."""
    row = _message(case, NOTICE, medium, to)
    row.instead_of_id = instead_of
    _fill(row, render_notice(medium, case))
    session().add(row)


def queue_to_staff(name: str, membership: int, to: str, content: Rendered, case: Case | None = None) -> None:
    """Queue an e-mail to a member of staff; without a case it is a digest."""
    row = _row(name, Medium.EMAIL, STAFF_LANGUAGE, to)
    row.membership_id = membership
    row.case_id = case.id if case else None
    _fill(row, content)
    session().add(row)


def _message(case: Case, name: str, medium: Medium, to: str) -> OutboxMessage:
    row = _row(name, medium, case.language, to)
    row.case_id = case.id
    return row


def _row(name: str, medium: Medium, language: str, to: str) -> OutboxMessage:
    row = OutboxMessage(name=name, medium=medium, language=language, recipient=to)
    row.message_id = f"<{uuid.uuid4()}@{urlsplit(settings().base_url).hostname}>"
    row.state = State.QUEUED
    row.created_at = row.next_try_at = clock.now()
    return row


def _fill(row: OutboxMessage, content: Rendered) -> None:
    row.subject = content.subject
    row.text = content.text
    row.html = content.html


def add_task(case_id: int, kind: TaskKind) -> None:
    """Add a task for staff to the case, unless one of the kind is open."""
    if session().scalar(select(Task.id).filter_by(case_id=case_id, kind=kind, done_at=None)) is None:
        session().add(Task(case_id=case_id, kind=kind, created_at=clock.now()))


def finish_held(case_id: int) -> None:
    """Close the task about held messages of the case, unless one is held still."""
    held = select(OutboxMessage.id).filter_by(case_id=case_id, state=State.HELD)
    if session().scalar(held.limit(1)) is None:
        tasks = update(Task).filter_by(case_id=case_id, kind=TaskKind.HELD, done_at=None)
        session().execute(tasks.values(done_at=clock.now()))


def latest_messages(count: int) -> Sequence[OutboxMessage]:
    """The latest messages, newest first. For /utkorg, which exists in development only."""
    return session().scalars(select(OutboxMessage).order_by(OutboxMessage.id.desc()).limit(count)).all()


def ids_to_protected_senders(messages: Sequence[OutboxMessage]) -> set[int]:
    """The ids of the messages whose recipient has protected personal data (skyddade personuppgifter)."""
    protected_cases = parties.protected_among({message.case_id for message in messages if message.case_id})
    return {message.id for message in messages if message.case_id in protected_cases}


def get_message(message_id: int) -> OutboxMessage | None:
    """A message by id. For /utkorg, which exists in development only."""
    return session().get(OutboxMessage, message_id)
