"""Open sessions: how long they last, which ones a person has, and how they end."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, delete, select
from sqlalchemy.engine import CursorResult

from portal import clock, crypto
from portal.db import advisory_lock, session
from portal.identity.models import Login, LogoutToken, Membership, SignIn
from portal.identity.oidc.claims import Claims
from portal.identity.oidc.jwt import Untrusted
from portal.identity.oidc.providers import NO_PROVIDER, Provider

# At least ten times can one stay by doing something, before one must sign in again (WCAG 2.2.1).
TTL = timedelta(hours=12)
IDLE = timedelta(hours=1)
LAST_SEEN_STEP = timedelta(minutes=5)
# Longer than a logout token is young enough to be believed.
SPENT_TTL = timedelta(hours=1)


@dataclass(frozen=True)
class Ends:
    """When a session ends: by itself if nothing is done, and at the latest."""

    idle: datetime
    latest: datetime

    @property
    def soon(self) -> bool:
        """Whether doing something helps no longer than the idle time would."""
        return self.latest - clock.now() <= IDLE


def fingerprint(token: str) -> bytes:
    """What the database keeps of a session's id."""
    return crypto.fingerprint("session", token)


def begin(opened: SignIn) -> str:
    """Open a session; gives its new random id, which only the cookie holds."""
    forget_ended()
    token, now = secrets.token_urlsafe(32), clock.now()
    opened.token, opened.created_at, opened.last_seen_at = fingerprint(token), now, now
    session().add(opened)
    return token


def running() -> ColumnElement[bool]:
    """That a membership has begun and has not ended."""
    now = clock.now()
    over = Membership.ended_at.is_not(None) & (Membership.ended_at <= now)
    return (Membership.started_at <= now) & ~over


def ends(created_at: datetime, closes_at: datetime | None = None) -> Ends:
    """When a session that is used now will end; an emergency access closes with its membership."""
    latest = min(created_at + TTL, closes_at or created_at + TTL)
    return Ends(min(clock.now() + IDLE - LAST_SEEN_STEP, latest), latest)


def is_open() -> ColumnElement[bool]:
    """What holds of a session that is neither too old nor idle too long, nor outlives an emergency access."""
    now = clock.now()
    vouched = SignIn.provider != NO_PROVIDER
    in_time = (SignIn.created_at > now - TTL) & (SignIn.last_seen_at > now - IDLE)
    return in_time & (vouched | SignIn.membership_id.in_(select(Membership.id).where(running())))


def open_for(person_id: int) -> Sequence[SignIn]:
    """Every open session of a person, the newest first."""
    query = select(SignIn).where(SignIn.person_id == person_id, is_open())
    return session().scalars(query.order_by(SignIn.created_at.desc(), SignIn.id.desc())).all()


def end(person_id: int, session_id: int | None = None) -> int:
    """End one session of a person, or all; gives how many ended."""
    mine = SignIn.person_id == person_id
    return _end(mine if session_id is None else mine & (SignIn.id == session_id))


def end_emergency(membership_id: int) -> None:
    """End what was opened by the code of an emergency access."""
    _end((SignIn.provider == NO_PROVIDER) & (SignIn.membership_id == membership_id))


def forget_ended() -> None:
    """Remove the rows of sessions that have ended by themselves."""
    _end(~is_open())


def _end(which: ColumnElement[bool]) -> int:
    found = session().execute(delete(SignIn).where(which))
    return found.rowcount if isinstance(found, CursorResult) else 0


def end_by_provider(provider: Provider, claims: Claims) -> int:
    """End what a logout token names, once; gives how many ended. Raises Untrusted when it comes again."""
    _spend(f"{provider.issuer}\0{provider.client_id}\0{claims['jti']}")
    which = (SignIn.provider == provider.name) & (SignIn.issuer == provider.issuer)
    if claims.get("sid") is not None:
        which &= SignIn.sid == claims["sid"]
    if claims.get("sub") is not None:
        of = select(Login.person_id).where(Login.issuer == provider.issuer, Login.subject == claims["sub"])
        which &= SignIn.person_id.in_(of)
    return _end(which)


def _spend(named: str) -> None:
    token, now = crypto.fingerprint("logout-token", named), clock.now()
    advisory_lock(token)
    session().execute(delete(LogoutToken).where(LogoutToken.expires_at < now))
    if session().scalar(select(LogoutToken).where(LogoutToken.token == token)):
        raise Untrusted("the logout token has been used")
    session().add(LogoutToken(token=token, expires_at=now + SPENT_TTL))
