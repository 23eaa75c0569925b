"""What a request gets while the database is unavailable: one more try, or a page with its text on it."""

from typing import Any

import structlog
from flask import current_app, g, make_response, render_template, request, session
from flask.typing import ResponseReturnValue
from flask_login import AnonymousUserMixin

from portal import db
from portal.database.errors import DatabaseUnavailable
from portal.translation import gettext as _
from portal.web.errors.pages import error_page
from portal.web.errors.posted_fields import PostedFields, posted_fields

log: structlog.stdlib.BoundLogger = structlog.get_logger()
RETRY_AFTER_SECONDS = 30
# Their views do something outside of the database that cannot be done twice: a provider's code is used once.
NOT_REPEATABLE = {"sign_in.callback"}


def remember_start() -> None:
    """Keep what a second try has to begin with."""
    g.start = (db.commits_begun(), dict(session))


def unavailable(error: DatabaseUnavailable) -> Any:
    """The response to a request whose work met an outage."""
    if _may_repeat(error):
        log.warning("database.retried", outage=error.outage.value, endpoint=request.endpoint)
        try:
            return _repeat()
        except DatabaseUnavailable as second:
            error = second
    # One line and no traceback: while the database is away every request would write one.
    log.error("database.unavailable", outage=error.outage.value, endpoint=request.endpoint)
    return unavailable_page()


def _may_repeat(error: DatabaseUnavailable) -> bool:
    """Whether the connection broke before this request had begun to commit anything."""
    # The database undoes a transaction whose connection is gone. Once COMMIT has been sent, it cannot be
    # known from here whether it was done, and an earlier transaction of the request would run twice.
    if not error.broke or request.endpoint in NOT_REPEATABLE or "start" not in g:
        return False
    commits, _session = g.start
    return bool(commits == db.commits_begun())


def _repeat() -> Any:
    """Run the hooks and the view of the request again, from the session that it began with."""
    db.close_read_session()
    _commits, before = g.pop("start")
    # The session only notices changes of its own keys, and saves itself if there were any.
    if dict(session) != before:
        session.clear()
        session.update(before)
    g.pop("_login_user", None)
    response = current_app.preprocess_request()
    return current_app.dispatch_request() if response is None else response


def unavailable_page() -> ResponseReturnValue:
    """The 503 page, with the posted form on it; JSON for a script. No database is asked."""
    # Or the page would load the user, and wait for the database again.
    g._login_user = AnonymousUserMixin()
    if request.accept_mimetypes.best == "application/json":
        return {"state": ""}, 503, _headers()
    fields = posted_fields()
    response = make_response(_form_page(fields) if fields else error_page(503))
    response.headers.update(_headers())
    return response


def _headers() -> dict[str, str]:
    return {"Retry-After": str(RETRY_AFTER_SECONDS), "Cache-Control": "no-store"}


def _form_page(fields: PostedFields) -> ResponseReturnValue:
    text = _("Felet är vårt. Vänta en minut och tryck på knappen. Det blir inte skickat två gånger.")
    if fields.written:
        text = _(
            "Felet är vårt. Det du skrev finns kvar här. Vänta en minut och tryck på knappen. Det blir inte "
            "skickat två gånger."
        )
    heading = _("Det gick inte att skicka just nu")
    return render_template("errors/send_again.html", heading=heading, text=text, fields=fields), 503
