"""The endpoints for clients: discovery, keys, tokens and userinfo."""

import time

from flask import Blueprint, jsonify, request
from flask.typing import ResponseReturnValue

from portal.testlegitimering.oidc import messages
from portal.testlegitimering.oidc.authorization import PROMPTS
from portal.testlegitimering.oidc.claims import ACR_VALUES, ALL, SCOPES
from portal.testlegitimering.oidc.client_proof import ALGORITHMS, METHODS, authenticated_client
from portal.testlegitimering.oidc.keys import ALGORITHM
from portal.testlegitimering.oidc.tokens import Grant, signed_userinfo, userinfo
from portal.testlegitimering.provider import provider

# Longer than the portal's client waits (portal/identity/oidc/http.py).
SLOW_SECONDS = 10
JWT = "application/jwt"

endpoints = Blueprint("endpoints", __name__)

ENDPOINTS = {
    "authorization_endpoint": "authorize",
    "token_endpoint": "token",
    "userinfo_endpoint": "userinfo",
    "jwks_uri": "jwks",
    "end_session_endpoint": "logout",
}
CAPABILITIES = {
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
    """Provider metadata."""
    issuer = provider().issuer
    addresses = {name: f"{issuer}/{path}" for name, path in ENDPOINTS.items()}
    return {"issuer": issuer} | addresses | CAPABILITIES


@endpoints.get("/jwks")
def jwks() -> ResponseReturnValue:
    """The JWK Set of the public signing keys."""
    return jsonify(provider().keys.published())


@endpoints.post("/token")
def token() -> ResponseReturnValue:
    """The token endpoint."""
    client = authenticated_client()
    if client is None:
        return {"error": "invalid_client"}, 401, {"WWW-Authenticate": 'Basic realm="Testlegitimering"'}
    form = request.form
    if form.get("grant_type") != "authorization_code":
        return {"error": "unsupported_grant_type" if "grant_type" in form else "invalid_request"}, 400
    if not (form.get("code") and form.get("redirect_uri") and form.get("code_verifier")):
        return {"error": "invalid_request"}, 400
    grant = provider().redeem(client, form["code"], form["redirect_uri"], form["code_verifier"])
    if grant is None:
        return {"error": "invalid_grant"}, 400
    return _fault(grant) or provider().tokens_for(grant, form["code"])


@endpoints.route("/userinfo", methods=["GET", "POST"])
def user_information() -> ResponseReturnValue:
    """The userinfo endpoint."""
    bearer = request.authorization
    grant = provider().tokens.get(bearer.token or "") if bearer and bearer.type == "bearer" else None
    if grant is None:
        return {"error": "invalid_token"}, 401, {"WWW-Authenticate": 'Bearer error="invalid_token"'}
    return _userinfo_response(grant)


def _userinfo_response(grant: Grant) -> ResponseReturnValue:
    switch = grant.switches.userinfo
    if switch == "fails":
        return {"error": "server_error"}, 500
    # By its exact name: */* accepts it too, but is no request for a signature.
    accepts_jwt = JWT in request.accept_mimetypes.values()
    if accepts_jwt or switch in ("signed", "other_key", "aud"):
        return signed_userinfo(provider().issuer, provider().keys, grant), {"Content-Type": JWT}
    return jsonify(userinfo(grant))


def _fault(grant: Grant) -> ResponseReturnValue | None:
    """Return the faulty response of the token endpoint that a switch asks for."""
    switch = grant.switches.answer
    if switch == "slow":
        time.sleep(SLOW_SECONDS)
    if switch == "garbage":
        return "<p>Inte JSON", {"Content-Type": "application/json"}
    return ({"error": "server_error"}, 500) if switch == "fails" else None
