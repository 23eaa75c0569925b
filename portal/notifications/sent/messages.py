"""What is known of the messages to the sender of a case: read for pages, and queued again."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import Select, select, update

from portal import clock
from portal.cases import parties
from portal.cases.enums import NotifyBy, TaskKind
from portal.cases.events.messages import MessageResent
from portal.cases.models import Case, Task
from portal.cases.permissions import may_finish_task
from portal.db import session
from portal.events import publish
from portal.identity.actors import Staff
from portal.notifications import outbox
from portal.notifications.models import OutboxMessage, State
from portal.notifications.rules import BOUND_TO_ADDRESS, Medium, medium_for

# The newest are shown; a case with more than these has been through much.
SHOWN = 50
# Not delivered, or perhaps not.
RESENDABLE = frozenset({State.FAILED, State.UNCERTAIN, State.CANCELLED})
TASKS = (TaskKind.UNDELIVERED, TaskKind.UNCERTAIN)


class SentMessage(NamedTuple):
    """A message without its recipient and text, which no list decrypts."""

    id: int
    name: str
    medium: Medium
    state: State
    problem: str | None
    reply_code: int | None
    tries: int
    created_at: datetime
    sent_at: datetime | None
    delivered_at: datetime | None
    has_text: bool


def messages_to_sender(case: Case) -> Sequence[SentMessage]:
    """The messages about a case that the caller has read through the gate, newest first."""
    query = _of_sender(case).order_by(OutboxMessage.id.desc()).limit(SHOWN)
    return [SentMessage(*row) for row in session().execute(query)]


def messages_to_reader(case: Case) -> Sequence[SentMessage]:
    """The messages that the reader of today may know of: those to earlier addresses went to another."""
    return [message for message in messages_to_sender(case) if message.name not in BOUND_TO_ADDRESS]


def _of_sender(case: Case) -> Select[Any]:
    columns = [getattr(OutboxMessage, name) for name in SentMessage._fields if name != "has_text"]
    # Not the column: it is encrypted, and would be decrypted.
    query = select(*columns, OutboxMessage.text.is_not(None))
    return query.where(OutboxMessage.case_id == case.id, OutboxMessage.membership_id.is_(None))


def can_resend(actor: Staff, case: Case, message: SentMessage) -> bool:
    """Whether the actor may have a message of the case sent again."""
    is_wanted = case.notify_by is not NotifyBy.NONE and not case.reader_contested_at
    is_safe = is_wanted and message.name not in BOUND_TO_ADDRESS
    return is_safe and message.has_text and message.state in RESENDABLE and may_finish_task(actor)


def resend(actor: Staff, case: Case, message_id: int) -> bool:
    """Queue a message again that was not delivered; False if it cannot be, as after a second click.

    It goes to the sender's address of today, under the same Message-ID; by another way as a notice.
    """
    first = session().execute(_of_sender(case).where(OutboxMessage.id == message_id)).first()
    if first is None or not can_resend(actor, case, SentMessage(*first)):
        return False
    row = session().get_one(OutboxMessage, message_id, with_for_update=True)
    if not _send_again(row, case):
        return False
    _finish_tasks(actor, case)
    publish(MessageResent(case=case.id, at=clock.now(), actor=actor, notification=row.id))
    return True


def _send_again(row: OutboxMessage, case: Case) -> bool:
    """Queue the message, or a notice where it may not be sent as it was written or goes another way today."""
    ways = dict(outbox.routes(case, medium_for(case.notify_by)))
    # What was written before may hold an answer: the case may have secrecy since, or its sender be hidden.
    is_closed = case.secrecy or case.hide_sender or parties.is_protected(case)
    if row.medium in ways and not is_closed:
        row.recipient = ways[row.medium]
        queue_again(row)
        return True
    for medium, to in ways.items():
        outbox.queue_notice(case, medium, to, instead_of=row.id)
        row.state = State.WITHHELD
        return True
    return False


def queue_again(row: OutboxMessage) -> None:
    """Queue a message as if it had not been tried."""
    row.state = State.QUEUED
    row.tries = row.uncertain_tries = 0
    row.problem = row.reply_code = row.begun_at = None
    row.next_try_at = clock.now()


def _finish_tasks(actor: Staff, case: Case) -> None:
    """Finish the tasks about messages that were not delivered, once none of them is left."""
    session().flush()
    left = _of_sender(case).where(OutboxMessage.state.in_([State.FAILED, State.UNCERTAIN])).limit(1)
    if session().execute(left).first() is None:
        tasks = update(Task).where(Task.case_id == case.id, Task.kind.in_(TASKS), Task.done_at.is_(None))
        session().execute(tasks.values(done_at=clock.now(), done_by_id=actor.membership))
