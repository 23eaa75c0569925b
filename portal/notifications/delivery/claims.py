"""The messages that a worker has claimed, and the statements by which it claims them and lets them go.

A claim reads the contents as they are stored: a row that no key decrypts must not stop the others.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from random import Random
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Select, bindparam, or_, select, update

from portal.cases.enums import NotifyBy
from portal.cases.models import Case
from portal.db import UtcDateTime, session, transaction
from portal.notifications.delivery import database_clock
from portal.notifications.models import WAITING, OutboxMessage, State
from portal.notifications.rules import BOUND_TO_ADDRESS, OWN_PROBLEMS, Medium, Problem

# Longer than a message can take (email.MailSettings), with room for those before it in its batch.
LEASE = timedelta(minutes=10)
# A message is begun only while so much of its lease is left.
MIN_LEFT = timedelta(minutes=7)
MAX_BROUGHT_FORWARD = 1000
OUTBOX: Any = OutboxMessage.__table__
CONTENTS = ("recipient", "subject", "text", "html")
COLUMNS = (
    "id",
    "case_id",
    "membership_id",
    "name",
    "medium",
    "language",
    "message_id",
    "tries",
    "uncertain_tries",
    "created_at",
    "next_try_at",
)


@dataclass(frozen=True)
class Claim:
    """A message that this worker may send until its lease expires; the contents are encrypted."""

    lease: datetime
    id: int
    case_id: int | None
    membership_id: int | None
    name: str
    medium: Medium
    language: str
    message_id: str
    tries: int
    uncertain_tries: int
    created_at: datetime
    due: datetime
    recipient: bytes | None
    subject: bytes | None
    text: bytes | None
    html: bytes | None

    @property
    def is_careful(self) -> bool:
        """Whether it is noted when its transmission begins, since another copy must not be sent."""
        return self.medium is Medium.SMS or self.uncertain_tries > 0

    def has_time(self) -> bool:
        """Whether it can be sent before its lease expires."""
        return self.lease - database_clock.now() >= MIN_LEFT


def claim(medium: Medium, count: int) -> list[Claim]:
    """Claim at most so many due messages, in order, at most one of a case; several workers share them."""
    with transaction():
        database_clock.synchronise()
        now = database_clock.now()
        lease = now + LEASE
        rows = session().execute(next_due(), {"medium": medium, "now": now, "count": count}).all()
        ids = [row.id for row in rows]
        if ids:
            session().execute(_lease(), {"ids": ids, "lease": lease})
            unwanted = set(session().scalars(_unwanted(), {"ids": ids}))
            if unwanted:
                session().execute(_withheld(), {"ids": sorted(unwanted)})
            rows = [row for row in rows if row.id not in unwanted]
    return [Claim(lease, *row) for row in rows]


@cache
def _unwanted() -> Select[Any]:
    """Messages that their sender has declined, or whose reader is contested, since they were queued."""
    case = Case.__table__
    declined = sa.and_(case.c.notify_by == NotifyBy.NONE, OUTBOX.c.name.not_in(sorted(BOUND_TO_ADDRESS)))
    query = select(OUTBOX.c.id).join(case, case.c.id == OUTBOX.c.case_id)
    query = query.where(OUTBOX.c.id.in_(bindparam("ids", expanding=True)), OUTBOX.c.membership_id.is_(None))
    return query.where(or_(declined, case.c.reader_contested_at.is_not(None)))


@cache
def _withheld() -> sa.Update:
    ids = OUTBOX.c.id.in_(bindparam("ids", expanding=True))
    return update(OUTBOX).where(ids).values(state=State.WITHHELD)


@cache
def next_due() -> Select[Any]:
    """The messages to be sent next by a medium, by the index of those that wait."""
    contents = [sa.type_coerce(OUTBOX.c[name], sa.LargeBinary).label(name) for name in CONTENTS]
    query = select(*(OUTBOX.c[name] for name in COLUMNS), *contents)
    query = query.where(WAITING, OUTBOX.c.state == State.QUEUED)
    query = query.where(OUTBOX.c.medium == bindparam("medium", type_=OUTBOX.c.medium.type))
    query = query.where(OUTBOX.c.next_try_at <= bindparam("now", type_=UtcDateTime()))
    query = query.where(_is_first_of_case())
    query = query.order_by(OUTBOX.c.next_try_at, OUTBOX.c.id).limit(bindparam("count", type_=sa.Integer))
    return query.with_for_update(skip_locked=True, of=OUTBOX)


def _is_first_of_case() -> sa.ColumnElement[bool]:
    """The condition that no earlier message of the case waits, by the same medium to the same side."""
    earlier = OUTBOX.alias("earlier")
    query = select(earlier.c.id).where(
        sa.text("earlier.state IN ('queued', 'sending')"),
        earlier.c.case_id == OUTBOX.c.case_id,
        earlier.c.medium == OUTBOX.c.medium,
        # A member of staff whose mailbox is full must not hold up the sender.
        sa.func.coalesce(earlier.c.membership_id, 0) == sa.func.coalesce(OUTBOX.c.membership_id, 0),
        # Nor may an earlier address, whose letter says that the case has another.
        earlier.c.name.not_in(sorted(BOUND_TO_ADDRESS)),
        # An expression, so that no plan goes through all earlier messages by their primary key.
        earlier.c.id + 0 < OUTBOX.c.id,
    )
    # A CASE is evaluated for each row that the index gives. As a join, or by its own guess of how few pass,
    # a planner would read and sort all that wait.
    return sa.case((query.correlate(OUTBOX).exists(), sa.false()), else_=sa.true())


@cache
def _lease() -> sa.Update:
    statement = update(OUTBOX).where(OUTBOX.c.id.in_(bindparam("ids", expanding=True)))
    lease = bindparam("lease", type_=UtcDateTime())
    return statement.values(state=State.SENDING, next_try_at=lease, begun_at=None)


def held_by(claim: Claim) -> sa.ColumnElement[bool]:
    """The condition that this worker still has the message: the lease of another claim ends otherwise."""
    is_sending = OUTBOX.c.state == State.SENDING
    return sa.and_(OUTBOX.c.id == claim.id, is_sending, OUTBOX.c.next_try_at == claim.lease)


def begin(claim: Claim) -> bool:
    """Note that the transmission begins now; False if another worker has taken the message over."""
    with transaction():
        statement = update(OUTBOX).where(held_by(claim)).values(begun_at=database_clock.now())
        changed: Any = session().execute(statement)
        return bool(changed.rowcount)


def put_back(claims: Sequence[Claim]) -> None:
    """Put messages back in their place, which were not sent."""
    with transaction():
        for claim in claims:
            statement = update(OUTBOX).where(held_by(claim))
            session().execute(statement.values(state=State.QUEUED, next_try_at=claim.due, begun_at=None))


def mark_sent(claims: Sequence[Claim]) -> None:
    """Note that messages of one batch were accepted, in one statement."""
    with transaction():
        values = {"ids": [claim.id for claim in claims], "held": claims[0].lease, "at": database_clock.now()}
        session().execute(_sent(), values)


@cache
def _sent() -> sa.Update:
    ids = OUTBOX.c.id.in_(bindparam("ids", expanding=True))
    is_ours = OUTBOX.c.next_try_at == bindparam("held", type_=UtcDateTime())
    statement = update(OUTBOX).where(ids, OUTBOX.c.state == State.SENDING, is_ours)
    at = bindparam("at", type_=UtcDateTime())
    return statement.values(
        state=State.SENT, sent_at=at, tries=OUTBOX.c.tries + 1, problem=None, reply_code=None
    )


def lost(medium: Medium) -> list[tuple[int, datetime]]:
    """Ids and leases of messages whose worker vanished, and may have sent them more often than once more.

    Those that it had not begun, and e-mails that may be sent once more, are queued again.
    """
    expired = [
        OUTBOX.c.medium == medium,
        OUTBOX.c.state == State.SENDING,
        OUTBOX.c.next_try_at <= database_clock.now(),
    ]
    is_careful = or_(OUTBOX.c.medium == Medium.SMS, OUTBOX.c.uncertain_tries > 0)
    back = {"state": State.QUEUED}
    session().execute(update(OUTBOX).where(*expired, is_careful, OUTBOX.c.begun_at.is_(None)).values(back))
    again = back | {"uncertain_tries": OUTBOX.c.uncertain_tries + 1, "problem": Problem.WORKER_LOST.value}
    session().execute(update(OUTBOX).where(*expired, sa.not_(is_careful)).values(again))
    query = select(OUTBOX.c.id, OUTBOX.c.next_try_at).where(*expired).order_by(OUTBOX.c.id)
    return [tuple(row) for row in session().execute(query.with_for_update(skip_locked=True))]


def bring_forward(medium: Medium, seconds: float, rng: Random) -> None:
    """Let what waits for its channel be sent within so many seconds, in the order of the messages."""
    with transaction():
        now = database_clock.now()
        query = select(OUTBOX.c.id).where(WAITING, OUTBOX.c.medium == medium, OUTBOX.c.next_try_at > now)
        query = query.where(OUTBOX.c.state == State.QUEUED, _waits_for_channel())
        query = query.order_by(OUTBOX.c.id).limit(MAX_BROUGHT_FORWARD)
        ids = session().scalars(query.with_for_update(skip_locked=True)).all()
        waits = sorted(rng.uniform(0, seconds) for _id in ids)
        for id_, wait in zip(ids, waits, strict=True):
            statement = update(OUTBOX).where(OUTBOX.c.id == id_)
            session().execute(statement.values(next_try_at=now + timedelta(seconds=wait)))


def _waits_for_channel() -> sa.ColumnElement[bool]:
    """The condition that a message was not the one that was refused. An SMTP 421 is about the channel."""
    away = OUTBOX.c.problem.in_([problem.value for problem in (*OWN_PROBLEMS, Problem.UNREACHABLE)])
    is_busy = OUTBOX.c.problem == Problem.TRY_LATER.value
    return or_(away, sa.and_(is_busy, or_(OUTBOX.c.medium == Medium.SMS, OUTBOX.c.reply_code == 421)))
