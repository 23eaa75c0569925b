"""Sign-ins in progress, each in a cookie of its own so that every tab of a browser can have one."""

import json
import secrets
from dataclasses import dataclass

from cryptography.fernet import InvalidToken
from flask import Response, after_this_request, request, session, url_for

from portal import clock, crypto
from portal.config import settings
from portal.identity.oidc.authorization_request import Pending
from portal.web.headers import cookie_name
from portal.web.support import cookies

PREFIX = "inloggning-"
# Seconds. The cookie outlives the sign-in: a late or repeated callback still leads to its tab's page.
TTL = 600
COOKIE_TTL = 3600
# Bytes and cookies: a browser and a server both refuse a request with more (gunicorn at 8 190 bytes).
MAX_BYTES = 3500
MAX_PENDING = 10
# Characters of the name that are of the state: enough to tell two apart.
NAMED_BY = 12


@dataclass(frozen=True)
class PendingSignIn:
    """A sign-in at a provider, and the path to return to after it.

    `pending` is None if it has been used or is too old, and `signed_out` is whether the browser was signed
    out when it was started.
    """

    provider: str
    back: str
    pending: Pending | None
    signed_out: bool


def begin(provider: str, back: str, pending: Pending, signed_out: bool) -> str:
    """Store the sign-in with the response; returns its state."""
    state = secrets.token_urlsafe(32)
    sign_in = PendingSignIn(provider, back, pending, signed_out)
    _forget_oldest()
    _store(state, sign_in)
    return state


def take(provider: str, state: str) -> PendingSignIn | None:
    """The sign-in of a callback, good for one attempt; None if unknown or of another provider."""
    sign_in = _read(state)
    if sign_in is None:
        return None
    # Marked as used before the checks (RFC 9700, section 4.7). Only where it was going is kept.
    _store(state, PendingSignIn(sign_in.provider, sign_in.back, None, sign_in.signed_out))
    # An answer of another provider under this state is a mix-up attack (RFC 9700, section 4.4).
    return sign_in if sign_in.provider == provider else None


def _name(state: str) -> str:
    return cookie_name(PREFIX + state[:NAMED_BY], _path())


def _path() -> str:
    return url_for("sign_in.choose")


def _store(state: str, sign_in: PendingSignIn) -> None:
    pending = sign_in.pending.as_dict() if sign_in.pending else None
    values = [state, sign_in.provider, sign_in.back, pending, sign_in.signed_out]
    token = crypto.cookie_cipher("sign-in").encrypt(json.dumps(values).encode()).decode()

    names = [name for name in session.get(cookies.SIGN_INS, []) if name != _name(state)]
    session[cookies.SIGN_INS] = [*names, _name(state)][-MAX_PENDING:]

    @after_this_request
    def _set(response: Response) -> Response:
        # Lax and not Strict: the provider's redirect back must bring the cookie.
        response.set_cookie(
            _name(state),
            token,
            max_age=COOKIE_TTL,
            path=_path(),
            httponly=True,
            secure=not settings().development,
            samesite="Lax",
        )
        return response


def _read(state: str) -> PendingSignIn | None:
    try:
        token = request.cookies.get(_name(state), "")
        plain = crypto.cookie_cipher("sign-in").decrypt(token, ttl=COOKIE_TTL)
    except InvalidToken:
        return None
    own_state, provider, back, stored, signed_out = json.loads(plain)
    if not secrets.compare_digest(own_state.encode(), state.encode()):
        return None
    pending = Pending(**stored) if stored else None
    if pending and clock.now().timestamp() - pending.started > TTL:
        pending = None
    return PendingSignIn(provider, back, pending, signed_out)


def _forget_oldest() -> None:
    """Delete the oldest cookies of sign-ins, so that those of this browser fit in a request."""
    cookies = [(name, value) for name, value in request.cookies.items() if PREFIX in name]
    cookies.sort(key=lambda cookie: _started(cookie[1]))
    left = sum(len(name) + len(value) for name, value in cookies)
    for position, (name, value) in enumerate(cookies):
        if left <= MAX_BYTES and len(cookies) - position < MAX_PENDING:
            break
        left -= len(name) + len(value)
        _delete(name)


def _started(token: str) -> int:
    """The Unix time at which a cookie was made; 0 for one that is not ours."""
    try:
        return crypto.cookie_cipher("sign-in").extract_timestamp(token)
    except InvalidToken:
        return 0


def _delete(name: str) -> None:
    @after_this_request
    def _forget(response: Response) -> Response:
        cookies.end(response, name, _path())
        return response
