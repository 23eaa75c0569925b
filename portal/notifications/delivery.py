"""The worker: empties the outbox. At least once, each time under the same Message-ID."""

import logging
from datetime import timedelta
from threading import Event as Stop

from sqlalchemy import Select, and_, or_, select, update

from portal import clock
from portal.cases.answers import drafts as answer_drafts
from portal.cases.enums import TaskKind
from portal.config import settings
from portal.db import session, transaction
from portal.notifications import outbox
from portal.notifications.dispatch import Outcome, attempt
from portal.notifications.models import OutboxMessage, State
from portal.notifications.rules import Medium, wait

log = logging.getLogger(__name__)
LEASE = timedelta(minutes=5)
RETENTION = timedelta(days=30)
LATE = timedelta(minutes=15)
BATCH = 20
TASKS = {State.FAILED: TaskKind.UNDELIVERED, State.UNCERTAIN: TaskKind.UNCERTAIN}


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
    """Send what is due, a batch at most; gives how many were tried."""
    with transaction():
        _empty_old()
        answer_drafts.forget_old()
        _park_uncertain()
    tried = 0
    while tried < BATCH and (row := _claim()):
        _deliver(row)
        tried += 1
    return tried


def _claim() -> OutboxMessage | None:
    """The next is ours for a while: a worker that is killed while sending leaves it to another.

    One at a time: only what was truly under way may have left, and no lease runs out in a queue.
    """
    with transaction():
        row = session().scalar(_due().limit(1).with_for_update(skip_locked=True))
        if row:
            row.state, row.next_try_at, row.tries = State.SENDING, clock.now() + LEASE, row.tries + 1
    return row


def _due() -> Select[OutboxMessage]:
    """What may be tried now. An SMS that was under way once is never tried again."""
    left = and_(OutboxMessage.state == State.SENDING, OutboxMessage.medium != Medium.SMS)
    query = select(OutboxMessage).where(or_(OutboxMessage.state == State.QUEUED, left))
    query = query.where(OutboxMessage.next_try_at <= clock.now())
    return query.order_by(OutboxMessage.next_try_at, OutboxMessage.id)


def _deliver(row: OutboxMessage) -> None:
    outcome = attempt(row, settings())
    with transaction():
        _settle(session().get_one(OutboxMessage, row.id), outcome)


def _settle(row: OutboxMessage, outcome: Outcome) -> None:
    row.state, row.problem, now = outcome.state, outcome.problem, clock.now()
    if outcome.state is State.QUEUED:
        row.next_try_at = now + timedelta(seconds=wait(row.tries))
    elif outcome.state in TASKS:
        outbox.add_task(row.case_id, TASKS[outcome.state])
    else:
        row.sent_at = now


def _park_uncertain() -> None:
    """An SMS whose worker vanished may have left: a second try could be a second message."""
    lost = OutboxMessage.medium == Medium.SMS, OutboxMessage.state == State.SENDING
    query = select(OutboxMessage).where(*lost, OutboxMessage.next_try_at <= clock.now())
    for row in session().scalars(query.with_for_update(skip_locked=True)):
        _settle(row, Outcome(State.UNCERTAIN))


def _empty_old() -> None:
    gone = {"recipient": None, "subject": None, "text": None, "html": None}
    over = OutboxMessage.state.not_in([State.QUEUED, State.SENDING])
    old = OutboxMessage.created_at < clock.now() - RETENTION, OutboxMessage.recipient.is_not(None)
    session().execute(update(OutboxMessage).where(over, *old).values(gone))


def waiting_too_long() -> int:
    """How many messages should have been tried long ago: the worker is not running if there are any."""
    query = select(OutboxMessage.id).where(OutboxMessage.state.in_([State.QUEUED, State.SENDING]))
    return len(
        session().scalars(query.where(OutboxMessage.next_try_at < clock.now() - LATE).limit(100)).all()
    )
