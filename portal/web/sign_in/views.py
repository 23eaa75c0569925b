"""Sign-in and sign-out by OpenID Connect. A failure shows a plain page; its reason is in the log alone."""

from typing import Any

import structlog
from flask import abort, make_response, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_login import login_user, logout_user

from portal import clock, db
from portal.cases.search import index as search_index
from portal.config import settings
from portal.identity import commands, sessions
from portal.identity.oidc import client as oidc_client
from portal.identity.oidc import client_keys, providers
from portal.identity.oidc.errors import Reason
from portal.identity.oidc.identified import Identified
from portal.organisation import queries as organisation
from portal.translation import gettext as _
from portal.translation import page_language
from portal.web import current, open_cases
from portal.web.forms import EmptyForm
from portal.web.request_limits import accepts_post
from portal.web.sign_in import pending as sign_in_pending
from portal.web.sign_in import sign_in
from portal.web.sign_in.provider_redirect import provider_redirect
from portal.web.support import cookies, waiting_drafts
from portal.web.support.safe_redirect import safe_return

log: structlog.stdlib.BoundLogger = structlog.get_logger()
HOME = {oidc_client.CITIZENS: "mina_sidor.overview", oidc_client.STAFF: "backoffice.queue"}
# What follows along through a sign-in: unsent forms, the grants that are left, what names the cookies that
# sign-out ends, and the visit at the desk that the sign-in is for.
KEPT_AT_SIGN_IN = (
    waiting_drafts.KEY,
    open_cases.KEY,
    cookies.RECEIPTS,
    cookies.REGISTERED,
    cookies.SIGN_INS,
    current.DESK,
)
# A logout token is a few kB; the endpoint is open to everyone.
MAX_BACK_CHANNEL = 64 * 1024
NO_STORE = {"Cache-Control": "no-store"}


@sign_in.get("/logga-in")
def choose() -> ResponseReturnValue:
    nasta = safe_return(request.args.get("nasta"), "")
    audiences = {audience: providers.for_audience(audience) for audience in HOME}
    return render_template("sign_in/choose.html", nasta=nasta, ways=audiences)


@sign_in.get("/logga-in/<provider>")
def start(provider: str) -> ResponseReturnValue:
    client = _client(provider)
    back = safe_return(request.args.get("nasta"), "")
    pending = oidc_client.Pending.new(_callback(provider), fresh="farsk" in request.args)
    try:
        state = sign_in_pending.begin(provider, back, pending, signed_out=current.user() is None)
        return provider_redirect(client.authorization_url(state, pending, page_language(), _consent_text()))
    except oidc_client.SignInFailed as failure:
        return _failed(provider, failure, back)


def _client(provider: str) -> oidc_client.Client:
    return oidc_client.client_for(provider) or abort(404)


def _consent_text() -> str:
    """The text that the provider shows, so that people see which service they sign in to."""
    profile = organisation.profile()
    return _("Du loggar in på %(who)s.", who=f"{profile.service} {profile.short}")


def _callback(provider: str) -> str:
    return settings().base_url.rstrip("/") + url_for("sign_in.callback", provider=provider)


@sign_in.get("/logga-in/<provider>/aterkomst")
def callback(provider: str) -> ResponseReturnValue:
    client = _client(provider)
    sign_in = sign_in_pending.take(provider, request.args.get("state", ""))
    back = sign_in.back if sign_in else ""
    try:
        if sign_in is None or sign_in.pending is None:
            raise oidc_client.SignInFailed("no such sign-in was under way in this browser")
        identified = client.finish(request.args.to_dict(), sign_in.pending)
    except oidc_client.SignInFailed as failure:
        return _lead_on(client, sign_in, back) or _failed(provider, failure, back)
    return _sign_in(client, identified, sign_in)


def _lead_on(
    client: oidc_client.Client, sign_in: sign_in_pending.PendingSignIn | None, back: str
) -> ResponseReturnValue | None:
    """A reloaded callback, or one of a second tab, leads on if the browser is signed in; otherwise None."""
    user = current.user()
    # A signed-in person who signs in once more learns that it failed: what waits for it would ask again.
    is_retry = sign_in is not None and sign_in.pending is not None and not sign_in.signed_out
    if user is None or user.audience != client.provider.audience or is_retry:
        return None
    return redirect(back or url_for(HOME[client.provider.audience]), 303)


