"""Sign-ins that are under way in this browser: they wait in its session, each under its state, once."""

import secrets
from dataclasses import dataclass

from flask import session

from portal import clock
from portal.identity.oidc.authorization_request import Pending

KEY = "sign_ins"
TTL = 600
# A browser refuses a cookie of more than 4 kB, and people begin anew in another tab.
MAX_PENDING = 2


@dataclass(frozen=True)
class PendingSignIn:
    """One of them: at which provider, and where to go afterwards."""

    provider: str
    back: str
    pending: Pending


def begin(provider: str, back: str, pending: Pending) -> str:
    """Remember it; gives its state."""
    state = secrets.token_urlsafe(32)
    newest = list(session.get(KEY, {}).items())[-(MAX_PENDING - 1) :]
    session[KEY] = dict(newest) | {state: [provider, back, pending.as_dict()]}
    return state


def take(provider: str, state: str) -> PendingSignIn | None:
    """The sign-in that an answer belongs to, once, at the provider where it began; None if it is no such."""
    waiting = dict(session.get(KEY, {}))
    if state not in waiting:
        return None
    asked, back, pending = waiting.pop(state)
    session[KEY] = waiting
    begun = PendingSignIn(asked, back, Pending(**pending))
    old = clock.now().timestamp() - begun.pending.started > TTL
    return None if old or asked != provider else begun
