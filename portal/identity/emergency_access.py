"""Emergency access (nödåtkomst): a membership for some hours, and a one-time code to sign in with.

It works without an identity provider. Each step is logged in the append-only, hash-chained table break_glass.
"""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

import structlog
from sqlalchemy import delete, select

from portal import clock, crypto, hash_chain
from portal.db import advisory_lock, session
from portal.formats.codes.readable_codes import BITS, readable_code
from portal.identity import sessions
from portal.identity.models import BreakGlass, BreakGlassCode, EmergencyEvent, Membership, SignIn
from portal.identity.oidc.providers import NO_PROVIDER

log: structlog.stdlib.BoundLogger = structlog.get_logger()
MAX_HOURS = 24
CODE_TTL = timedelta(minutes=15)


@dataclass(frozen=True)
class EmergencyGrant:
    """An opened emergency access. The code is shown once; only its fingerprint is stored."""

    membership: Membership
    code: str


def begin(membership: Membership, reason: str, hours: int) -> EmergencyGrant:
    """Add the membership and a one-time code for it.

    Raises ValueError if the reason is empty or the hours are outside 1 to MAX_HOURS.
    """
    if not 1 <= hours <= MAX_HOURS or not reason.strip():
        raise ValueError("an emergency access has a reason, and ends within a day")
    now = clock.now()
    membership.started_at = now
    membership.ended_at = now + timedelta(hours=hours)
    session().add(membership)
    session().flush()
    _append_to_log(membership, EmergencyEvent.OPENED, reason.strip())
    return EmergencyGrant(membership, _create_code(membership))


def _create_code(membership: Membership) -> str:
    code = readable_code(secrets.randbits(BITS))
    now = clock.now()
    session().execute(delete(BreakGlassCode).where(BreakGlassCode.expires_at <= now))
    row = BreakGlassCode(code=_fingerprint(code), membership_id=membership.id, expires_at=now + CODE_TTL)
    session().add(row)
    return code


def _fingerprint(code: str) -> bytes:
    return crypto.fingerprint("break-glass", code)


def redeem_code(code: str) -> str | None:
    """Redeem a one-time code: opens a session and returns its id; None if the code is unknown or expired."""
    fingerprint = _fingerprint(code)
    # Two requests with the same code must not both find it unused.
    advisory_lock(fingerprint)
    query = select(Membership).join(BreakGlassCode, BreakGlassCode.membership_id == Membership.id)
    is_valid = (BreakGlassCode.code == fingerprint) & (BreakGlassCode.expires_at > clock.now())
    membership = session().scalar(query.where(is_valid, sessions.is_running()))
    if membership is None:
        return None
    session().execute(delete(BreakGlassCode).where(BreakGlassCode.code == fingerprint))
    _append_to_log(membership, EmergencyEvent.USED)
    log.warning("emergency.used", membership=membership.id)
    row = SignIn(provider=NO_PROVIDER, issuer=NO_PROVIDER, person_id=membership.person_id)
    row.membership_id = membership.id
    return sessions.begin(row)


def end(membership: Membership) -> None:
    """End an emergency access early, with its code and session; does nothing for other memberships."""
    if is_emergency(membership.id):
        session().execute(delete(BreakGlassCode).where(BreakGlassCode.membership_id == membership.id))
        sessions.end_emergency(membership.id)
        _append_to_log(membership, EmergencyEvent.ENDED)
        log.warning("emergency.ended", membership=membership.id)


def is_emergency(membership_id: int) -> bool:
    """Whether a membership is an emergency access."""
    rows = select(BreakGlass.id).where(BreakGlass.membership_id == membership_id)
    return session().scalar(rows.limit(1)) is not None


def active_memberships() -> Sequence[Membership]:
    """Return the memberships of every open emergency access, oldest first."""
    opened = select(BreakGlass.membership_id).where(BreakGlass.event == EmergencyEvent.OPENED)
    query = select(Membership).where(sessions.is_running(), Membership.id.in_(opened))
    return session().scalars(query.order_by(Membership.started_at, Membership.id)).all()


def log_entries() -> Sequence[BreakGlass]:
    """Return the whole log, oldest first."""
    return session().scalars(select(BreakGlass).order_by(BreakGlass.id)).all()


def is_intact(rows: Sequence[BreakGlass]) -> bool:
    """Whether every seal matches; False if a row was changed, or deleted before the last one."""
    return hash_chain.is_intact(rows, _seal)


def _append_to_log(membership: Membership, event: EmergencyEvent, reason: str = "") -> None:
    # One writer at a time: two rows that seal the same predecessor would break the chain.
    advisory_lock(crypto.fingerprint("break-glass", ""))
    last = session().scalars(select(BreakGlass).order_by(BreakGlass.id.desc()).limit(1)).first()
    row = BreakGlass(at=clock.now(), event=event, membership_id=membership.id, role=membership.role)
    row.until = membership.ended_at or row.at
    row.reason = reason
    row.seal = _seal(last.seal if last else hash_chain.GENESIS_SEAL, row)
    session().add(row)
    session().flush()


def _seal(previous: bytes, row: BreakGlass) -> bytes:
    times = [row.at.isoformat(), row.until.isoformat()]
    return hash_chain.seal(previous, [*times, row.event, row.membership_id, row.role, row.reason])
