"""Sign-in sessions: their lifetime, and how they are listed and ended."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache

from sqlalchemy import ColumnElement, delete, select

from portal import clock, crypto
from portal.db import advisory_lock, changed_rows, moment, session
from portal.identity.models import Login, LogoutToken, Membership, SignIn
from portal.identity.oidc.claims import Claims
from portal.identity.oidc.jwt import Untrusted
from portal.identity.oidc.providers import NO_PROVIDER, Provider

# A user can extend the idle time at least ten times before signing in again (WCAG 2.2.1).
TTL = timedelta(hours=12)
IDLE = timedelta(hours=1)
# How often the browser's cookie notes that the session is in use, so that few pages set a cookie.
LAST_SEEN_STEP = timedelta(minutes=5)
# Rows have whole hours: a time to the second would tie the person to a case that they sent anonymously.
GRAIN = timedelta(hours=1)
# Longer than the accepted age of a logout token (oidc/claims.py), so that no used one is accepted again.
SPENT_TTL = timedelta(hours=1)


@dataclass(frozen=True)
class SessionExpiry:
    """The times at which a session expires: when idle, and at the latest."""

    idle: datetime
    latest: datetime

    @property
    def soon(self) -> bool:
        """Whether activity can no longer extend the session by a whole idle time."""
        return self.latest - clock.now() <= IDLE


def fingerprint(token: str) -> bytes:
    """Return the fingerprint of a session id, as the database stores it."""
    return crypto.fingerprint("session", token)


def begin(row: SignIn) -> str:
    """Add a session; returns its new random id, which only the cookie holds."""
    delete_ended()
    token = secrets.token_urlsafe(32)
    row.token = fingerprint(token)
    row.created_at = clock.to_hour(clock.now())
    row.last_seen_at = row.created_at
    session().add(row)
    return token


@cache
def is_running(of: type[Membership] = Membership) -> ColumnElement[bool]:
    """Return the SQL condition that a membership, or one under an alias, has started and has not ended."""
    has_ended = of.ended_at.is_not(None) & (of.ended_at <= moment())
    return (of.started_at <= moment()) & ~has_ended


def runs(membership: Membership) -> bool:
    """Whether a membership has started and has not ended: is_running() of one that has been read."""
    now = clock.now()
    return membership.started_at <= now and (membership.ended_at is None or membership.ended_at > now)


def expiry(created_at: datetime, closes_at: datetime | None = None) -> SessionExpiry:
    """Return the expiry of a session in use now; closes_at is the end of an emergency access."""
    latest = min(created_at + TTL, closes_at or created_at + TTL)
    # The cookie's time may be a step old, and the session must not end before the promised time.
    return SessionExpiry(min(clock.now() + IDLE - LAST_SEEN_STEP, latest), latest)


@cache
def is_open() -> ColumnElement[bool]:
    """Return the SQL condition that a session is within TTL and, to the hour, within IDLE.

    The cookie of the browser knows the minutes and ends it after exactly IDLE. A session of an emergency
    access also needs a membership that has not ended.
    """
    has_provider = SignIn.provider != NO_PROVIDER
    # The session may have been used until the end of the hour that its row names.
    in_time = (SignIn.created_at > moment(TTL)) & (SignIn.last_seen_at > moment(IDLE + GRAIN))
    return in_time & (has_provider | SignIn.membership_id.in_(select(Membership.id).where(is_running())))


def open_for(person_id: int) -> Sequence[SignIn]:
    """Return the open sessions of a person, newest first."""
    query = select(SignIn).where(SignIn.person_id == person_id, is_open())
    return session().scalars(query.order_by(SignIn.created_at.desc(), SignIn.id.desc())).all()


def end(person_id: int, session_id: int | None = None) -> int:
    """End one session of a person, or all of them; returns how many ended."""
    own = SignIn.person_id == person_id
    return _delete(own if session_id is None else own & (SignIn.id == session_id))


def end_emergency(membership_id: int) -> None:
    """End the session of an emergency access."""
    _delete((SignIn.provider == NO_PROVIDER) & (SignIn.membership_id == membership_id))


def delete_ended() -> int:
    """Delete the rows of expired sessions; returns their number."""
    return _delete(~is_open())


def _delete(condition: ColumnElement[bool]) -> int:
    return changed_rows(delete(SignIn).where(condition))


def end_by_provider(provider: Provider, claims: Claims) -> int:
    """End the sessions named by a verified logout token (Back-Channel Logout 1.0, section 2.7).

    Returns how many ended. Raises Untrusted if the token has been used.
    """
    _mark_used(f"{provider.issuer}\0{provider.client_id}\0{claims['jti']}")
    condition = (SignIn.provider == provider.name) & (SignIn.issuer == provider.issuer)
    if claims.get("sid") is not None:
        condition &= SignIn.sid == claims["sid"]
    if claims.get("sub") is not None:
        people = select(Login.person_id).where(
            Login.issuer == provider.issuer, Login.subject == claims["sub"]
        )
        condition &= SignIn.person_id.in_(people)
    return _delete(condition)


def _mark_used(token_id: str) -> None:
    token = crypto.fingerprint("logout-token", token_id)
    now = clock.now()
    # Two deliveries of the same token must not both find it unused.
    advisory_lock(token)
    session().execute(delete(LogoutToken).where(LogoutToken.expires_at < now))
    if session().scalar(select(LogoutToken).where(LogoutToken.token == token)):
        raise Untrusted("the logout token has been used")
    session().add(LogoutToken(token=token, expires_at=now + SPENT_TTL))
