"""Write what became of a single message, and what follows from that."""

from collections.abc import Callable
from datetime import datetime, timedelta

import structlog
from sqlalchemy import select
from sqlalchemy.orm import defer

from portal.database.errors import DatabaseUnavailable
from portal.db import session, transaction
from portal.notifications import ladder, outbox
from portal.notifications.delivery import claims, database_clock
from portal.notifications.delivery.claims import CONTENTS, Claim
from portal.notifications.delivery.outcomes import Outcome
from portal.notifications.models import OutboxMessage, State
from portal.notifications.rules import Medium, Problem

log: structlog.stdlib.BoundLogger = structlog.get_logger()
FINAL_FAILURES = frozenset({State.FAILED, State.UNCERTAIN, State.UNREADABLE})


def settle(claim: Claim, outcome: Outcome) -> None:
    """Write the outcome of an attempt, unless another worker has taken the message over."""
    with transaction():
        row = locked_row(claim.id)
        if (row.state, row.next_try_at) == (State.SENDING, claim.lease):
            write(row, outcome)


def settle_lost(medium: Medium) -> None:
    """Queue what a vanished worker had claimed; what may have been sent already is left to a person."""
    with transaction():
        for id_, _lease in claims.lost(medium):
            write(locked_row(id_), Outcome(State.UNCERTAIN, Problem.WORKER_LOST, is_uncertain=True))


def locked_row(id_: int) -> OutboxMessage:
    """The row without its contents, which may be encrypted with a key that is gone."""
    contents = [defer(getattr(OutboxMessage, name), raiseload=True) for name in CONTENTS]
    query = select(OutboxMessage).filter_by(id=id_).options(*contents)
    return session().scalars(query.with_for_update()).one()


def recipient(id_: int) -> str:
    """The recipient of a message. Raises cryptography.fernet.InvalidToken."""
    return session().scalars(select(OutboxMessage.recipient).filter_by(id=id_)).one() or ""


def write(row: OutboxMessage, outcome: Outcome) -> None:
    """Write an outcome to a row that is locked."""
    now = database_clock.now()
    row.state = outcome.state
    row.problem = outcome.problem
    row.reply_code = outcome.code
    row.tries += outcome.counts
    row.uncertain_tries += outcome.is_uncertain
    if outcome.problem:
        _report(row)
    if outcome.state is State.QUEUED:
        _queue_again(row, now + timedelta(seconds=outcome.wait))
    elif outcome.state in FINAL_FAILURES:
        follow_up(row)
    else:
        row.sent_at = now
        row.gateway_id = outcome.gateway_id


def _queue_again(row: OutboxMessage, due: datetime) -> None:
    row.next_try_at = due
    row.begun_at = None


def follow_up(row: OutboxMessage) -> None:
    """Leave a failed message to the sender's other way or to staff; what fails in that undoes no outcome."""
    if not _is_done(ladder.after_failure, row):
        _is_done(_add_task, row)


def _is_done(step: Callable[[OutboxMessage], None], row: OutboxMessage) -> bool:
    try:
        # A savepoint: else a fault here would undo the outcome, and the message would be tried for ever.
        with session().begin_nested():
            step(row)
    except DatabaseUnavailable:
        raise
    except Exception:
        log.exception("delivery.not_followed_up", outbox=row.id)
        return False
    return True


def _add_task(row: OutboxMessage) -> None:
    if row.case_id is not None and row.membership_id is None:
        outbox.add_task(row.case_id, (ladder.TASKS | ladder.TASKS_OF_OUR_FAULT)[row.state])


def _report(row: OutboxMessage) -> None:
    log.warning(
        "delivery.failed",
        outbox=row.id,
        medium=row.medium,
        tries=row.tries,
        new_state=row.state,
        problem=row.problem,
        reply=row.reply_code,
    )
