"""Rate limits of a client, keyed by an HMAC of its IP address under a salt kept in memory for an hour."""

import hashlib
import hmac
import secrets
from datetime import datetime, timedelta

from flask import Flask, request
from flask_babel import gettext as _
from flask_limiter import Limiter
from flask_limiter.errors import RateLimitExceeded
from werkzeug.wrappers import Response

from portal import clock
from portal.config import Settings

WRONG_CODES = "20 per 10 minutes"
CASES = "60 per 10 minutes"
SIGN_INS = "60 per 10 minutes"
# Over all clients, against a flood from many addresses.
ALL_CASES = "1200 per 10 minutes"
SALT_TTL = timedelta(hours=1)

_salt: tuple[datetime, bytes] | None = None


def _current_salt() -> bytes:
    global _salt
    if _salt is None or clock.now() - _salt[0] > SALT_TTL:
        _salt = (clock.now(), secrets.token_bytes(16))
    return _salt[1]


def client_key() -> str:
    """The key of the requesting client. It changes every hour and cannot be traced back to an address."""
    # An unsalted hash could be: there are few enough IPv4 addresses to try them all.
    return hmac.new(_current_salt(), (request.remote_addr or "").encode(), hashlib.sha256).hexdigest()


def shared_key() -> str:
    """The key of a limit shared by all clients."""
    return "all"


def may_send() -> bool:
    """Count one more text from this client; False if it, or all clients together, are over the limit."""
    try:
        with limiter.limit(CASES), limiter.limit(ALL_CASES, key_func=shared_key):
            return True
    except RateLimitExceeded:
        return False


def too_many_message() -> str:
    """The error shown over the limit, beside the form with its text kept."""
    return _(
        "Det kommer in ovanligt mycket just nu. Det du skrev finns kvar. Vänta tio minuter och skicka igen."
    )


def is_refused(response: Response) -> bool:
    """Whether the attempt failed. Only failed ones count against a limit on guesses."""
    return response.status_code == 422


limiter = Limiter(key_func=client_key, headers_enabled=False, strategy="moving-window")


def install(app: Flask, settings: Settings) -> None:
    """Register the limiter, counting in the memory of this process (docs/decisions/0007)."""
    app.config["RATELIMIT_STORAGE_URI"] = "memory://"
    app.config["RATELIMIT_ENABLED"] = settings.limits == "on"
    limiter.init_app(app)