def _sign_in(
    client: oidc_client.Client, identified: Identified, sign_in: sign_in_pending.PendingSignIn
) -> ResponseReturnValue:
    provider = client.provider.name
    back = sign_in.back or url_for(HOME[client.provider.audience])
    previous = current.user()
    with db.transaction():
        token = commands.sign_in(provider, identified)
        # The sign-in may have marked the person as protected, and their cases are still in the index.
        if identified.protected:
            search_index.forget_protected()
        # Another tab was first with the same person: its session stays, and with it the forms of all tabs.
        is_second = sign_in.signed_out and previous and _is_same(previous, provider, token)
        if previous:
            # A browser has one session: as staff or as a citizen, never both.
            commands.sign_out(token if is_second else previous.id)
    log.info("sign_in.succeeded", provider=provider)
    if is_second:
        return redirect(back, 303)
    # A case opened by code follows its sender, who asked for it, and never a member of staff.
    along = open_cases.taken_along() if client.provider.audience == oidc_client.CITIZENS else None
    response = start_session(token, back, along)
    current.mark_identified(identified.authenticated_at or clock.now())
    if client.provider.audience == oidc_client.CITIZENS:
        current.limit_to_visit()
    return response


def _is_same(previous: Any, provider: str, token: str) -> bool:
    opened = current.load(token)
    assert opened
    return bool(previous.provider == provider and opened.person == previous.person)


def start_session(token: str, back: str, along: str | None = None) -> ResponseReturnValue:
    """Replace the browser's session by a new one, and redirect.

    Unsent forms follow along, and the grant of the handle `along`.
    """
    with db.transaction():
        open_cases.end_grants(keep=along)
    kept = {key: session[key] for key in KEPT_AT_SIGN_IN if key in session}
    # Against session fixation: no value set before the sign-in survives it.
    session.clear()
    session.update(kept)
    login_user(current.load(token))
    current.mark_seen()
    return redirect(back, 303)


def _failed(provider: str, failure: oidc_client.SignInFailed, back: str) -> ResponseReturnValue:
    log.warning("sign_in.failed", provider=provider, reason=str(failure))
    heading, text = _failure_texts(failure.reason)
    user = current.user()
    if user:
        text = _("Du är fortfarande inloggad som %(name)s.", name=user.name)
    # A new attempt returns to the same page, so that an unsent form is not lost.
    retry = url_for("sign_in.start", provider=provider, nasta=back or None)
    return render_template("sign_in/failed.html", heading=heading, text=text, retry_href=retry), 400


def _failure_texts(reason: Reason) -> tuple[str, str]:
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
    user = current.user()
    valid = EmptyForm().validate_on_submit()
    if user and not valid:
        abort(422)
    if not valid:
        return redirect(url_for("public.start"), 303)
    with db.transaction():
        if user:
            commands.sign_out(user.id)
        open_cases.end_grants()
    if user:
        log.info("sign_in.ended", provider=user.provider, by="person")
        return end_session(user.provider)
    # The session has ended by itself, but what was opened by code is still open.
    return forget_browser(redirect(url_for("public.start"), 303))


def end_session(provider: str) -> ResponseReturnValue:
    """End all that the browser holds of the portal, and redirect to the provider's logout if it has one."""
    logout_user()
    client = oidc_client.client_for(provider)
    back = settings().base_url.rstrip("/") + url_for("public.start")
    logout_url = client.end_session_url(back) if client else None
    signed_out = url_for("sign_in.signed_out")
    return forget_browser(provider_redirect(logout_url, 303) if logout_url else redirect(signed_out, 303))


def forget_browser(answer: ResponseReturnValue) -> ResponseReturnValue:
    """The answer that ends our cookies, and what the browser has kept of our pages."""
    response = make_response(answer)
    cookies.end_all(response)
    session.clear()
    # Not "cookies": that would end those of the municipality's other services on the domain.
    response.headers["Clear-Site-Data"] = '"cache", "storage"'
    return response


@sign_in.post("/logga-in/<provider>/utloggning")
@accepts_post(MAX_BACK_CHANNEL)
def back_channel(provider: str) -> ResponseReturnValue:
    # OpenID Connect Back-Channel Logout 1.0: the provider calls, so there is no browser and no CSRF token.
    client = _client(provider)
    try:
        claims = client.verify_logout_token(request.form.get("logout_token"))
        with db.transaction():
            ended = sessions.end_by_provider(client.provider, claims)
    except oidc_client.UNUSABLE as failure:
        log.warning("sign_in.logout_refused", provider=provider, reason=str(failure))
        return {"error": "invalid_request"}, 400, NO_STORE
    log.info("sign_in.ended", provider=provider, by="provider", sessions=ended)
    return "", 200, NO_STORE


@sign_in.get("/utloggad")
def signed_out() -> ResponseReturnValue:
    return render_template("sign_in/signed_out.html")


@sign_in.get("/.well-known/jwks.json")
def keys() -> ResponseReturnValue:
    # The public keys of private_key_jwt, which the providers verify our client assertions with.
    return dict(client_keys.published()), {"Cache-Control": "public, max-age=300"}
