"""Verification of signed tokens (JWS, RFC 7515), with an allow-list of algorithms."""

import json
from collections.abc import Callable, Collection
from typing import Any

from joserfc import jws
from joserfc.errors import JoseError
from joserfc.jwk import ECKey, JWKRegistry, RSAKey

MAX_LENGTH = 32 * 1024
KINDS = {"RS": "RSA", "PS": "RSA", "ES": "EC"}
Key = RSAKey | ECKey
Claims = dict[str, Any]


class Untrusted(Exception):
    """A token or document that must not be trusted. The message is for the log, and quotes no content."""


def parse_keys(document: Any) -> list[Key]:
    """Return the usable signing keys of a JWK Set. Raises Untrusted if it is not one."""
    if not isinstance(document, dict) or not isinstance(document.get("keys"), list):
        raise Untrusted("its keys are no key set")
    # Unusable keys are skipped, as RFC 7517, section 5 asks: a set may hold kinds that we do not know.
    return [key for key in map(_parse_key, document["keys"]) if key]


def _parse_key(jwk: Any) -> Key | None:
    try:
        if jwk["kty"] not in KINDS.values() or jwk.get("use", "sig") != "sig":
            return None
        key = JWKRegistry.import_key(jwk)
        key.check_use("sig")
    except (JoseError, ValueError, TypeError, KeyError, AttributeError):
        return None
    return key if isinstance(key, Key) and _is_strong(key) else None


def _is_strong(key: Key) -> bool:
    # At least 2048 bits for RSA (RFC 7518, 3.3).
    return key.public_key.key_size >= (2048 if isinstance(key, RSAKey) else 256)


def read_header(token: Any, algorithms: Collection[str]) -> Claims:
    """Return the header of a token. Raises Untrusted if its algorithm is not among these."""
    if not isinstance(token, str) or not token:
        raise Untrusted("no token")
    if len(token) > MAX_LENGTH:
        raise Untrusted("the token is too long")
    try:
        header = jws.extract_compact(token.encode()).headers()
    except (JoseError, ValueError, TypeError) as error:
        raise Untrusted("the token cannot be read") from error
    if header.get("alg") not in algorithms:
        raise Untrusted("the algorithm is none of ours")
    return dict(header)


def read(token: Any, algorithms: Collection[str], keys: Callable[[str | None], list[Key]]) -> Claims:
    """Return the claims of a token that one of the keys has signed. Raises Untrusted."""
    header = read_header(token, algorithms)
    for key in keys(header.get("kid")):
        if _matches(key, header):
            payload = _verified_payload(token, key, header["alg"])
            if payload is not None:
                return _parse_claims(payload)
    raise Untrusted("no key of the provider has signed it")


def _matches(key: Key, header: Claims) -> bool:
    algorithm = header["alg"]
    # The kind too (RFC 8725, 3.1): an algorithm must never be used with a key that was made for another.
    if key.key_type != KINDS[algorithm[:2]] or key.alg not in (None, algorithm):
        return False
    return header.get("kid") in (None, key.kid)


def _verified_payload(token: str, key: Key, algorithm: str) -> bytes | None:
    # Unknown headers are ignored (RFC 7515, section 4), unless crit names them: joserfc refuses those.
    registry = jws.JWSRegistry(algorithms=[algorithm], strict_check_header=False)
    try:
        return jws.deserialize_compact(token, key, registry=registry).payload
    except (JoseError, ValueError, TypeError):
        return None


def _parse_claims(payload: bytes) -> Claims:
    try:
        claims = json.loads(payload)
    except (ValueError, RecursionError) as error:
        raise Untrusted("the token's content cannot be read") from error
    if not isinstance(claims, dict):
        raise Untrusted("the token's content cannot be read")
    return claims
