"""What is said about a person: the signed ID Token, the user information and the logout token."""

import base64
import hashlib
import hmac
import secrets
import time
from dataclasses import dataclass
from typing import Any

from joserfc import jwt
from joserfc.errors import JoseError

from portal.testlegitimering import claims as names
from portal.testlegitimering.authorization import Authorization
from portal.testlegitimering.faults import statement
from portal.testlegitimering.keys import ALGORITHM, SigningKeys
from portal.testlegitimering.people import Person
from portal.testlegitimering.switches import USUAL, Switches

LIFETIME = 300
LOGOUT_SECONDS = 120
LOGOUT_EVENT = "http://schemas.openid.net/event/backchannel-logout"
# Well known, so that a test person keeps the same sub when the provider restarts with a new signing key.
SUBJECT_KEY = b"testlegitimering"
# Official test numbers, for who shall have a number too many.
ANOTHER = {names.NUMBER: "199101072388", names.COORDINATION_NUMBER: "198606722398"}

# Nobody's: numbers of organisations never begin with nines, and no address ends so (RFC 2606).
ORGANISATION_NUMBER, ORGANISATION, MAIL_DOMAIN = "9999990006", "Testkommunen", "testkommunen.example"

Claims = dict[str, Any]


@dataclass(frozen=True)
class Grant:
    """That a person confirmed a request, when and in which browser, and what shall be unusual."""

    authorization: Authorization
    person: Person
    auth_time: int
    sid: str
    switches: Switches = USUAL
    browser: str = ""

    @property
    def acr(self) -> str | None:
        """The level of assurance to state."""
        switched = self.switches.acr
        return None if switched == "missing" else switched or self.authorization.level(self.person.levels)


def subject(person: Person) -> str:
    """The opaque identifier of a person, the same for every service."""
    return hmac.new(SUBJECT_KEY, person.identifier.encode(), hashlib.sha256).hexdigest()[:32]


def id_token(issuer: str, keys: SigningKeys, grant: Grant, access_token: str) -> str:
    """The signed statement of who confirmed, for whom and when."""
    told = {
        **_envelope(issuer, grant, LIFETIME),
        "sub": subject(grant.person),
        "auth_time": grant.auth_time,
        "acr": grant.acr,
        "at_hash": half_hash(access_token),
        "sid": grant.sid,
        "nonce": grant.authorization.nonce or None,
        **_about(grant, "id_token"),
    }
    return statement(told, keys, grant.authorization.client.secret, grant.switches.fault)


def userinfo(grant: Grant) -> Claims:
    """What the service may fetch about the person."""
    told = {"sub": subject(grant.person), **_about(grant, "userinfo")}
    if grant.switches.userinfo == "other_subject":
        told["sub"] = half_hash(told["sub"])
    if grant.switches.userinfo == "no_names":
        told = {name: value for name, value in told.items() if name not in names.NAMES}
    return told


def signed_userinfo(issuer: str, keys: SigningKeys, grant: Grant) -> str:
    """The same, as a statement."""
    told = _envelope(issuer, grant, LIFETIME) | userinfo(grant)
    return statement(told, keys, grant.authorization.client.secret, grant.switches.userinfo)


def logout_token(issuer: str, keys: SigningKeys, grant: Grant, fault: str = "") -> str:
    """The signed statement that a sign-in has ended (Back-Channel Logout 1.0)."""
    told = {
        **_envelope(issuer, grant, LOGOUT_SECONDS),
        "jti": secrets.token_urlsafe(16),
        "sub": subject(grant.person),
        "sid": grant.sid,
        "events": {LOGOUT_EVENT: {}},
    }
    return statement(told, keys, grant.authorization.client.secret, fault, "logout+jwt")


def own_claims(token: str, issuer: str, keys: SigningKeys) -> Claims:
    """The claims of an ID Token that we signed, expired or not; empty for anything else."""
    try:
        told = jwt.decode(token, keys.every(), algorithms=[ALGORITHM]).claims
    except (JoseError, ValueError):
        return {}
    return told if told.get("iss") == issuer else {}


def half_hash(token: str) -> str:
    """The left half of the SHA-256 of a token, as at_hash has it."""
    return _base64url(hashlib.sha256(token.encode()).digest()[:16])


def challenge(verifier: str) -> str:
    """The S256 challenge that belongs to a PKCE verifier."""
    return _base64url(hashlib.sha256(verifier.encode()).digest())


def _base64url(value: bytes) -> str:
    return base64.urlsafe_b64encode(value).rstrip(b"=").decode()


def _envelope(issuer: str, grant: Grant, seconds: int) -> Claims:
    now = int(time.time())
    return {"iss": issuer, "aud": grant.authorization.client.client_id, "iat": now, "exp": now + seconds}


def _about(grant: Grant, place: str) -> Claims:
    """The claims of a person that this place may hold."""
    by_scope = {claim for scope in grant.authorization.scopes for claim in names.SCOPES[scope]}
    if place == "id_token":
        by_scope &= names.IN_ID_TOKEN
    wanted = by_scope | grant.authorization.claims[place].keys()
    return {claim: value for claim, value in _known(grant).items() if value and claim in wanted}


def _known(grant: Grant) -> Claims:
    """All that is known of a person, and what the switches make of it."""
    person, switches = grant.person, grant.switches
    known: Claims = {name: getattr(person, name) for name in names.NAMES}
    known |= _numbers(person, switches.number)
    if known.get(names.COORDINATION_NUMBER):
        known[names.LEVEL] = switches.level or person.level or "confirmed"
    known |= {
        names.ORGANISATION_NUMBER: person.organisation_number,
        names.ORGANISATION: person.organisation,
    }
    protected = person.protected or bool(switches.protected)
    known |= {names.PREVIOUS: person.previous, names.PRID: person.prid, names.PROTECTED: protected}
    return known | ({} if person.is_citizen else _work(person))


def _work(person: Person) -> Claims:
    """Where a member of staff works, and what they are called there."""
    told = (f"{person.key}@{ORGANISATION_NUMBER}", ORGANISATION_NUMBER, ORGANISATION, person.unit)
    work = dict(zip(names.WORK, told, strict=True))
    return work | {"email": f"{person.key}@{MAIL_DOMAIN}", "email_verified": True}


def _numbers(person: Person, switch: str) -> Claims:
    kind = names.COORDINATION_NUMBER if person.has_coordination_number else names.NUMBER
    if switch == "none":
        return {}
    if switch == "invalid":
        wrong = (int(person.number[-1:] or 0) + 1) % 10
        return {kind: f"{person.number[:-1]}{wrong}"}
    if switch == "both":
        return ANOTHER | ({kind: person.number} if person.number else {})
    return {kind: person.number}
