"""Emergency access (nödåtkomst): a membership for some hours, and a one-time code in the place of a provider.

Every part of it stands in a record of its own, whose rows are added, never changed, and seal one another.
"""

import hashlib
import json
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import delete, select

from portal import clock, crypto
from portal.db import advisory_lock, session
from portal.formats.readable_codes import BITS, readable_code
from portal.identity import sessions
from portal.identity.models import BreakGlass, BreakGlassCode, EmergencyEvent, Membership, SignIn
from portal.identity.oidc.providers import NO_PROVIDER

MAX_HOURS = 24
CODE_TTL = timedelta(minutes=15)
START = b"\0" * 32


@dataclass(frozen=True)
class EmergencyGrant:
    """What is told once, to whoever opened it."""

    membership: Membership
    code: str


def begin(membership: Membership, reason: str, hours: int) -> EmergencyGrant:
    """Give the membership, and a code for it. Raises ValueError for too many hours, or without a reason."""
    if not 1 <= hours <= MAX_HOURS or not reason.strip():
        raise ValueError("an emergency access has a reason, and ends within a day")
    now = clock.now()
    membership.started_at, membership.ended_at = now, now + timedelta(hours=hours)
    session().add(membership)
    session().flush()
    _record(membership, EmergencyEvent.OPENED, reason.strip())
    return EmergencyGrant(membership, _code_for(membership))


def _code_for(membership: Membership) -> str:
    code, now = readable_code(secrets.randbits(BITS)), clock.now()
    session().execute(delete(BreakGlassCode).where(BreakGlassCode.expires_at <= now))
    row = BreakGlassCode(code=_fingerprint(code), membership_id=membership.id, expires_at=now + CODE_TTL)
    session().add(row)
    return code


def _fingerprint(code: str) -> bytes:
    return crypto.fingerprint("break-glass", code)


def enter(code: str) -> str | None:
    """Spend a code: opens a session of its membership and gives its id; None for one that does not hold."""
    mark, now = _fingerprint(code), clock.now()
    advisory_lock(mark)
    query = select(Membership).join(BreakGlassCode, BreakGlassCode.membership_id == Membership.id)
    holds = (BreakGlassCode.code == mark, BreakGlassCode.expires_at > now, sessions.running())
    membership = session().scalar(query.where(*holds))
    if membership is None:
        return None
    session().execute(delete(BreakGlassCode).where(BreakGlassCode.code == mark))
    _record(membership, EmergencyEvent.USED)
    opened = SignIn(provider=NO_PROVIDER, issuer=NO_PROVIDER, person_id=membership.person_id)
    opened.membership_id = membership.id
    return sessions.begin(opened)


def end(membership: Membership) -> None:
    """Close it before its time: code and session with it. A membership of another kind is left alone."""
    if is_one(membership.id):
        session().execute(delete(BreakGlassCode).where(BreakGlassCode.membership_id == membership.id))
        sessions.end_emergency(membership.id)
        _record(membership, EmergencyEvent.ENDED)


def is_one(membership_id: int) -> bool:
    """Whether a membership is an emergency access."""
    mine = select(BreakGlass.id).where(BreakGlass.membership_id == membership_id)
    return session().scalar(mine.limit(1)) is not None


def open_now() -> Sequence[Membership]:
    """Every emergency access that runs, the first opened first."""
    ones = select(BreakGlass.membership_id).where(BreakGlass.event == EmergencyEvent.OPENED)
    query = select(Membership).where(sessions.running(), Membership.id.in_(ones))
    return session().scalars(query.order_by(Membership.started_at, Membership.id)).all()


def record() -> Sequence[BreakGlass]:
    """All that has happened, the oldest first."""
    return session().scalars(select(BreakGlass).order_by(BreakGlass.id)).all()


def is_whole(rows: Sequence[BreakGlass]) -> bool:
    """Whether each row seals the one before: one that was changed or taken away shows."""
    before = START
    for row in rows:
        if row.seal != _seal(before, row):
            return False
        before = row.seal
    return True


def _record(membership: Membership, event: EmergencyEvent, reason: str = "") -> None:
    advisory_lock(crypto.fingerprint("break-glass", ""))
    last = session().scalars(select(BreakGlass).order_by(BreakGlass.id.desc()).limit(1)).first()
    row = BreakGlass(at=clock.now(), event=event, membership_id=membership.id, role=membership.role)
    row.until, row.reason = membership.ended_at or row.at, reason
    row.seal = _seal(last.seal if last else START, row)
    session().add(row)
    session().flush()


def _seal(before: bytes, row: BreakGlass) -> bytes:
    moments = row.at.isoformat(), row.until.isoformat()
    said = [*moments, row.event, row.membership_id, row.role, row.reason]
    return hashlib.sha256(before + json.dumps(said).encode()).digest()
