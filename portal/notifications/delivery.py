"""The worker: empties the outbox. At least once, each time under the same Message-ID."""

import logging
from dataclasses import dataclass
from datetime import timedelta
from threading import Event as Stop

from sqlalchemy import select, update

from portal import clock
from portal.cases.terms import TaskKind
from portal.config import Settings, settings
from portal.db import session, transaction
from portal.notifications import outbox
from portal.notifications.channels import PermanentFailure, TemporaryFailure
from portal.notifications.channels.email import Email, MailSettings, send
from portal.notifications.models import OutboxMessage, State
from portal.notifications.rules import TRIES, wait

log = logging.getLogger(__name__)
LEASE = timedelta(minutes=5)
KEPT_FOR = timedelta(days=30)
LATE = timedelta(minutes=15)
BATCH = 20


@dataclass(frozen=True)
class Outcome:
    """How a try went: the new state, and when to try again."""

    state: State
    problem: str | None = None


def run(stop: Stop, pause: float = 1.0) -> None:
    """Deliver until told to stop."""
    while not stop.is_set():
        try:
            idle = deliver_due() == 0
        except Exception:  # a database that is away comes back; the worker must still be here then
            log.exception("the outbox could not be read")
            idle = True
        if idle:
            stop.wait(pause)


def deliver_due() -> int:
    """Send what is due, a batch at a time; gives how many were tried."""
    with transaction():
        _empty_old()
        claimed = [_claim(row) for row in _due()]
    for row in claimed:
        _deliver(row)
    return len(claimed)


def _due() -> list[OutboxMessage]:
    query = select(OutboxMessage).where(OutboxMessage.state.in_([State.QUEUED, State.SENDING]))
    query = query.where(OutboxMessage.next_try_at <= clock.now()).order_by(OutboxMessage.next_try_at)
    return list(session().scalars(query.limit(BATCH).with_for_update(skip_locked=True)))


def _claim(row: OutboxMessage) -> OutboxMessage:
    """Ours for a while: a worker that is killed while sending leaves it to the next."""
    row.state, row.next_try_at, row.tries = State.SENDING, clock.now() + LEASE, row.tries + 1
    return row


def _deliver(row: OutboxMessage) -> None:
    outcome = _attempt(row, settings())
    with transaction():
        _settle(session().get_one(OutboxMessage, row.id), outcome)


def _attempt(row: OutboxMessage, using: Settings) -> Outcome:
    if not using.mail_server:
        return Outcome(State.KEPT)
    try:
        send(_email(row), mail_settings(using))
    except TemporaryFailure as failure:
        return Outcome(State.QUEUED if row.tries < TRIES else State.FAILED, failure.reason)
    except PermanentFailure as failure:
        return Outcome(State.FAILED, failure.reason)
    return Outcome(State.SENT)


def _email(row: OutboxMessage) -> Email:
    parts = row.recipient or "", row.subject or "", row.text or "", row.html or ""
    return Email(*parts, message_id=row.message_id, language=row.language)


def mail_settings(using: Settings) -> MailSettings:
    """The mail server of the settings."""
    login = using.mail_username or None, using.mail_password or None
    return MailSettings(
        using.mail_server,
        using.mail_port,
        *login,
        using.mail_security,
        using.mail_sender,
        using.mail_reply_to or None,
    )


def _settle(row: OutboxMessage, outcome: Outcome) -> None:
    row.state, row.problem, now = outcome.state, outcome.problem, clock.now()
    if outcome.state is State.QUEUED:
        row.next_try_at = now + timedelta(seconds=wait(row.tries))
    elif outcome.state is State.FAILED:
        outbox.add_task(row.case_id, TaskKind.UNDELIVERED)
    else:
        row.sent_at = now


def _empty_old() -> None:
    gone = {"recipient": None, "subject": None, "text": None, "html": None}
    over = OutboxMessage.state.not_in([State.QUEUED, State.SENDING])
    old = OutboxMessage.created_at < clock.now() - KEPT_FOR, OutboxMessage.recipient.is_not(None)
    session().execute(update(OutboxMessage).where(over, *old).values(gone))


def waiting_too_long() -> int:
    """How many messages should have been tried long ago: the worker is not running if there are any."""
    query = select(OutboxMessage.id).where(OutboxMessage.state.in_([State.QUEUED, State.SENDING]))
    return len(
        session().scalars(query.where(OutboxMessage.next_try_at < clock.now() - LATE).limit(100)).all()
    )
