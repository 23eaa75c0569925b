"""The outbox as a whole, for those who run the portal: what waits, what failed and why, in figures."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import NamedTuple

import structlog
from sqlalchemy import func, select
from sqlalchemy.orm import defer

from portal import clock
from portal.cases.models import Case
from portal.db import session
from portal.notifications.models import WAITING, OutboxMessage, State
from portal.notifications.rules import Medium
from portal.notifications.sent.messages import RESENDABLE, queue_again

log: structlog.stdlib.BoundLogger = structlog.get_logger()
# As long as texts are kept: an older failure can no longer be sent again.
PERIOD = timedelta(days=30)
NOT_DELIVERED = (State.FAILED, State.UNCERTAIN, State.UNRENDERED, State.UNREADABLE)
LISTED = 100
LATE = timedelta(minutes=15)
# What waits is brought forward; what no key opened may be opened by a key that is back.
RETRIED = RESENDABLE | {State.QUEUED, State.UNREADABLE}
ENCRYPTED = ("recipient", "subject", "text", "html")


class Backlog(NamedTuple):
    """What waits to be sent by a medium: how many, since when the oldest, and its problem if it failed."""

    medium: Medium
    messages: int
    oldest: datetime
    problem: str | None
    reply_code: int | None

    @property
    def is_late(self) -> bool:
        """Whether the oldest has waited for longer than a message should."""
        return self.oldest < clock.now() - LATE


class Failures(NamedTuple):
    """How many messages were not delivered for one reason."""

    medium: Medium
    state: State
    problem: str | None
    reply_code: int | None
    messages: int
    latest: datetime


class OutboxRow(NamedTuple):
    """A message in the list of operations: its case by number, no recipient and no text."""

    id: int
    case: str
    name: str
    medium: Medium
    state: State
    tries: int
    problem: str | None
    reply_code: int | None
    created_at: datetime
    next_try_at: datetime


def backlogs() -> Sequence[Backlog]:
    """What waits, by medium; a medium with nothing waiting is left out."""
    counts = select(OutboxMessage.medium, func.count(), func.min(OutboxMessage.id))
    counts = counts.where(WAITING).group_by(OutboxMessage.medium).order_by(OutboxMessage.medium)
    return [_backlog(*row) for row in session().execute(counts).all()]


def _backlog(medium: Medium, messages: int, oldest: int) -> Backlog:
    query = select(OutboxMessage.created_at, OutboxMessage.problem, OutboxMessage.reply_code)
    return Backlog(medium, messages, *session().execute(query.filter_by(id=oldest)).one())


def failures() -> Sequence[Failures]:
    """What was not delivered in the last 30 days, by reason, the most frequent first."""
    columns = (OutboxMessage.medium, OutboxMessage.state, OutboxMessage.problem, OutboxMessage.reply_code)
    query = select(*columns, func.count(), func.max(OutboxMessage.created_at)).group_by(*columns)
    query = query.where(
        OutboxMessage.state.in_(NOT_DELIVERED), OutboxMessage.created_at >= clock.now() - PERIOD
    )
    return [Failures(*row) for row in session().execute(query.order_by(func.count().desc(), *columns))]


def rows(states: Sequence[State], limit: int = LISTED) -> Sequence[OutboxRow]:
    """The newest messages in these states, newest first."""
    message = OutboxMessage
    query = select(
        message.id,
        Case,
        *(message.name, message.medium, message.state, message.tries),
        *(message.problem, message.reply_code, message.created_at, message.next_try_at),
    )
    query = query.outerjoin(Case, message.case_id == Case.id).where(message.state.in_(states))
    newest = session().execute(query.order_by(message.id.desc()).limit(limit))
    return [OutboxRow(id_, case.reference if case else "", *rest) for id_, case, *rest in newest]


def retry(ids: Sequence[int]) -> int:
    """Queue messages again that were not delivered, or wait; returns how many."""
    return sum(map(_retry, _locked(ids)))


def cancel(ids: Sequence[int]) -> int:
    """Take waiting messages out of the queue; returns how many. One that is being sent is not stopped."""
    return sum(map(_cancel, _locked(ids)))


def _locked(ids: Sequence[int]) -> Sequence[OutboxMessage]:
    # Without the contents, which no key may decrypt.
    contents = [defer(getattr(OutboxMessage, name), raiseload=True) for name in ENCRYPTED]
    query = select(OutboxMessage).where(OutboxMessage.id.in_(ids)).order_by(OutboxMessage.id)
    return session().scalars(query.options(*contents).with_for_update()).all()


def _retry(row: OutboxMessage) -> bool:
    has_text = session().scalar(select(OutboxMessage.text.is_not(None)).filter_by(id=row.id))
    if row.state not in RETRIED or not has_text:
        return False
    queue_again(row)
    log.info("outbox.retried", outbox=row.id)
    return True


def _cancel(row: OutboxMessage) -> bool:
    if row.state not in (State.QUEUED, State.HELD):
        return False
    row.state = State.CANCELLED
    log.info("outbox.cancelled", outbox=row.id)
    return True
