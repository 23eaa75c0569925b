"""Signing in and out. What fails becomes a kind page and no session; why it failed goes to the log."""

import logging

from flask import Blueprint, Flask, abort, current_app, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import login_user, logout_user

from portal import clock, db
from portal.config import Settings, settings
from portal.identity import commands, oidc
from portal.web import current, limits
from portal.web.forms import Posted, sent
from portal.web.returns import safe_return

log = logging.getLogger(__name__)
sign_in = Blueprint("sign_in", __name__)
PENDING = "pending"
PENDING_LIFE = 600
HOME = {oidc.CITIZENS: "mina_sidor.overview", oidc.STAFF: "backoffice.queue"}
DRAFT = "draft"


def install(app: Flask, using: Settings) -> None:
    """Register the providers."""
    oidc.install(app, using)


@sign_in.get("/logga-in")
def choose() -> ResponseReturnValue:
    """Citizens first. Whoever came from a page that needs one of them has not been asked."""
    return render_template("sign_in/choose.html", nasta=safe_return(request.args.get("nasta"), ""))


@sign_in.get("/logga-in/<provider>")
@limits.limiter.limit(limits.SIGN_INS)
def start(provider: str) -> ResponseReturnValue:
    """Off to the provider. Where to come back to waits in the session for ten minutes."""
    if provider not in HOME:
        abort(404)
    back = safe_return(request.args.get("nasta"), "")
    session[PENDING] = {"back": back, "at": clock.now().timestamp()}
    try:
        return oidc.Provider(current_app, provider).start(_callback(provider))
    except oidc.SignInFailed as failure:
        return _failed(provider, failure, back)


def _callback(provider: str) -> str:
    return settings().base_url.rstrip("/") + url_for("sign_in.callback", provider=provider)


@sign_in.get("/logga-in/<provider>/aterkomst")
def callback(provider: str) -> ResponseReturnValue:
    """Back from the provider: a new session, or a kind page."""
    if provider not in HOME:
        abort(404)
    pending = session.pop(PENDING, None)
    back = pending["back"] if pending else ""
    try:
        if not pending or clock.now().timestamp() - pending["at"] > PENDING_LIFE:
            raise oidc.SignInFailed("no sign-in was under way in this browser")
        who = oidc.Provider(current_app, provider).finish()
    except oidc.SignInFailed as failure:
        return _failed(provider, failure, back)
    return _open(provider, who, back or url_for(HOME[provider]))


def _open(provider: str, who: commands.Identified, back: str) -> ResponseReturnValue:
    """Nothing of the browser's old session goes with it into the new one, but what was being written."""
    kept = {DRAFT: session[DRAFT]} if DRAFT in session else {}
    session.clear()
    session.update(kept)
    with db.transaction():
        token = commands.sign_in(provider, who)
    login_user(current.load(token))
    return redirect(back, 303)


def _failed(provider: str, failure: oidc.SignInFailed, back: str) -> ResponseReturnValue:
    """Another try leads to where the first one did: a form that waits is not forgotten."""
    log.warning("sign-in failed: %s", failure)
    if failure.cancelled:
        heading, text = _("Du avbröt inloggningen"), _("Ingen är inloggad. Du kan försöka igen.")
    else:
        heading = _("Det gick inte att logga in")
        text = _("Felet är inte ditt. Vänta en stund och försök igen.")
    retry = url_for("sign_in.start", provider=provider, nasta=back or None)
    return render_template("sign_in/failed.html", heading=heading, text=text, retry_href=retry), 400


@sign_in.post("/logga-ut")
def sign_out() -> ResponseReturnValue:
    """Our session first, then the provider's if it has a way to end it."""
    who = current.user()
    if who is None:
        return redirect(url_for("public.start"), 303)
    if not sent(Posted()):
        abort(422)
    with db.transaction():
        commands.sign_out(who.id)
    logout_user()
    session.clear()
    elsewhere = oidc.Provider(current_app, who.provider).end(
        who.id_token, f"{settings().base_url.rstrip('/')}/"
    )
    return redirect(elsewhere or url_for("sign_in.signed_out"), 303)


@sign_in.get("/utloggad")
def signed_out() -> ResponseReturnValue:
    """You are signed out."""
    return render_template("sign_in/signed_out.html")
