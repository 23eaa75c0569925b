"""Nödåtkomst: the one-time code of the command line opens a session of staff, without any provider."""

import logging

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from portal import db
from portal.cases.intake import codes
from portal.identity import commands, emergency_access
from portal.web import current
from portal.web.forms import sent, summary
from portal.web.sign_in import sign_in
from portal.web.sign_in.forms import EmergencyForm
from portal.web.sign_in.views import enter
from portal.web.support import rate_limits

log = logging.getLogger(__name__)


@sign_in.route("/logga-in/nodatkomst", methods=["GET", "POST"])
@rate_limits.limiter.limit(rate_limits.WRONG_CODES, methods=["POST"], deduct_when=rate_limits.is_refused)
def emergency() -> ResponseReturnValue:
    """The code, please. One that is wrong, used, too old or ended gets the same answer."""
    form = EmergencyForm()
    if not sent(form):
        return _asked(form, form.note())
    token = _session_for(codes.normalise(form.code.data or ""))
    if token is None:
        log.warning("emergency access refused: no such code holds")
        form.code.errors = [_("Koden gäller inte. Be den som driver tjänsten om en ny.")]
        return _asked(form, "")
    log.warning("emergency access used")
    return enter(token, url_for("backoffice.queue"))


def _session_for(code: str | None) -> str | None:
    if code is None:
        return None
    before = current.user()
    with db.transaction():
        token = emergency_access.enter(code)
        if token and before:
            commands.sign_out(before.id)
    return token


def _asked(form: EmergencyForm, note: str) -> ResponseReturnValue:
    errors = form.problems() or ([("", note)] if note else [])
    page = render_template("sign_in/emergency.html", form=form, **summary(errors))
    return page, 422 if request.method == "POST" else 200
