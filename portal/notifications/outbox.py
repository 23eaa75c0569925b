"""Writing to the outbox, in the transaction of what was decided."""

import logging
import uuid
from collections.abc import Sequence

from sqlalchemy import select

from portal import clock
from portal.cases import parties
from portal.cases.enums import TaskKind
from portal.cases.events import CaseEvent, CodeLinkAsked
from portal.cases.models import Case, Task
from portal.config import settings
from portal.db import session
from portal.notifications.models import OutboxMessage, State
from portal.notifications.rendering import Rendered, render
from portal.notifications.rules import MESSAGES, Medium, medium_for

log = logging.getLogger(__name__)


def enqueue_message(event: CaseEvent) -> None:
    """Listener: put the message of this event in the outbox, if the sender wants one."""
    case = session().get_one(Case, event.case)
    medium, name = _medium(case, event), MESSAGES[type(event)]
    to = medium and _address(case, medium)
    if medium and to:
        try:
            with session().begin_nested():
                session().add(_message(case, name, medium, to, render(name, medium, case, event)))
        except Exception:  # what is wrong with a template must not undo what was decided
            log.exception("message %s of case %s could not be rendered", name, case.id)
            session().add(_message(case, name, medium, to, None))
            add_task(case.id, TaskKind.UNRENDERED)


def _medium(case: Case, event: CaseEvent) -> Medium | None:
    """A link that replaces the code always goes by mail: the mail address is what was asked for."""
    return Medium.EMAIL if isinstance(event, CodeLinkAsked) else medium_for(case.reply_by)


def _address(case: Case, medium: Medium) -> str | None:
    email, phone = parties.reached_at(case)
    return email if medium is Medium.EMAIL else phone


def _message(case: Case, name: str, medium: Medium, to: str, content: Rendered | None) -> OutboxMessage:
    now, host = clock.now(), settings().base_url.split("//")[1].split(":")[0].strip("/")
    row = OutboxMessage(case_id=case.id, name=name, medium=medium, language=case.language, recipient=to)
    row.message_id, row.state = f"<{uuid.uuid4()}@{host}>", State.QUEUED if content else State.UNRENDERED
    row.created_at = row.next_try_at = now
    if content:
        row.subject, row.text, row.html = content.subject, content.text, content.html
    return row


def add_task(case_id: int, kind: TaskKind) -> None:
    """Ask a person to see to what the portal could not do; one open task of a kind is enough."""
    if session().scalar(select(Task.id).filter_by(case_id=case_id, kind=kind, done_at=None)) is None:
        session().add(Task(case_id=case_id, kind=kind, created_at=clock.now()))


def latest(count: int) -> Sequence[OutboxMessage]:
    """The newest messages, for /utkorg in development alone."""
    return session().scalars(select(OutboxMessage).order_by(OutboxMessage.id.desc()).limit(count)).all()


def to_protected(messages: Sequence[OutboxMessage]) -> set[int]:
    """Which of these go to somebody whose address nobody may see."""
    protected = parties.protected_among({each.case_id for each in messages})
    return {each.id for each in messages if each.case_id in protected}


def one(message: int) -> OutboxMessage | None:
    """One message, for /utkorg in development alone."""
    return session().get(OutboxMessage, message)
