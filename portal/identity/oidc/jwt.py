"""Signed statements of a provider (JWT): read only when a key of its own, and an algorithm of ours, fit."""

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
    """A statement that nobody may lean on; the text is for the log and names no content."""


def keys_of(document: Any) -> list[Key]:
    """The signing keys of a JWK Set; what else stands there is not ours to read. Raises Untrusted."""
    if not isinstance(document, dict) or not isinstance(document.get("keys"), list):
        raise Untrusted("its keys are no key set")
    return [key for each in document["keys"] if (key := _key(each))]


def _key(described: Any) -> Key | None:
    try:
        if described["kty"] not in KINDS.values() or described.get("use", "sig") != "sig":
            return None
        found = JWKRegistry.import_key(described)
        found.check_use("sig")
    except (JoseError, ValueError, TypeError, KeyError, AttributeError):
        return None
    return found if isinstance(found, Key) and _is_strong(found) else None


def _is_strong(key: Key) -> bool:
    return key.public_key.key_size >= (2048 if isinstance(key, RSAKey) else 256)


def header_of(token: Any, algorithms: Collection[str]) -> Claims:
    """The header, when its algorithm is one that we trust. Raises Untrusted."""
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
    """What a token says, once a key has shown who says it. Raises Untrusted."""
    header = header_of(token, algorithms)
    kid, kind = header.get("kid"), KINDS[header["alg"][:2]]
    fitting = [key for key in keys(kid) if key.key_type == kind and key.alg in (None, header["alg"])]
    for key in [key for key in fitting if kid is None or key.kid == kid]:
        if (payload := _payload(token, key, header["alg"])) is not None:
            return _claims(payload)
    raise Untrusted("no key of the provider has signed it")


def _payload(token: str, key: Key, algorithm: str) -> bytes | None:
    registry = jws.JWSRegistry(algorithms=[algorithm], strict_check_header=False)
    try:
        return jws.deserialize_compact(token, key, registry=registry).payload
    except (JoseError, ValueError, TypeError):
        return None


def _claims(payload: bytes) -> Claims:
    try:
        claims = json.loads(payload)
    except (ValueError, RecursionError) as error:
        raise Untrusted("the token's content cannot be read") from error
    if not isinstance(claims, dict):
        raise Untrusted("the token's content cannot be read")
    return claims
