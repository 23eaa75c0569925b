"""What the services speak to: discovery, keys, tokens, user information and logging out."""

import hmac
from urllib.parse import unquote_plus

from flask import Blueprint, jsonify, redirect, request
from flask.typing import ResponseReturnValue
from werkzeug.wrappers import Response

from portal.testlegitimering.authorization import (
    ACR_VALUES,
    NAMES,
    NUMBER,
    PROMPTS,
    SCOPES,
    Unanswerable,
    address,
)
from portal.testlegitimering.clients import Client
from portal.testlegitimering.pages import page
from portal.testlegitimering.provider import provider
from portal.testlegitimering.tokens import ALGORITHM, own_claims, userinfo

endpoints = Blueprint("endpoints", __name__)


@endpoints.get("/.well-known/openid-configuration")
def discovery() -> ResponseReturnValue:
    """What this provider can do, and where."""
    issuer = provider().issuer
    return {
        "issuer": issuer,
        "authorization_endpoint": f"{issuer}/authorize",
        "token_endpoint": f"{issuer}/token",
        "userinfo_endpoint": f"{issuer}/userinfo",
        "jwks_uri": f"{issuer}/jwks",
        "end_session_endpoint": f"{issuer}/logout",
        "response_types_supported": ["code"],
        "response_modes_supported": ["query"],
        "grant_types_supported": ["authorization_code"],
        "subject_types_supported": ["public"],
        "id_token_signing_alg_values_supported": [ALGORITHM],
        "token_endpoint_auth_methods_supported": ["client_secret_basic"],
        "code_challenge_methods_supported": ["S256"],
        "scopes_supported": list(SCOPES),
        "claims_supported": ["sub", "acr", "auth_time", "sid", *NAMES, NUMBER],
        "acr_values_supported": list(ACR_VALUES),
        "prompt_values_supported": list(PROMPTS),
        "ui_locales_supported": ["sv"],
        "claims_parameter_supported": True,
        "request_parameter_supported": False,
        "request_uri_parameter_supported": False,
        "authorization_response_iss_parameter_supported": True,
    }


@endpoints.get("/jwks")
def jwks() -> ResponseReturnValue:
    """The public key that ID Tokens are signed with."""
    return jsonify(provider().jwks)


@endpoints.post("/token")
def token() -> ResponseReturnValue:
    """Tokens for a code."""
    client = authenticated_client()
    if client is None:
        return {"error": "invalid_client"}, 401, {"WWW-Authenticate": 'Basic realm="Testlegitimering"'}
    form = request.form
    if form.get("grant_type") != "authorization_code":
        return {"error": "unsupported_grant_type" if "grant_type" in form else "invalid_request"}, 400
    if not all(form.get(name) for name in ("code", "redirect_uri", "code_verifier")):
        return {"error": "invalid_request"}, 400
    tokens = provider().redeem(client, form["code"], form["redirect_uri"], form["code_verifier"])
    return (tokens, 200) if tokens else ({"error": "invalid_grant"}, 400)


@endpoints.route("/userinfo", methods=["GET", "POST"])
def user_information() -> ResponseReturnValue:
    """Who the access token is about."""
    bearer = request.authorization
    grant = provider().tokens.get(bearer.token or "") if bearer and bearer.type == "bearer" else None
    if grant is None:
        return {"error": "invalid_token"}, 401, {"WWW-Authenticate": 'Bearer error="invalid_token"'}
    return userinfo(grant)


@endpoints.route("/logout", methods=["GET", "POST"])
def logout() -> Response:
    """Forget the tokens of a sign-in, and send the person back. There is no other session here to end."""
    hint = own_claims(request.values.get("id_token_hint", ""), provider().issuer, provider().key)
    target = request.values.get("post_logout_redirect_uri", "")
    client_id = request.values.get("client_id", hint.get("aud", ""))
    client = provider().clients.get(client_id)
    if hint and hint["aud"] != client_id:
        raise Unanswerable("Utloggningen hör till en annan tjänst.")
    if target and (client is None or target not in client.post_logout_redirect_uris):
        raise Unanswerable("Adressen att komma tillbaka till finns inte i Testlegitimering.")
    provider().end(hint.get("sid", ""))
    if target:
        return redirect(address(target, state=request.values.get("state", "")), 303)
    return page("message.html", 200, heading="Du är utloggad", text="Du kan stänga sidan.", advice=False)


def authenticated_client() -> Client | None:
    """The service that proves itself with its secret, each part of it form-encoded as OAuth says."""
    given = request.authorization
    if given is None or given.type != "basic":
        return None
    client = provider().clients.get(unquote_plus(given.username or ""))
    secret = unquote_plus(given.password or "").encode()
    return client if client and hmac.compare_digest(client.secret.encode(), secret) else None
