"""Write messages to the outbox, in the transaction of the change (docs/decisions/0002)."""

import logging
import uuid
from collections.abc import Sequence
from urllib.parse import urlsplit

from sqlalchemy import select

from portal import clock
from portal.cases import parties
from portal.cases.enums import TaskKind
from portal.cases.events import CaseEvent, CodeLinkRequested
from portal.cases.models import Case, Task
from portal.config import settings
from portal.db import session
from portal.notifications.models import OutboxMessage, State
from portal.notifications.rendering import Rendered, render
from portal.notifications.rules import MESSAGES, Medium, medium_for

log = logging.getLogger(__name__)


def enqueue_message(event: CaseEvent) -> None:
    """Listener: render the message of an event and queue it, if the sender has an address for it."""
    case = session().get_one(Case, event.case)
    name = MESSAGES[type(event)]
    medium = _medium(case, event)
    to = medium and _address(case, medium)
    if medium and to:
        try:
            # A savepoint: a database error while rendering would otherwise end the whole transaction.
            with session().begin_nested():
                session().add(_message(case, name, medium, to, render(name, medium, case, event)))
        # A faulty template must not roll the decision back.
        except Exception:
            log.exception("message %s of case %s could not be rendered", name, case.id)
            session().add(_message(case, name, medium, to, None))
            add_task(case.id, TaskKind.UNRENDERED)


def _medium(case: Case, event: CaseEvent) -> Medium | None:
    # The link that replaces a lost code was requested by e-mail address.
    return Medium.EMAIL if isinstance(event, CodeLinkRequested) else medium_for(case.reply_by)


def _address(case: Case, medium: Medium) -> str | None:
    email, phone = parties.reached_at(case)
    return email if medium is Medium.EMAIL else phone


def _message(case: Case, name: str, medium: Medium, to: str, content: Rendered | None) -> OutboxMessage:
    row = OutboxMessage(case_id=case.id, name=name, medium=medium, language=case.language, recipient=to)
    row.message_id = f"<{uuid.uuid4()}@{urlsplit(settings().base_url).hostname}>"
    row.state = State.QUEUED if content else State.UNRENDERED
    row.created_at = row.next_try_at = clock.now()
    if content:
        row.subject = content.subject
        row.text = content.text
        row.html = content.html
    return row


def add_task(case_id: int, kind: TaskKind) -> None:
    """Add a task for staff to the case, unless one of the kind is open."""
    if session().scalar(select(Task.id).filter_by(case_id=case_id, kind=kind, done_at=None)) is None:
        session().add(Task(case_id=case_id, kind=kind, created_at=clock.now()))


def latest_messages(count: int) -> Sequence[OutboxMessage]:
    """The latest messages, newest first. For /utkorg, which exists in development only."""
    return session().scalars(select(OutboxMessage).order_by(OutboxMessage.id.desc()).limit(count)).all()


def ids_to_protected_senders(messages: Sequence[OutboxMessage]) -> set[int]:
    """The ids of the messages whose recipient has protected personal data (skyddade personuppgifter)."""
    protected_cases = parties.protected_among({message.case_id for message in messages})
    return {message.id for message in messages if message.case_id in protected_cases}


def get_message(message_id: int) -> OutboxMessage | None:
    """A message by id. For /utkorg, which exists in development only."""
    return session().get(OutboxMessage, message_id)
