"""The worker that delivers the outbox: at least once, under the same Message-ID each time."""

from collections.abc import Callable
from datetime import timedelta
from functools import cache
from threading import Event as Stop

import structlog
from sqlalchemy import Select, bindparam, or_, select, update
from sqlalchemy.sql.dml import ReturningUpdate

from portal import clock
from portal.cases.answers import drafts as answer_drafts
from portal.cases.intake import code_access, earlier_readers, form_drafts
from portal.cases.ownership import departures
from portal.cases.search import index as search_index
from portal.config import settings
from portal.database.errors import DatabaseUnavailable
from portal.db import UtcDateTime, session, transaction
from portal.identity import sessions
from portal.notifications import budgets, ladder, outbox
from portal.notifications.channels import email
from portal.notifications.delivery.dispatch import Outcome, attempt_delivery
from portal.notifications.models import WAITING, OutboxMessage, State
from portal.notifications.rules import Medium, Problem, retry_delay

log: structlog.stdlib.BoundLogger = structlog.get_logger()
# A message takes seconds to send; after this the worker that claimed it is taken to be gone.
LEASE = timedelta(minutes=5)
RETENTION = timedelta(days=30)
LATE = timedelta(minutes=15)
SWEEP_STEP = timedelta(seconds=30)
BATCH = 20


def run(stop: Stop, pause: float = 1.0, task: Callable[[], int] = lambda: 0) -> None:
    """Deliver messages, index changed cases and keep owners until the event is set; `pause` in seconds.

    `task` is what else there is to do, and returns how much it did.
    """
    next_sweep = clock.now()
    while not stop.is_set():
        try:
            done = deliver_due() + search_index.index_pending() + task()
            # It looks at every open case, so not each second; the list of cases without a handler is live.
            if clock.now() >= next_sweep and not departures.keep_owners():
                next_sweep = clock.now() + SWEEP_STEP
        # The database comes back, and the worker has to be running then: a line each time, no traceback.
        except DatabaseUnavailable as error:
            log.error("worker.waiting", outage=error.outage.value)
            done = 0
        except Exception:
            log.exception("worker.failed")
            done = 0
        if not done:
            stop.wait(pause)


def deliver_due() -> int:
    """Deliver at most BATCH due messages; returns the number of attempts."""
    # The worker has no scheduler of its own: what expires is cleared before each batch.
    with transaction():
        _clear_old()
        budgets.forget_old()
        _release_held()
        answer_drafts.forget_old()
        _delete_expired()
        code_access.answer_requests()
        _park_uncertain()
    attempts = 0
    with email.Connections() as mail:
        while attempts < BATCH and (row := _claim()):
            _deliver(row, mail)
            attempts += 1
    return attempts


def _release_held() -> None:
    """Queue what was held until today; a message that is over a budget again is left to a person."""
    query = select(OutboxMessage).where(OutboxMessage.state == State.HELD)
    query = query.where(OutboxMessage.next_try_at <= clock.now()).order_by(OutboxMessage.id).limit(BATCH)
    for row in session().scalars(query.with_for_update(skip_locked=True)):
        if budgets.spend(row):
            row.state = State.QUEUED
        else:
            _settle(row, Outcome(State.FAILED, Problem.OVER_BUDGET))
        if row.case_id is not None:
            outbox.finish_held(row.case_id)


def _claim() -> OutboxMessage | None:
    """Claim the next due message for LEASE; None if there is none.

    If this worker is killed while it sends, another one claims the message when the lease has expired.
    """
    # One at a time, not a batch: a claimed message may have been sent, and a lease must not expire while the
    # message waits for others. Several workers skip each other's locked rows.
    with transaction():
        return session().scalar(_claim_next(), {"now": clock.now(), "lease": clock.now() + LEASE})


@cache
def _claim_next() -> ReturningUpdate[OutboxMessage]:
    lease = bindparam("lease", type_=UtcDateTime)
    claim = update(OutboxMessage).where(OutboxMessage.id == next_due().scalar_subquery())
    claim = claim.values(state=State.SENDING, next_try_at=lease, tries=OutboxMessage.tries + 1)
    return claim.returning(OutboxMessage).execution_options(synchronize_session=False)


def next_due() -> Select[int]:
    """The id of the message to be sent next, by the index of those that wait."""
    # An SMS whose lease has expired is not sent again: _park_uncertain() leaves it to a person.
    again = or_(OutboxMessage.state == State.QUEUED, OutboxMessage.medium != Medium.SMS)
    query = select(OutboxMessage.id).where(WAITING, again, OutboxMessage.next_try_at <= bindparam("now"))
    query = query.order_by(OutboxMessage.next_try_at, OutboxMessage.id).limit(1)
    return query.with_for_update(skip_locked=True)


def _deliver(row: OutboxMessage, mail: email.Connections) -> None:
    # Outside any transaction: a slow mail server must not hold the write lock of SQLite.
    outcome = attempt_delivery(row, settings(), mail)
    with transaction():
        session().add(row)
        _settle(row, outcome)


def _settle(row: OutboxMessage, outcome: Outcome) -> None:
    row.state = outcome.state
    row.problem = outcome.problem
    row.reply_code = outcome.code
    if outcome.problem or outcome.state in ladder.TASKS:
        log.warning(
            "delivery.failed", outbox=row.id, medium=row.medium, tries=row.tries, new_state=outcome.state
        )
    if outcome.state is State.QUEUED:
        row.next_try_at = clock.now() + timedelta(seconds=retry_delay(row.tries))
    elif outcome.state in ladder.TASKS:
        ladder.after_failure(row)
    else:
        row.sent_at = clock.now()


def _park_uncertain() -> None:
    # An SMS has no Message-ID by which a second copy could be recognised, so one that may have been sent by
    # a worker that is gone becomes a task.
    query = select(OutboxMessage).where(OutboxMessage.medium == Medium.SMS)
    query = query.where(OutboxMessage.state == State.SENDING, OutboxMessage.next_try_at <= clock.now())
    for row in session().scalars(query.with_for_update(skip_locked=True)):
        _settle(row, Outcome(State.UNCERTAIN))


def _delete_expired() -> None:
    # A row that names a person tells when they were here: none outlives its session by an hour.
    sessions.delete_ended()
    form_drafts.delete_expired()
    code_access.delete_expired()
    earlier_readers.delete_expired()


def _clear_old() -> None:
    # The row stays, without personal data: it shows that a message was sent, and when.
    query = update(OutboxMessage).where(
        OutboxMessage.state.not_in([State.QUEUED, State.SENDING, State.HELD]),
        OutboxMessage.created_at < clock.now() - RETENTION,
        OutboxMessage.recipient.is_not(None),
    )
    session().execute(query.values(recipient=None, subject=None, text=None, html=None))


def overdue_count() -> int:
    """The number of messages, at most 100, that are due since LATE: if any, no worker is running."""
    overdue = select(OutboxMessage.id).where(WAITING, OutboxMessage.next_try_at < clock.now() - LATE)
    return len(session().scalars(overdue.limit(100)).all())
