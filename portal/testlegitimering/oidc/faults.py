"""Signed tokens, and the faults that a test can request in them."""

import base64
import json
from collections.abc import Callable
from typing import Any

from joserfc import jwt
from joserfc.jwk import OctKey

from portal.testlegitimering.oidc.keys import ALGORITHM, SigningKeys, unpublished_key

Claims = dict[str, Any]
OTHER_CLIENT = "en-annan-tjanst"
HOUR = 3600

# The claims that each fault changes; None removes a claim.
CHANGES: dict[str, Callable[[Claims], Claims]] = {
    "nonce": lambda _claims: {"nonce": "fel"},
    "no_nonce": lambda _claims: {"nonce": None},
    "aud": lambda _claims: {"aud": OTHER_CLIENT},
    "aud_more": lambda claims: {"aud": [claims["aud"], OTHER_CLIENT], "azp": claims["aud"]},
    "azp": lambda _claims: {"azp": OTHER_CLIENT},
    "iss": lambda _claims: {"iss": "https://testlegitimering.invalid"},
    "expired": lambda claims: {"iat": claims["iat"] - 2 * HOUR, "exp": claims["iat"] - HOUR},
    "future": lambda claims: {
        "iat": claims["iat"] + HOUR,
        "nbf": claims["iat"] + HOUR,
        "exp": claims["exp"] + HOUR,
    },
    "sub": lambda _claims: {"sub": ""},
    "at_hash": lambda _claims: {"at_hash": "fel"},
    "auth_time": lambda claims: {"auth_time": claims["iat"] - 24 * HOUR},
    "no_events": lambda _claims: {"events": None},
}
# The faults of signature and header.
SIGNATURES = ("alg_none", "hs256", "other_key", "unknown_kid")


def signed_token(claims: Claims, keys: SigningKeys, secret: str, fault: str = "", kind: str = "JWT") -> str:
    """Return the claims as a signed token, correct or with one fault; `kind` is its typ header."""
    changed = claims | (CHANGES[fault](claims) if fault in CHANGES else {})
    payload = {name: value for name, value in changed.items() if value is not None}
    header = {"typ": kind, "alg": ALGORITHM, "kid": keys.newest.kid}
    if fault == "alg_none":
        return f"{_encode(header | {'alg': 'none'})}.{_encode(payload)}."
    if fault == "hs256":
        return jwt.encode(header | {"alg": "HS256"}, payload, OctKey.import_key(secret), algorithms=["HS256"])
    if fault == "unknown_kid":
        return jwt.encode(header | {"kid": unpublished_key().kid}, payload, unpublished_key())
    return jwt.encode(header, payload, unpublished_key() if fault == "other_key" else keys.newest)


def _encode(value: Claims) -> str:
    return base64.urlsafe_b64encode(json.dumps(value).encode()).rstrip(b"=").decode()
