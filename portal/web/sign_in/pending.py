"""Sign-ins in progress, stored in the browser's session by their OAuth `state` until the callback."""

import secrets
from dataclasses import dataclass
from typing import Any

from flask import session

from portal import clock
from portal.identity.oidc.authorization_request import Pending

KEY = "sign_ins"
# Seconds.
TTL = 600
# More than one, since people start again in another tab; few, since a browser drops a cookie above 4 kB.
MAX_PENDING = 2


@dataclass(frozen=True)
class PendingSignIn:
    """A sign-in at a provider, and the path to return to after it."""

    provider: str
    back: str
    pending: Pending


def begin(provider: str, back: str, pending: Pending) -> str:
    """Store the sign-in; returns its state."""
    state = secrets.token_urlsafe(32)
    newest = list(session.get(KEY, {}).items())[-(MAX_PENDING - 1) :]
    session[KEY] = dict(newest) | {state: [provider, back, pending.as_dict()]}
    return state


def pop(provider: str, state: str) -> PendingSignIn | None:
    """Remove and return the sign-in of a callback; None if unknown, expired or of another provider."""
    stored = dict(session.get(KEY, {}))
    if state not in stored:
        return None
    # Removed before the checks: a state is good for one attempt (RFC 9700, section 4.7).
    sign_in = _from_session(stored.pop(state))
    session[KEY] = stored
    is_expired = clock.now().timestamp() - sign_in.pending.started > TTL
    # An answer of another provider under this state is a mix-up attack (RFC 9700, section 4.4).
    return None if is_expired or sign_in.provider != provider else sign_in


def _from_session(values: list[Any]) -> PendingSignIn:
    provider, back, pending = values
    return PendingSignIn(provider, back, Pending(**pending))
