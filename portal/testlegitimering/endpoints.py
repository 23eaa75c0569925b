"""What the services speak to: discovery, keys, tokens and user information."""

import time

from flask import Blueprint, jsonify, request
from flask.typing import ResponseReturnValue

from portal.testlegitimering import messages
from portal.testlegitimering.authorization import PROMPTS
from portal.testlegitimering.claims import ACR_VALUES, ALL, SCOPES
from portal.testlegitimering.client_proof import ALGORITHMS, METHODS, authenticated_client
from portal.testlegitimering.keys import ALGORITHM
from portal.testlegitimering.provider import provider
from portal.testlegitimering.tokens import Grant, signed_userinfo, userinfo

SLOW_SECONDS = 10
JWT = "application/jwt"

endpoints = Blueprint("endpoints", __name__)

WHERE = {
    "authorization_endpoint": "authorize",
    "token_endpoint": "token",
    "userinfo_endpoint": "userinfo",
    "jwks_uri": "jwks",
    "end_session_endpoint": "logout",
}
CAN = {
    "response_types_supported": ["code"],
    "response_modes_supported": ["query"],
    "grant_types_supported": ["authorization_code"],
    "subject_types_supported": ["public"],
    "id_token_signing_alg_values_supported": [ALGORITHM],
    "userinfo_signing_alg_values_supported": [ALGORITHM],
    "token_endpoint_auth_methods_supported": METHODS,
    "token_endpoint_auth_signing_alg_values_supported": ALGORITHMS,
    "code_challenge_methods_supported": ["S256"],
    "scopes_supported": list(SCOPES),
    "claims_supported": ["sub", "acr", "auth_time", "sid", *ALL],
    "acr_values_supported": ACR_VALUES,
    "prompt_values_supported": PROMPTS,
    "ui_locales_supported": ["sv"],
    "claims_parameter_supported": True,
    "request_parameter_supported": False,
    "request_uri_parameter_supported": False,
    "authorization_response_iss_parameter_supported": True,
    "backchannel_logout_supported": True,
    "backchannel_logout_session_supported": True,
    messages.SUPPORTED: True,
    messages.MIME_TYPES: [messages.PLAIN],
}


@endpoints.get("/.well-known/openid-configuration")
def discovery() -> ResponseReturnValue:
    """What this provider can do, and where."""
    issuer = provider().issuer
    return {"issuer": issuer} | {name: f"{issuer}/{path}" for name, path in WHERE.items()} | CAN


@endpoints.get("/jwks")
def jwks() -> ResponseReturnValue:
    """The public keys that statements are signed with."""
    return jsonify(provider().keys.published())


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
    grant = provider().spend(client, form["code"], form["redirect_uri"], form["code_verifier"])
    if grant is None:
        return {"error": "invalid_grant"}, 400
    return _fault(grant) or provider().tokens_for(grant, form["code"])


@endpoints.route("/userinfo", methods=["GET", "POST"])
def user_information() -> ResponseReturnValue:
    """Who the access token is about."""
    bearer = request.authorization
    grant = provider().tokens.get(bearer.token or "") if bearer and bearer.type == "bearer" else None
    if grant is None:
        return {"error": "invalid_token"}, 401, {"WWW-Authenticate": 'Bearer error="invalid_token"'}
    return _told(grant)


def _told(grant: Grant) -> ResponseReturnValue:
    """Signed when the service asks for it by name, or when a switch says so."""
    switched = grant.switches.userinfo
    if switched == "fails":
        return {"error": "server_error"}, 500
    asked = any(kind == JWT for kind in request.accept_mimetypes.values())
    if asked or switched in ("signed", "other_key", "aud"):
        return signed_userinfo(provider().issuer, provider().keys, grant), {"Content-Type": JWT}
    return jsonify(userinfo(grant))


def _fault(grant: Grant) -> ResponseReturnValue | None:
    """What goes wrong at the token endpoint when a switch says so."""
    switched = grant.switches.answer
    if switched == "slow":
        time.sleep(SLOW_SECONDS)
    if switched == "garbage":
        return "<p>Inte JSON", {"Content-Type": "application/json"}
    return ({"error": "server_error"}, 500) if switched == "fails" else None
