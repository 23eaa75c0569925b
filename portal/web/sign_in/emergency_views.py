"""Emergency access (nödåtkomst): a one-time code from the command line starts a staff session."""

import logging

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from portal import db
from portal.cases.intake import codes
from portal.identity import commands, emergency_access
from portal.web import current
from portal.web.forms import summary
from portal.web.sign_in import sign_in
from portal.web.sign_in.forms import EmergencyForm
from portal.web.sign_in.views import start_session

log = logging.getLogger(__name__)


@sign_in.route("/logga-in/nodatkomst", methods=["GET", "POST"])
def emergency() -> ResponseReturnValue:
    form = EmergencyForm()
    if not form.validate_on_submit():
        return _page(form, form.note())
    token = _redeem_code(codes.normalise(form.code.data or ""))
    if token is None:
        # One message for a wrong, used, expired or revoked code: it must not confirm a guess.
        log.warning("emergency access refused: no such code holds")
        form.code.errors = [_("Koden gäller inte. Be den som driver tjänsten om en ny.")]
        return _page(form, "")
    log.warning("emergency access used")
    return start_session(token, url_for("backoffice.queue"))


def _redeem_code(code: str | None) -> str | None:
    if code is None:
        return None
    previous = current.user()
    with db.transaction():
        token = emergency_access.redeem_code(code)
        if token and previous:
            commands.sign_out(previous.id)
        if token:
            current.end_grants()
    return token


def _page(form: EmergencyForm, note: str) -> ResponseReturnValue:
    errors = form.problems() or ([("", note)] if note else [])
    page = render_template("sign_in/emergency.html", form=form, **summary(errors))
    return page, 422 if request.method == "POST" else 200
