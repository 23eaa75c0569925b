"""Actions that need a person who was identified in the last minutes, not only an open session."""

from datetime import timedelta
from typing import Any

import structlog
from flask import render_template, request, session, url_for
from flask.typing import ResponseReturnValue

from portal import clock
from portal.web import current

log: structlog.stdlib.BoundLogger = structlog.get_logger()
MAX_AGE = timedelta(minutes=15)


def is_fresh() -> bool:
    """Whether the signed-in person was identified within MAX_AGE."""
    user = current.user()
    # Emergency access has no provider to go back to: its code is typed for a few hours at most.
    if user.emergency:
        return True
    return bool(session.get(current.IDENTIFIED, 0) > (clock.now() - MAX_AGE).timestamp())


def sign_in_again(back: str, text: Any) -> ResponseReturnValue:
    """The page that leads to the provider and from there back to `back`; `text` says what for."""
    user = current.user()
    log.info("sign_in.stale", endpoint=request.endpoint, provider=user.provider)
    onward = url_for("sign_in.start", provider=user.provider, nasta=back, farsk=1)
    minutes = int(MAX_AGE.total_seconds() // 60)
    return render_template("sign_in/again.html", text=text, onward=onward, minutes=minutes), 403
