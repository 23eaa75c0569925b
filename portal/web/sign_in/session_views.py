"""A person's own sessions: stay signed in, list the sessions and end them."""

from typing import Any

import structlog
from flask import abort, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from portal import clock, db
from portal.identity import sessions as own
from portal.identity.models import SignIn
from portal.identity.oidc import providers
from portal.translation import gettext as _
from portal.web import current, kept_form, open_cases
from portal.web.forms import EmptyForm
from portal.web.sign_in import sessions
from portal.web.sign_in.views import end_session
from portal.web.support import notices, waiting_drafts
from portal.words import dates

log: structlog.stdlib.BoundLogger = structlog.get_logger()


@sessions.get("/inloggad")
def stay() -> ResponseReturnValue:
    # Opened in a tab beside an unsent text: the request itself renews the session (current.install).
    ends = own.expiry(current.user().created_at, current.user().closes_at)
    today = clock.today()
    times = {"idle": dates.clock_time(ends.idle), "latest": dates.short_moment(ends.latest, today)}
    return render_template("sign_in/stay.html", soon=ends.soon, **times)


@sessions.get("/inloggningar")
def mine() -> ResponseReturnValue:
    rows = [_row(sign_in) for sign_in in own.open_for(current.user().person)]
    saved = notices.take("sessions")
    return render_template(
        "sign_in/sessions.html",
        rows=rows,
        saved=saved,
        form=EmptyForm(formdata=None),
        is_citizen=current.citizen() is not None,
    )


def _row(sign_in: SignIn) -> dict[str, Any]:
    today = clock.today()
    return {
        "id": sign_in.id,
        "here": sign_in.id == current.user().session,
        "way": _provider_label(sign_in.provider),
        "since": dates.short_hour(sign_in.created_at, today),
        "seen": dates.short_hour(sign_in.last_seen_at, today),
    }


def _provider_label(name: str) -> str:
    if name == providers.NO_PROVIDER:
        return _("Med nödåtkomst")
    provider = providers.get(name)
    if provider and provider.audience == providers.STAFF:
        return _("Som personal")
    return _("Med %(name)s", name=(provider and provider.label) or _("e-legitimation"))


@sessions.post("/inloggningar/<int(max=2147483647):session>/avsluta")
def end(session: int) -> ResponseReturnValue:
    user = _posting_user()
    with db.transaction():
        own.end(user.person, session)
        if session == user.session:
            open_cases.end_grants()
    log.info("sign_in.ended", provider=user.provider, by="person")
    # This browser's own session ends at the provider too, as by the sign-out button.
    if session == user.session:
        return end_session(user.provider)
    notices.add("sessions", _("Inloggningen är avslutad."))
    return redirect(url_for("sessions.mine"), 303)


@sessions.post("/inloggningar/avsluta-alla")
def end_all() -> ResponseReturnValue:
    user = _posting_user()
    with db.transaction():
        own.end(user.person)
        open_cases.end_grants()
    log.info("sign_in.ended", provider=user.provider, by="person")
    return end_session(user.provider)


def _posting_user() -> Any:
    if not EmptyForm().validate_on_submit():
        abort(422)
    return current.user()


@sessions.get("/fortsatt/<handle>")
def resume(handle: str) -> ResponseReturnValue:
    """The form that was posted without a session, to send now that its writer is signed in."""
    stored = waiting_drafts.get_post(handle)
    if stored is None:
        return render_template("sign_in/resume_gone.html"), 410
    path, endpoint, pairs = stored
    # On the page of a case the text is shown in its form first, with what has happened since.
    again = endpoint == "backoffice.act"
    return render_template(
        "sign_in/resume.html", path=path, pairs=pairs, fields=kept_form.written(pairs), again=again
    )
