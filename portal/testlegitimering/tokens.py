"""What is said about a person: the signed ID Token and the user information."""

import base64
import hashlib
import hmac
import time
from dataclasses import dataclass
from typing import Any

from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import RSAKey

from portal.testlegitimering.authorization import NAMES, NUMBER, SCOPES, Authorization
from portal.testlegitimering.people import Person

ALGORITHM = "RS256"
LIFETIME = 300
# Well known, so that a test person keeps the same sub when the provider restarts with a new signing key.
SUBJECT_KEY = b"testlegitimering"


@dataclass(frozen=True)
class Grant:
    """That a person confirmed a request, and when."""

    authorization: Authorization
    person: Person
    auth_time: int
    sid: str


def new_key() -> RSAKey:
    """A signing key for this start."""
    return RSAKey.generate_key(2048, {"use": "sig", "alg": ALGORITHM}, auto_kid=True)


def subject(person: Person) -> str:
    """The opaque identifier of a person, the same for every service."""
    return hmac.new(SUBJECT_KEY, person.number.encode(), hashlib.sha256).hexdigest()[:32]


def id_token(issuer: str, key: RSAKey, grant: Grant, access_token: str) -> str:
    """The signed statement of who confirmed, for whom and when."""
    now = int(time.time())
    claims = {
        "iss": issuer,
        "sub": subject(grant.person),
        "aud": grant.authorization.client.client_id,
        "iat": now,
        "exp": now + LIFETIME,
        "auth_time": grant.auth_time,
        "acr": grant.authorization.acr,
        "at_hash": half_hash(access_token),
        "sid": grant.sid,
        **_about(grant, "id_token"),
    }
    nonce = {"nonce": grant.authorization.nonce} if grant.authorization.nonce else {}
    return jwt.encode({"alg": ALGORITHM, "kid": key.kid}, claims | nonce, key)


def userinfo(grant: Grant) -> dict[str, str]:
    """What the service may fetch about the person."""
    return {"sub": subject(grant.person), **_about(grant, "userinfo")}


def own_claims(token: str, issuer: str, key: RSAKey) -> dict[str, Any]:
    """The claims of an ID Token that we signed, expired or not; empty for anything else."""
    try:
        claims = jwt.decode(token, key, algorithms=[ALGORITHM]).claims
    except (JoseError, ValueError):
        return {}
    return claims if claims.get("iss") == issuer else {}


def half_hash(token: str) -> str:
    """The left half of the SHA-256 of a token, as at_hash has it."""
    return _base64url(hashlib.sha256(token.encode()).digest()[:16])


def challenge(verifier: str) -> str:
    """The S256 challenge that belongs to a PKCE verifier."""
    return _base64url(hashlib.sha256(verifier.encode()).digest())


def _base64url(value: bytes) -> str:
    return base64.urlsafe_b64encode(value).rstrip(b"=").decode()


def _about(grant: Grant, place: str) -> dict[str, str]:
    """The claims of a person that this place may hold: the names stand in the user information only."""
    known = {name: getattr(grant.person, name) for name in NAMES} | {NUMBER: grant.person.number}
    by_scope = {claim for scope in grant.authorization.scopes for claim in SCOPES[scope]}
    if place == "id_token":
        by_scope &= {NUMBER}
    wanted = by_scope | grant.authorization.claims[place].keys()
    return {claim: value for claim, value in known.items() if claim in wanted}
