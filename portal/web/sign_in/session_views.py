"""Your own sessions: stay signed in, see where you are signed in, and end what should not be open."""

from typing import Any

from flask import abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from portal import clock, db
from portal.identity import sessions as own
from portal.identity.models import SignIn
from portal.identity.oidc import providers
from portal.web import current
from portal.web.forms import Posted, sent
from portal.web.sign_in import sessions
from portal.web.sign_in.views import leave
from portal.words import dates


@sessions.get("/inloggad")
def stay() -> ResponseReturnValue:
    """Opened beside what one is writing: whoever opens it stays signed in, and is told until when."""
    ends = own.ends(current.user().created_at, current.user().closes_at)
    today = clock.today()
    times = {"idle": dates.clock_time(ends.idle), "latest": dates.short_moment(ends.latest, today)}
    return render_template("sign_in/stay.html", soon=ends.soon, **times)


@sessions.get("/inloggningar")
def mine() -> ResponseReturnValue:
    """Where I am signed in."""
    rows = [_row(each) for each in own.open_for(current.user().person)]
    ended = request.args.get("klart") == "avslutad"
    return render_template("sign_in/sessions.html", rows=rows, ended=ended, form=Posted(formdata=None))


def _row(opened: SignIn) -> dict[str, Any]:
    today = clock.today()
    return {
        "id": opened.id,
        "here": opened.id == current.user().session,
        "way": _way(opened.provider),
        "since": dates.short_moment(opened.created_at, today),
        "seen": dates.short_moment(opened.last_seen_at, today),
    }


def _way(name: str) -> str:
    if name == providers.NO_PROVIDER:
        return _("Med nödåtkomst")
    provider = providers.named(name)
    if provider and provider.audience == providers.STAFF:
        return _("Som personal")
    return _("Med %(name)s", name=(provider and provider.label) or _("e-legitimation"))


@sessions.post("/inloggningar/<int(max=2147483647):session>/avsluta")
def end(session: int) -> ResponseReturnValue:
    """End one of them; the one that is used here is signed out as usual."""
    who = _checked()
    with db.transaction():
        own.end(who.person, session)
    if session == who.session:
        return leave(who.provider, who.id_token)
    return redirect(url_for("sessions.mine", klart="avslutad"), 303)


@sessions.post("/inloggningar/avsluta-alla")
def end_all() -> ResponseReturnValue:
    """End all of them, this one too."""
    who = _checked()
    with db.transaction():
        own.end(who.person)
    return leave(who.provider, who.id_token)


def _checked() -> Any:
    if not sent(Posted()):
        abort(422)
    return current.user()
