"""Logout: requested by a client or on the overview page, with back-channel logout of the other clients."""

import requests
from flask import Blueprint, redirect, request
from werkzeug.exceptions import Forbidden
from werkzeug.wrappers import Response

from portal.testlegitimering.oidc.authorization import Unanswerable, address
from portal.testlegitimering.oidc.client_proof import SECONDS
from portal.testlegitimering.oidc.clients import Client
from portal.testlegitimering.oidc.tokens import Grant, logout_token, own_claims
from portal.testlegitimering.provider import provider
from portal.testlegitimering.sign_in.responses import COOKIE, page
from portal.testlegitimering.switches import OPTIONS

sessions = Blueprint("sessions", __name__)
WRONG = "Utloggningen går inte"
FAULTS = (
    "iss",
    "aud",
    "expired",
    "future",
    "nonce",
    "alg_none",
    "hs256",
    "other_key",
    "unknown_kid",
)
# Faults that only a logout token can have.
OWN_FAULTS = {"no_events": "Utan händelse (events)", "twice": "Skickas två gånger"}


@sessions.get("/")
def home() -> Response:
    """The overview: the sign-ins of this browser, the testapp and the signing key."""
    _label, labels = OPTIONS["fault"]
    faults = {fault: labels[fault] for fault in FAULTS} | OWN_FAULTS
    own = provider().sessions_of(request.cookies.get(COOKIE, ""))
    return page("home.html", 200, sessions=own, faults=faults)


@sessions.post("/sessions/end")
def end() -> Response:
    """End a sign-in of this browser, and notify its client."""
    _require_same_origin()
    own = {grant.sid: grant for grant in provider().sessions_of(request.cookies.get(COOKIE, ""))}
    grant = own.get(request.form.get("sid", ""))
    if grant is None:
        raise Unanswerable("Inloggningen är redan avslutad.", WRONG)
    provider().end(grant.sid)
    result = _notify_client(grant, request.form.get("fault", ""))
    return page("message.html", 200, heading="Utloggad", text=result)


@sessions.post("/keys")
def rotate() -> Response:
    """Replace the signing key."""
    _require_same_origin()
    provider().keys.rotate()
    text = f"Den nya nyckeln heter {provider().keys.newest.kid}."
    return page("message.html", 200, heading="Nyckeln är bytt", text=text)


@sessions.route("/logout", methods=["GET", "POST"])
def logout() -> Response:
    """The end session endpoint (RP-Initiated Logout 1.0)."""
    hint = own_claims(request.values.get("id_token_hint", ""), provider().issuer, provider().keys)
    target = request.values.get("post_logout_redirect_uri", "")
    client_id = request.values.get("client_id", hint.get("aud", ""))
    client = provider().clients.get(client_id)
    if hint and hint.get("aud") != client_id:
        raise Unanswerable("Utloggningen hör till en annan tjänst.", WRONG)
    if target and (client is None or target not in client.post_logout_redirect_uris):
        raise Unanswerable("Adressen att komma tillbaka till finns inte i Testlegitimering.", WRONG)
    for ended in _named_sessions(hint.get("sid", ""), client):
        provider().end(ended.sid)
        _end_other_sessions(ended)
    if target:
        return redirect(address(target, state=request.values.get("state", "")), 303)
    return page("message.html", 200, heading="Du är utloggad", text="Du kan stänga sidan.")


def _named_sessions(sid: str, client: Client | None) -> list[Grant]:
    """The session of the hint; without a hint, those of this browser at the client."""
    own = provider().sessions_of(request.cookies.get(COOKIE, ""))
    if sid:
        return [grant for grant in provider().sessions.values() if grant.sid == sid]
    return [grant for grant in own if grant.authorization.client == client]


def _end_other_sessions(ended: Grant) -> None:
    """End the sessions of the same person and browser at the other clients."""
    for grant in provider().sessions_of(ended.browser):
        if grant.person == ended.person and grant.authorization.client != ended.authorization.client:
            provider().end(grant.sid)
            _notify_client(grant)


def _notify_client(grant: Grant, fault: str = "") -> str:
    """Send a logout token to the client (Back-Channel Logout 1.0, 2.5); returns the result as a sentence."""
    client = grant.authorization.client
    if not client.backchannel_logout_uri:
        return f"{client.name} har ingen adress för utloggning och vet inte om det."
    token = logout_token(provider().issuer, provider().keys, grant, fault)
    try:
        for _time in range(2 if fault == "twice" else 1):
            response = requests.post(
                client.backchannel_logout_uri,
                data={"logout_token": token},
                timeout=SECONDS,
                allow_redirects=False,
            )
    except requests.RequestException:
        return f"{client.name} svarade inte."
    return f"{client.name} svarade {response.status_code}."


def _require_same_origin() -> None:
    """Raise Forbidden for a form of another site."""
    # Every current browser sends the header; tools that do not send it have no session to abuse.
    if request.headers.get("Sec-Fetch-Site", "same-origin") != "same-origin":
        raise Forbidden
