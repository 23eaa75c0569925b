"""Logging out: by the service, or from here, and telling the other services that it is over."""

import requests
from flask import Blueprint, redirect, request
from werkzeug.exceptions import Forbidden
from werkzeug.wrappers import Response

from portal.testlegitimering.authorization import Unanswerable, address
from portal.testlegitimering.client_proof import SECONDS
from portal.testlegitimering.journey import COOKIE, page
from portal.testlegitimering.provider import provider
from portal.testlegitimering.switches import OPTIONS
from portal.testlegitimering.tokens import Grant, logout_token, own_claims

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
# What only a logout token can have wrong.
OWN_FAULTS = {"no_events": "Utan händelse (events)", "twice": "Skickas två gånger"}


@sessions.get("/")
def home() -> Response:
    """What there is here: the sign-ins of this browser, the testapp and the keys."""
    words = {fault: OPTIONS["fault"][1][fault] for fault in FAULTS} | OWN_FAULTS
    mine = provider().sessions_of(request.cookies.get(COOKIE, ""))
    return page("home.html", 200, sessions=mine, faults=words)


@sessions.post("/sessions/end")
def end() -> Response:
    """End one sign-in of this browser, and tell the service."""
    _from_here()
    mine = {grant.sid: grant for grant in provider().sessions_of(request.cookies.get(COOKIE, ""))}
    grant = mine.get(request.form.get("sid", ""))
    if grant is None:
        raise Unanswerable("Inloggningen är redan avslutad.", WRONG)
    provider().end(grant.sid)
    return page("message.html", 200, heading="Utloggad", text=_told(grant, request.form.get("fault", "")))


@sessions.post("/keys")
def rotate() -> Response:
    """Sign with a new key from now on."""
    _from_here()
    provider().keys.rotate()
    text = f"Den nya nyckeln heter {provider().keys.newest.kid}."
    return page("message.html", 200, heading="Nyckeln är bytt", text=text)


@sessions.route("/logout", methods=["GET", "POST"])
def logout() -> Response:
    """End a sign-in for a service, and send the person back (RP-Initiated Logout 1.0)."""
    hint = own_claims(request.values.get("id_token_hint", ""), provider().issuer, provider().keys)
    target = request.values.get("post_logout_redirect_uri", "")
    client_id = request.values.get("client_id", hint.get("aud", ""))
    client = provider().clients.get(client_id)
    if hint and hint.get("aud") != client_id:
        raise Unanswerable("Utloggningen hör till en annan tjänst.", WRONG)
    if target and (client is None or target not in client.post_logout_redirect_uris):
        raise Unanswerable("Adressen att komma tillbaka till finns inte i Testlegitimering.", WRONG)
    ended = provider().end(hint.get("sid", ""))
    if ended:
        _end_the_others(ended)
    if target:
        return redirect(address(target, state=request.values.get("state", "")), 303)
    return page("message.html", 200, heading="Du är utloggad", text="Du kan stänga sidan.")


def _end_the_others(ended: Grant) -> None:
    """The same person in the same browser is signed out of the other services too."""
    for grant in provider().sessions_of(ended.browser):
        if grant.person == ended.person and grant.authorization.client != ended.authorization.client:
            provider().end(grant.sid)
            _told(grant)


def _told(grant: Grant, fault: str = "") -> str:
    """Tell the service that a sign-in is over; gives its answer in words."""
    client = grant.authorization.client
    if not client.backchannel_logout_uri:
        return f"{client.name} har ingen adress för utloggning och vet inte om det."
    token = logout_token(provider().issuer, provider().keys, grant, fault)
    try:
        for _time in range(2 if fault == "twice" else 1):
            answer = requests.post(
                client.backchannel_logout_uri,
                data={"logout_token": token},
                timeout=SECONDS,
                allow_redirects=False,
            )
    except requests.RequestException:
        return f"{client.name} svarade inte."
    return f"{client.name} svarade {answer.status_code}."


def _from_here() -> None:
    """A form of another site changes nothing here."""
    if request.headers.get("Sec-Fetch-Site", "same-origin") != "same-origin":
        raise Forbidden
