"""How often one sender may try: counted under a hash of the address, whose salt lives an hour in memory."""

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
ALL_CASES = "1200 per 10 minutes"
SALT_TTL = timedelta(hours=1)

_salt: tuple[datetime, bytes] | None = None


def _todays_salt() -> bytes:
    global _salt
    if _salt is None or clock.now() - _salt[0] > SALT_TTL:
        _salt = clock.now(), secrets.token_bytes(16)
    return _salt[1]


def sender() -> str:
    """The sender of this request: a hash that nobody can turn back, and that changes every hour."""
    return hmac.new(_todays_salt(), (request.remote_addr or "").encode(), hashlib.sha256).hexdigest()


def everybody() -> str:
    """One count for all."""
    return "all"


def may_send() -> bool:
    """Whether this sender, and all of them together, may send one case more now; counts it if so."""
    try:
        with limiter.limit(CASES), limiter.limit(ALL_CASES, key_func=everybody):
            return True
    except RateLimitExceeded:
        return False


def too_many() -> str:
    """What somebody is told who is over the limit; what they wrote is still in the form."""
    return _(
        "Det kommer in ovanligt mycket just nu. Det du skrev finns kvar. Vänta tio minuter och skicka igen."
    )


def refused(response: Response) -> bool:
    """Whether the try failed: only those count where a code is guessed."""
    return response.status_code == 422


limiter = Limiter(key_func=sender, headers_enabled=False, strategy="moving-window")


def install(app: Flask, settings: Settings) -> None:
    """Count in this process (docs/decisions/0007)."""
    app.config["RATELIMIT_STORAGE_URI"] = "memory://"
    app.config["RATELIMIT_ENABLED"] = settings.limits == "on"
    limiter.init_app(app)
