"""Texts of old messages are cleared, and held messages are queued: jobs of portal/operations/jobs.py."""

from datetime import timedelta

from cryptography.fernet import InvalidToken
from sqlalchemy import select, update

from portal import clock
from portal.db import changed_rows, session
from portal.notifications import budgets, outbox
from portal.notifications.delivery import database_clock, settlement
from portal.notifications.delivery.lanes import BATCH
from portal.notifications.delivery.outcomes import UNREADABLE, Outcome
from portal.notifications.models import OutboxMessage, State
from portal.notifications.rules import Problem

RETENTION = timedelta(days=30)


def clear_old() -> int:
    """Clear the recipients and texts of messages that were done with RETENTION ago; returns their number."""
    # The row stays, without personal data: it shows that a message was sent, and when.
    query = update(OutboxMessage).where(
        OutboxMessage.state.not_in([State.QUEUED, State.SENDING, State.HELD]),
        OutboxMessage.created_at < clock.now() - RETENTION,
        OutboxMessage.recipient.is_not(None),
    )
    return changed_rows(query.values(recipient=None, subject=None, text=None, html=None))


def release_held() -> int:
    """Queue what was held until today, at most BATCH; a message over a budget again is left to a person."""
    query = select(OutboxMessage.id).where(OutboxMessage.state == State.HELD)
    query = query.where(OutboxMessage.next_try_at <= database_clock.now()).order_by(OutboxMessage.id)
    ids = session().scalars(query.limit(BATCH).with_for_update(skip_locked=True)).all()
    for id_ in ids:
        row = settlement.locked_row(id_)
        _release(row)
        if row.case_id is not None:
            outbox.finish_held(row.case_id)
    return len(ids)


def _release(row: OutboxMessage) -> None:
    try:
        recipient = settlement.recipient(row.id)
    except InvalidToken:
        settlement.write(row, UNREADABLE)
        return
    if budgets.spend(row, recipient):
        row.state = State.QUEUED
    else:
        settlement.write(row, Outcome(State.FAILED, Problem.OVER_BUDGET, counts=False))
