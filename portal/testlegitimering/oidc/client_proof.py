"""Client authentication at the token endpoint: client_secret_basic or private_key_jwt."""

import hmac
import json
import time
from typing import Any
from urllib.parse import unquote_plus

import requests
from flask import request
from joserfc import jws, jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from portal.testlegitimering.oidc.clients import Client
from portal.testlegitimering.provider import provider

METHODS = ("client_secret_basic", "private_key_jwt")
ALGORITHMS = ("RS256", "PS256", "ES256")
ASSERTION_TYPE = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
# Timeout of a request to a client, and the longest accepted lifetime of an assertion.
SECONDS = 5
MAX_ASSERTION_SECONDS = 600


def authenticated_client() -> Client | None:
    """Return the authenticated client of this request; None if its proof is missing or invalid."""
    # RFC 6749, 2.3: a client must not use more than one method in a request.
    if "client_assertion" in request.form:
        return None if request.authorization else _by_assertion()
    return _by_secret()


def _by_secret() -> Client | None:
    header = request.authorization
    if header is None or header.type != "basic":
        return None
    # Both parts are form-encoded before they are joined (RFC 6749, 2.3.1).
    client = provider().clients.get(unquote_plus(header.username or ""))
    secret = unquote_plus(header.password or "").encode()
    return client if client and hmac.compare_digest(client.secret.encode(), secret) else None


def _by_assertion() -> Client | None:
    """Verify a client assertion (RFC 7523, section 3) with the keys that the client publishes."""
    if request.form.get("client_assertion_type") != ASSERTION_TYPE:
        return None
    assertion = request.form["client_assertion"]
    try:
        # Unverified, to learn whose keys to verify with.
        unverified = jws.extract_compact(assertion.encode())
        client = provider().clients[json.loads(unverified.payload)["sub"]]
        keys = _client_keys(client, unverified.headers().get("kid"))
        claims = jwt.decode(assertion, keys, algorithms=[*ALGORITHMS]).claims
    except (JoseError, requests.RequestException, ValueError, KeyError, TypeError, AttributeError):
        return None
    return client if _is_valid(claims, client) else None


def _is_valid(claims: dict[str, Any], client: Client) -> bool:
    """Whether an assertion is of the client, for this provider, expires soon, and has not been used."""
    is_about_client = claims.get("iss") == claims.get("sub") == client.client_id
    if not (is_about_client and _is_audience(claims.get("aud"))):
        return False
    expires = claims.get("exp")
    if not (isinstance(expires, int | float) and 0 < expires - time.time() <= MAX_ASSERTION_SECONDS):
        return False
    token_id = claims.get("jti")
    # Last, because it marks the id as used.
    return isinstance(token_id, str) and provider().assertions.put_if_absent(token_id, token_id)


def _is_audience(audience: object) -> bool:
    issuer = provider().issuer
    return audience in (issuer, [issuer], f"{issuer}/token", [f"{issuer}/token"])


def _client_keys(client: Client, kid: object) -> KeySet:
    keys = provider().client_keys.get(client.client_id)
    # Fetched again for an unknown key: the client has rotated its keys.
    if keys is None or all(key.kid != kid for key in keys.keys):
        response = requests.get(client.jwks_uri, timeout=SECONDS)
        keys = KeySet.import_key_set(response.json())
        provider().client_keys[client.client_id] = keys
    return keys
