"""Emergency access (nödåtkomst): a one-time code from the command line starts a staff session."""

import structlog
from flask import render_template, url_for
from flask.typing import ResponseReturnValue

from portal import db
from portal.cases.intake import codes
from portal.identity import commands, emergency_access
from portal.translation import gettext as _
from portal.web import current
from portal.web.forms import summary
from portal.web.sign_in import sign_in
from portal.web.sign_in.forms import EmergencyForm
from portal.web.sign_in.views import start_session

log: structlog.stdlib.BoundLogger = structlog.get_logger()


@sign_in.route("/logga-in/nodatkomst", methods=["GET", "POST"])
def emergency() -> ResponseReturnValue:
    form = EmergencyForm()
    if not form.validate_on_submit():
        return _page(form, form.note())
    token = _redeem_code(codes.normalise(form.code.data or ""))
    if token is None:
        # One message for a wrong, used, expired or revoked code: it must not confirm a guess.
        log.warning("emergency.refused")
        form.code.errors = [_("Koden gäller inte. Be den som driver tjänsten om en ny.")]
        return _page(form, "")
    return start_session(token, url_for("backoffice.queue"))


def _redeem_code(code: str | None) -> str | None:
    if code is None:
        return None
    previous = current.user()
    with db.transaction():
        token = emergency_access.redeem_code(code)
        if token and previous:
            commands.sign_out(previous.id)
    return token


def _page(form: EmergencyForm, note: str) -> ResponseReturnValue:
    errors = form.problems() or ([("", note)] if note else [])
    page = render_template("sign_in/emergency.html", form=form, **summary(errors))
    return page, 422 if errors else 200
