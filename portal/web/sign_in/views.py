"""Signing in and out. What fails becomes a kind page and no session; why it failed goes to the log."""

import logging

from flask import abort, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import get_locale
from flask_babel import gettext as _
from flask_login import login_user, logout_user

from portal import db
from portal.cases.search import index as search_index
from portal.config import settings
from portal.identity import commands, sessions
from portal.identity.oidc import client as oidc_client
from portal.identity.oidc import client_keys, providers
from portal.identity.oidc.errors import Reason
from portal.identity.oidc.identified import Identified
from portal.organisation import queries as organisation
from portal.web import current
from portal.web.forms import Posted, sent
from portal.web.sign_in import pending as sign_in_pending
from portal.web.sign_in import sign_in
from portal.web.sign_in.provider_redirect import provider_redirect
from portal.web.support import rate_limits
from portal.web.support.safe_redirect import safe_return

log = logging.getLogger(__name__)
HOME = {oidc_client.CITIZENS: "mina_sidor.overview", oidc_client.STAFF: "backoffice.queue"}
DRAFT = "draft"
MAX_BACK_CHANNEL = 64 * 1024
NO_STORE = {"Cache-Control": "no-store"}


@sign_in.get("/logga-in")
def choose() -> ResponseReturnValue:
    """Citizens first. Whoever came from a page that needs one of them has not been asked."""
    nasta = safe_return(request.args.get("nasta"), "")
    ways = {audience: providers.of(audience) for audience in HOME}
    return render_template("sign_in/choose.html", nasta=nasta, ways=ways)


@sign_in.get("/logga-in/<provider>")
@rate_limits.limiter.limit(rate_limits.SIGN_INS)
def start(provider: str) -> ResponseReturnValue:
    """Off to the provider. Where to come back to waits in the session for ten minutes."""
    client = _client(provider)
    back = safe_return(request.args.get("nasta"), "")
    pending = oidc_client.Pending.new(_callback(provider))
    try:
        state = sign_in_pending.begin(provider, back, pending)
        return provider_redirect(client.start(state, pending, str(get_locale()), _message()))
    except oidc_client.SignInFailed as failure:
        return _failed(provider, failure, back)


def _client(provider: str) -> oidc_client.Client:
    return oidc_client.client(provider) or abort(404)


def _message() -> str:
    """What the provider shows: who asks."""
    profile = organisation.profile()
    return _("Du loggar in hos %(who)s.", who=f"{profile.service} {profile.short}")


def _callback(provider: str) -> str:
    return settings().base_url.rstrip("/") + url_for("sign_in.callback", provider=provider)


@sign_in.get("/logga-in/<provider>/aterkomst")
def callback(provider: str) -> ResponseReturnValue:
    """Back from the provider: a new session, or a kind page."""
    client = _client(provider)
    begun = sign_in_pending.take(provider, request.args.get("state", ""))
    back = begun.back if begun else ""
    try:
        if begun is None:
            raise oidc_client.SignInFailed("no such sign-in was under way in this browser")
        who = client.finish(request.args.to_dict(), begun.pending)
    except oidc_client.SignInFailed as failure:
        return _failed(provider, failure, back)
    return _open(provider, who, back or url_for(HOME[client.provider.audience]))


def _open(provider: str, who: Identified, back: str) -> ResponseReturnValue:
    before = current.user()
    with db.transaction():
        if before:
            commands.sign_out(before.id)
        token = commands.sign_in(provider, who)
        if who.protected:
            search_index.forget_protected()
    return enter(token, back)


def enter(token: str, back: str) -> ResponseReturnValue:
    """Nothing of the browser's old session goes with it into the new one, but what was being written."""
    kept = {DRAFT: session[DRAFT]} if DRAFT in session else {}
    session.clear()
    session.update(kept)
    login_user(current.load(token))
    return redirect(back, 303)


def _failed(provider: str, failure: oidc_client.SignInFailed, back: str) -> ResponseReturnValue:
    """Another try leads to where the first one did: a form that waits is not forgotten."""
    log.warning("sign-in failed at %s: %s", provider, failure)
    heading, text = _words(failure.reason)
    retry = url_for("sign_in.start", provider=provider, nasta=back or None)
    return render_template("sign_in/failed.html", heading=heading, text=text, retry_href=retry), 400


def _words(reason: Reason) -> tuple[str, str]:
    match reason:
        case Reason.CANCELLED:
            return _("Du avbröt inloggningen"), _("Ingen är inloggad. Du kan försöka igen.")
        case Reason.TOO_LOW:
            return _("Din e-legitimation räcker inte"), _("Logga in med en annan e-legitimation.")
        case _failed:
            text = _("Felet är inte ditt. Vänta en stund och försök igen.")
            return _("Det gick inte att logga in"), text


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
    return leave(who.provider, who.id_token)


def leave(provider: str, id_token: str | None) -> ResponseReturnValue:
    """Forget this browser, and go on to the provider if it can end its own session."""
    logout_user()
    session.clear()
    client = oidc_client.client(provider)
    elsewhere = client.end(id_token, f"{settings().base_url.rstrip('/')}/") if client else None
    return provider_redirect(elsewhere, 303) if elsewhere else redirect(url_for("sign_in.signed_out"), 303)


@sign_in.post("/logga-in/<provider>/utloggning")
def back_channel(provider: str) -> ResponseReturnValue:
    """The provider itself says that somebody has signed out (Back-Channel Logout 1.0): no browser."""
    request.max_content_length = MAX_BACK_CHANNEL
    client = _client(provider)
    try:
        claims = client.logout_token(request.form.get("logout_token"))
        with db.transaction():
            ended = sessions.end_by_provider(client.provider, claims)
    except oidc_client.UNUSABLE as failure:
        log.warning("back-channel logout refused at %s: %s", provider, failure)
        return {"error": "invalid_request"}, 400, NO_STORE
    log.info("back-channel logout at %s: %d sessions ended", provider, ended)
    return "", 200, NO_STORE


@sign_in.get("/utloggad")
def signed_out() -> ResponseReturnValue:
    """You are signed out."""
    return render_template("sign_in/signed_out.html")


@sign_in.get("/.well-known/jwks.json")
def keys() -> ResponseReturnValue:
    """The public halves of our keys, for the providers (private_key_jwt)."""
    return dict(client_keys.published()), {"Cache-Control": "public, max-age=300"}
