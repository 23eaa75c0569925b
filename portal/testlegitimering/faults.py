"""Signed statements, and the faults that a test can ask for in them."""

import base64
import json
from collections.abc import Callable
from typing import Any

from joserfc import jwt
from joserfc.jwk import OctKey

from portal.testlegitimering.keys import ALGORITHM, SigningKeys, stranger

Claims = dict[str, Any]
SOMEBODY_ELSE = "en-annan-tjanst"
HOUR = 3600

# What each fault changes; None takes a claim away.
CHANGES: dict[str, Callable[[Claims], Claims]] = {
    "nonce": lambda _told: {"nonce": "fel"},
    "no_nonce": lambda _told: {"nonce": None},
    "aud": lambda _told: {"aud": SOMEBODY_ELSE},
    "aud_more": lambda told: {"aud": [told["aud"], SOMEBODY_ELSE], "azp": told["aud"]},
    "azp": lambda _told: {"azp": SOMEBODY_ELSE},
    "iss": lambda _told: {"iss": "https://testlegitimering.invalid"},
    "expired": lambda told: {"iat": told["iat"] - 2 * HOUR, "exp": told["iat"] - HOUR},
    "future": lambda told: {"iat": told["iat"] + HOUR, "nbf": told["iat"] + HOUR, "exp": told["exp"] + HOUR},
    "sub": lambda _told: {"sub": ""},
    "at_hash": lambda _told: {"at_hash": "fel"},
    "auth_time": lambda told: {"auth_time": told["iat"] - 24 * HOUR},
    "no_events": lambda _told: {"events": None},
}
SIGNATURES = ("alg_none", "hs256", "other_key", "unknown_kid")


def statement(claims: Claims, keys: SigningKeys, secret: str, fault: str = "", kind: str = "JWT") -> str:
    """The claims as a signed token, true or with one fault."""
    changed = claims | (CHANGES[fault](claims) if fault in CHANGES else {})
    told = {name: value for name, value in changed.items() if value is not None}
    header = {"typ": kind, "alg": ALGORITHM, "kid": keys.newest.kid}
    if fault == "alg_none":
        return f"{_part(header | {'alg': 'none'})}.{_part(told)}."
    if fault == "hs256":
        return jwt.encode(header | {"alg": "HS256"}, told, OctKey.import_key(secret), algorithms=["HS256"])
    if fault == "unknown_kid":
        return jwt.encode(header | {"kid": stranger().kid}, told, stranger())
    return jwt.encode(header, told, stranger() if fault == "other_key" else keys.newest)


def _part(value: Claims) -> str:
    return base64.urlsafe_b64encode(json.dumps(value).encode()).rstrip(b"=").decode()
