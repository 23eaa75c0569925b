"""What expires and what was held: each job in a transaction of its own, so that none stops the others."""

from collections.abc import Callable
from datetime import timedelta

import structlog
from cryptography.fernet import InvalidToken
from sqlalchemy import select, update

from portal import clock
from portal.cases.answers import drafts as answer_drafts
from portal.cases.intake import code_access, earlier_readers, form_drafts
from portal.database.errors import DatabaseUnavailable
from portal.db import session, transaction
from portal.identity import sessions
from portal.notifications import budgets, outbox
from portal.notifications.delivery import database_clock, settling
from portal.notifications.delivery.lanes import BATCH
from portal.notifications.delivery.outcomes import UNREADABLE, Outcome
from portal.notifications.models import OutboxMessage, State
from portal.notifications.rules import Problem

log: structlog.stdlib.BoundLogger = structlog.get_logger()
RETENTION = timedelta(days=30)


def clear_old() -> None:
    """Remove the personal data of old messages. The row shows that a message was sent, and when."""
    query = update(OutboxMessage).where(
        OutboxMessage.state.not_in([State.QUEUED, State.SENDING, State.HELD]),
        OutboxMessage.created_at < clock.now() - RETENTION,
        OutboxMessage.recipient.is_not(None),
    )
    session().execute(query.values(recipient=None, subject=None, text=None, html=None))


def release_held() -> None:
    """Queue what was held until today; a message that is over a budget again is left to a person."""
    query = select(OutboxMessage.id).where(OutboxMessage.state == State.HELD)
    query = query.where(OutboxMessage.next_try_at <= database_clock.now()).order_by(OutboxMessage.id)
    for id_ in session().scalars(query.limit(BATCH).with_for_update(skip_locked=True)).all():
        row = settling.locked_row(id_)
        _release(row)
        if row.case_id is not None:
            outbox.finish_held(row.case_id)


def _release(row: OutboxMessage) -> None:
    try:
        recipient = settling.recipient(row.id)
    except InvalidToken:
        settling.write(row, UNREADABLE)
        return
    if budgets.spend(row, recipient):
        row.state = State.QUEUED
    else:
        settling.write(row, Outcome(State.FAILED, Problem.OVER_BUDGET, counts=False))


def delete_expired() -> None:
    """Delete what names a person and has expired: none outlives its session by an hour."""
    sessions.delete_ended()
    form_drafts.delete_expired()
    code_access.delete_expired()
    earlier_readers.delete_expired()


JOBS: tuple[Callable[[], None], ...] = (
    clear_old,
    budgets.forget_old,
    release_held,
    answer_drafts.forget_old,
    delete_expired,
)


def run_all() -> None:
    """Run each job."""
    for job in JOBS:
        run(job)


def run(job: Callable[[], None]) -> None:
    """Run a job; an error is logged. Raises DatabaseUnavailable."""
    try:
        with transaction():
            job()
    except DatabaseUnavailable:
        raise
    except Exception:
        log.exception("worker.failed")
