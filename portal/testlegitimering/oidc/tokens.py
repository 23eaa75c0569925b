"""The ID Token, userinfo and logout token of a grant."""

import base64
import hashlib
import hmac
import secrets
import time
from dataclasses import dataclass
from typing import Any

from joserfc import jwt
from joserfc.errors import JoseError

from portal.testlegitimering.oidc import claims as names
from portal.testlegitimering.oidc.authorization import Authorization
from portal.testlegitimering.oidc.faults import signed_token
from portal.testlegitimering.oidc.keys import ALGORITHM, SigningKeys
from portal.testlegitimering.people import Person
from portal.testlegitimering.switches import USUAL, Switches

LIFETIME = 300
LOGOUT_SECONDS = 120
LOGOUT_EVENT = "http://schemas.openid.net/event/backchannel-logout"
# A constant, so that a person keeps the same sub when the provider restarts.
SUBJECT_KEY = b"testlegitimering"
# Official test numbers, for the switch that adds a number too many.
EXTRA_NUMBERS = {names.NUMBER: "199101072388", names.COORDINATION_NUMBER: "198606722398"}

# Fictitious: no organisation number begins with nines, and the domain example is reserved (RFC 2606).
ORGANISATION_NUMBER = "9999990006"
ORGANISATION = "Testkommunen"
MAIL_DOMAIN = "testkommunen.example"

Claims = dict[str, Any]


@dataclass(frozen=True)
class Grant:
    """A request that a person has confirmed, at auth_time (a Unix time in seconds) in a browser."""

    authorization: Authorization
    person: Person
    auth_time: int
    sid: str
    switches: Switches = USUAL
    browser: str = ""

    @property
    def acr(self) -> str | None:
        """The acr claim; None to leave it out."""
        switch = self.switches.acr
        return None if switch == "missing" else switch or self.authorization.level(self.person.levels)


def subject(person: Person) -> str:
    """Return the sub of a person, the same for every client."""
    return hmac.new(SUBJECT_KEY, person.identifier.encode(), hashlib.sha256).hexdigest()[:32]


def id_token(issuer: str, keys: SigningKeys, grant: Grant, access_token: str) -> str:
    """Return the signed ID Token (OpenID Connect Core 1.0, section 2)."""
    claims = {
        **_envelope(issuer, grant, LIFETIME),
        "sub": subject(grant.person),
        "auth_time": grant.auth_time,
        "acr": grant.acr,
        "at_hash": half_hash(access_token),
        "sid": grant.sid,
        "nonce": grant.authorization.nonce or None,
        **_person_claims(grant, "id_token"),
    }
    return signed_token(claims, keys, grant.authorization.client.secret, grant.switches.fault)


def userinfo(grant: Grant) -> Claims:
    """Return the claims of userinfo."""
    claims = {"sub": subject(grant.person), **_person_claims(grant, "userinfo")}
    if grant.switches.userinfo == "other_subject":
        claims["sub"] = half_hash(claims["sub"])
    if grant.switches.userinfo == "no_names":
        for name in names.NAMES:
            claims.pop(name, None)
    return claims


def signed_userinfo(issuer: str, keys: SigningKeys, grant: Grant) -> str:
    """Return userinfo as a signed JWT."""
    claims = _envelope(issuer, grant, LIFETIME) | userinfo(grant)
    return signed_token(claims, keys, grant.authorization.client.secret, grant.switches.userinfo)


def logout_token(issuer: str, keys: SigningKeys, grant: Grant, fault: str = "") -> str:
    """Return the signed logout token of an ended session (Back-Channel Logout 1.0, 2.4)."""
    claims = {
        **_envelope(issuer, grant, LOGOUT_SECONDS),
        "jti": secrets.token_urlsafe(16),
        "sub": subject(grant.person),
        "sid": grant.sid,
        "events": {LOGOUT_EVENT: {}},
    }
    return signed_token(claims, keys, grant.authorization.client.secret, fault, "logout+jwt")


def own_claims(token: str, issuer: str, keys: SigningKeys) -> Claims:
    """Return the claims of an ID Token of this provider; empty for any other token."""
    # An expired one too, as RP-Initiated Logout 1.0 recommends for a hint: sessions outlive their tokens.
    try:
        claims = jwt.decode(token, keys.key_set(), algorithms=[ALGORITHM]).claims
    except (JoseError, ValueError):
        return {}
    return claims if claims.get("iss") == issuer else {}


def half_hash(token: str) -> str:
    """Return the at_hash of a token: the left half of its SHA-256, in base64url."""
    return _base64url(hashlib.sha256(token.encode()).digest()[:16])


def challenge(verifier: str) -> str:
    """Return the S256 challenge of a PKCE verifier (RFC 7636, 4.2)."""
    return _base64url(hashlib.sha256(verifier.encode()).digest())


def _base64url(value: bytes) -> str:
    return base64.urlsafe_b64encode(value).rstrip(b"=").decode()


def _envelope(issuer: str, grant: Grant, seconds: int) -> Claims:
    now = int(time.time())
    return {"iss": issuer, "aud": grant.authorization.client.client_id, "iat": now, "exp": now + seconds}


def _person_claims(grant: Grant, target: str) -> Claims:
    """Return the requested claims of the person, for the target id_token or userinfo."""
    requested: set[str] = set()
    for scope in grant.authorization.scopes:
        requested.update(names.SCOPES[scope])
    if target == "id_token":
        requested &= names.IN_ID_TOKEN
    requested |= grant.authorization.claims[target].keys()
    # An empty claim is left out: OpenID Connect Core 1.0, 5.3.2 asks for that instead of null or "".
    return {claim: value for claim, value in _all_claims(grant).items() if value and claim in requested}


def _all_claims(grant: Grant) -> Claims:
    """Return every claim of the person, changed by the switches."""
    person = grant.person
    switches = grant.switches
    claims: Claims = {name: getattr(person, name) for name in names.NAMES}
    claims |= _numbers(person, switches.number)
    if claims.get(names.COORDINATION_NUMBER):
        claims[names.LEVEL] = switches.level or person.level or "confirmed"
    claims |= {
        names.ORGANISATION_NUMBER: person.organisation_number,
        names.ORGANISATION: person.organisation,
    }
    protected = person.protected or bool(switches.protected)
    claims |= {names.PREVIOUS: person.previous, names.PRID: person.prid, names.PROTECTED: protected}
    return claims | ({} if person.is_citizen else _employment(person))


def _employment(person: Person) -> Claims:
    return {
        names.AFFILIATION: f"{person.key}@{ORGANISATION_NUMBER}",
        names.ORGANISATION_NUMBER: ORGANISATION_NUMBER,
        names.ORGANISATION: ORGANISATION,
        names.UNIT: person.unit,
        "email": f"{person.key}@{MAIL_DOMAIN}",
        "email_verified": True,
    }


def _numbers(person: Person, switch: str) -> Claims:
    kind = names.COORDINATION_NUMBER if person.has_coordination_number else names.NUMBER
    if switch == "none":
        return {}
    if switch == "invalid":
        # Another check digit than the right one.
        digit = (int(person.number[-1:] or 0) + 1) % 10
        return {kind: f"{person.number[:-1]}{digit}"}
    if switch == "both":
        return EXTRA_NUMBERS | ({kind: person.number} if person.number else {})
    return {kind: person.number}
