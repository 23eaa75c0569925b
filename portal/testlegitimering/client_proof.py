"""How a service proves itself at the token endpoint: with its secret, or with a signed assertion."""

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

from portal.testlegitimering.clients import Client
from portal.testlegitimering.provider import provider

METHODS = ("client_secret_basic", "private_key_jwt")
ALGORITHMS = ("RS256", "PS256", "ES256")
ASSERTION_TYPE = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
SECONDS = 5
LONGEST = 600


def authenticated_client() -> Client | None:
    """The service that the request comes from; it proves itself in one way, never in two."""
    if "client_assertion" in request.form:
        return None if request.authorization else _by_assertion()
    return _by_secret()


def _by_secret() -> Client | None:
    """Each part is form-encoded, as OAuth says."""
    given = request.authorization
    if given is None or given.type != "basic":
        return None
    client = provider().clients.get(unquote_plus(given.username or ""))
    secret = unquote_plus(given.password or "").encode()
    return client if client and hmac.compare_digest(client.secret.encode(), secret) else None


def _by_assertion() -> Client | None:
    """A statement that the service has signed with a key that it publishes, used once."""
    if request.form.get("client_assertion_type") != ASSERTION_TYPE:
        return None
    assertion = request.form["client_assertion"]
    try:
        unread = jws.extract_compact(assertion.encode())
        client = provider().clients[json.loads(unread.payload)["sub"]]
        keys = _keys(client, unread.headers().get("kid"))
        told = jwt.decode(assertion, keys, algorithms=[*ALGORITHMS]).claims
    except (JoseError, requests.RequestException, ValueError, KeyError, TypeError, AttributeError):
        return None
    return client if _holds(told, client) else None


def _holds(told: dict[str, Any], client: Client) -> bool:
    """Whether it is about this service and for us, young, and has not been used before."""
    here = (provider().issuer, f"{provider().issuer}/token")
    audience, expires, name = told.get("aud"), told.get("exp"), told.get("jti")
    ours = audience in here or audience in [[each] for each in here]
    names = (told.get("iss"), told.get("sub")) == (client.client_id, client.client_id)
    young = isinstance(expires, int | float) and 0 < expires - time.time() <= LONGEST
    return names and ours and young and isinstance(name, str) and provider().assertions.first(name, name)


def _keys(client: Client, kid: object) -> KeySet:
    """The keys that the service publishes: read once, and again when one that we do not know has signed."""
    known = provider().client_keys.get(client.client_id)
    if known is None or kid not in [key.kid for key in known.keys]:
        answer = requests.get(client.jwks_uri, timeout=SECONDS)
        known = provider().client_keys[client.client_id] = KeySet.import_key_set(answer.json())
    return known
