"""The letters that were read: what became of each, who sends it on, and who has had an answer."""

from datetime import timedelta
from hashlib import sha256

from sqlalchemy import delete, func, or_, select, update

from portal import clock, crypto
from portal.db import advisory_lock, session
from portal.notifications.inbound.mime.letters import Letter
from portal.notifications.inbound.models import InboundMail, Outcome

RETENTION = timedelta(days=90)
ANSWER_PERIOD = timedelta(days=7)
# Of all answers in a day: letters with made-up senders must not make us write to strangers in numbers.
MAX_ANSWERS = 200
# Between two attempts to send a letter on, and until a person has to.
RETRY = timedelta(minutes=10)
GIVE_UP = timedelta(days=3)


def known(letter: Letter) -> InboundMail | None:
    """The row of a letter that has been read before. In the transaction that adds it if it has not."""
    macs = _macs(letter)
    # Two workers read the same letter: the second waits here, and finds the row of the first.
    advisory_lock(macs[0])
    return session().scalar(select(InboundMail).where(InboundMail.mac.in_(macs)))


def add(letter: Letter, outcome: Outcome, must_forward: bool) -> InboundMail:
    """Note what became of a letter."""
    row = InboundMail(mac=_macs(letter)[0], outcome=outcome, read_at=clock.now(), must_forward=must_forward)
    row.finished_at = None if must_forward else row.read_at
    session().add(row)
    session().flush()
    return row


def leave(raw: bytes) -> None:
    """Note that a letter that cannot be handled is left to a person; nothing of it is read."""
    macs = crypto.blind_indexes("left mail", sha256(raw).hexdigest())
    advisory_lock(macs[0])
    now = clock.now()
    row = session().scalar(select(InboundMail).where(InboundMail.mac.in_(macs)))
    if row is None:
        left = {"outcome": Outcome.LEFT, "must_forward": False, "finished_at": now}
        session().add(InboundMail(mac=macs[0], read_at=now, **left))


def _macs(letter: Letter) -> list[bytes]:
    # By the content too: some programs give all their letters one Message-ID.
    return crypto.blind_indexes("inbound mail", f"{letter.message_id} {letter.digest.hex()}")


def may_answer(row: InboundMail, address: str) -> bool:
    """Count an answer to this address; False if it has had one this week, or all have had too many today."""
    macs = crypto.blind_indexes("answered sender", address.casefold())
    advisory_lock(macs[0])
    now = clock.now()
    latest = select(InboundMail.id).where(InboundMail.sender_mac.in_(macs))
    if session().scalar(latest.where(InboundMail.answered_at > now - ANSWER_PERIOD).limit(1)) is not None:
        return False
    today = select(func.count(InboundMail.id)).where(InboundMail.answered_at > now - timedelta(days=1))
    if (session().scalar(today) or 0) >= MAX_ANSWERS:
        return False
    row.sender_mac = macs[0]
    row.answered_at = now
    return True


def claim(row_id: int) -> bool:
    """Whether this worker is to send the letter on now: one at a time, and not at once after a failure."""
    now = clock.now()
    free = or_(InboundMail.lease_until.is_(None), InboundMail.lease_until <= now)
    query = update(InboundMail).where(InboundMail.id == row_id, InboundMail.finished_at.is_(None), free)
    claimed = session().scalars(query.values(lease_until=now + RETRY).returning(InboundMail.id)).all()
    return bool(claimed)


def finish(row_id: int) -> None:
    """Note that the letter has been sent on."""
    session().get_one(InboundMail, row_id).finished_at = clock.now()


def give_up(row_id: int) -> bool:
    """Leave a letter that could not be sent on for days to a person; False if it is too early."""
    row = session().get_one(InboundMail, row_id)
    if row.read_at > clock.now() - GIVE_UP:
        return False
    row.outcome = Outcome.LEFT
    row.finished_at = clock.now()
    return True


def forget_old() -> None:
    """Delete what is old, and who has had an answer."""
    now = clock.now()
    session().execute(delete(InboundMail).where(InboundMail.read_at < now - RETENTION))
    answered = update(InboundMail).where(InboundMail.answered_at <= now - ANSWER_PERIOD)
    session().execute(answered.where(InboundMail.sender_mac.is_not(None)).values(sender_mac=None))


def left_count() -> int:
    """The number of letters of the last week that are left to a person."""
    query = select(func.count(InboundMail.id)).where(InboundMail.outcome == Outcome.LEFT)
    return int(session().scalar(query.where(InboundMail.read_at > clock.now() - ANSWER_PERIOD)) or 0)
