"""What must be right in a provider's statements before anybody is let in. Pure: it is told the time."""

import base64
import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from portal.formats.identity_numbers import is_coordination, is_valid

SKEW = 60
OLD = 600
MAX_NAME = 255
PREFIX = "https://id.oidc.se/claim"
NUMBER = f"{PREFIX}/personalIdentityNumber"
COORDINATION_NUMBER = f"{PREFIX}/coordinationNumber"
LEVEL = f"{PREFIX}/coordinationNumberLevel"
PREVIOUS = f"{PREFIX}/previousCoordinationNumber"
PRID = "https://id.swedenconnect.se/claim/prid"
# What a staff provider may know somebody by, besides a number.
AFFILIATION = f"{PREFIX}/orgAffiliation"
EMAIL, EMAIL_VERIFIED = "email", "email_verified"
ORG_NUMBER = f"{PREFIX}/orgNumber"
ORG_NAME = f"{PREFIX}/orgName"
LEVELS = ("confirmed", "probable", "uncertain")
NUMBERS = {NUMBER: is_valid, COORDINATION_NUMBER: is_coordination, PREVIOUS: is_coordination}
# What userinfo may add; the rest of a sign-in stands in the ID Token alone.
NAMES = ("name", "given_name", "family_name")
ABOUT_WHOM = (*NAMES, NUMBER, COORDINATION_NUMBER, LEVEL, PREVIOUS, PRID, ORG_NUMBER, ORG_NAME)
TOLD = (*ABOUT_WHOM, AFFILIATION, EMAIL, EMAIL_VERIFIED)
TEXTS = ("sub", "sid", "acr", *ABOUT_WHOM)
# What the ID Token and userinfo must say alike, where both say it.
ALIKE = (*NUMBERS, PRID, AFFILIATION, EMAIL)
LOGOUT_EVENT = "http://schemas.openid.net/event/backchannel-logout"

Claims = Mapping[str, Any]
Check = Callable[[Claims, "Expected"], bool]


@dataclass(frozen=True)
class Expected:
    """What a statement must say to be the one that we wait for."""

    issuer: str
    client_id: str
    now: float
    nonce: str = ""
    acr: tuple[str, ...] = ()
    started: float = 0
    max_age: int | None = None
    auth_time_required: bool = True
    access_token: str = ""
    algorithm: str = ""


def _issuer(claims: Claims, expected: Expected) -> bool:
    return claims.get("iss") == expected.issuer


def _audience(claims: Claims, expected: Expected) -> bool:
    """Us, and nobody else: whoever else may use the statement is nobody that we trust."""
    return claims.get("aud") in (expected.client_id, [expected.client_id])


def _authorised(claims: Claims, expected: Expected) -> bool:
    return claims.get("azp") in (None, expected.client_id)


def _expiry(claims: Claims, expected: Expected) -> bool:
    return _is_time(claims.get("exp")) and claims["exp"] > expected.now - SKEW


def _issued(claims: Claims, expected: Expected) -> bool:
    when = claims.get("iat", 0)
    return _is_time(when) and expected.now - OLD - SKEW <= when <= expected.now + SKEW


def _begun(claims: Claims, expected: Expected) -> bool:
    when = claims.get("nbf", expected.now)
    return _is_time(when) and when <= expected.now + SKEW


def _nonce(claims: Claims, expected: Expected) -> bool:
    return bool(expected.nonce) and claims.get("nonce") == expected.nonce


def _subject(claims: Claims, _expected: Expected) -> bool:
    return _is_name(claims.get("sub"))


def _assurance(claims: Claims, expected: Expected) -> bool:
    return claims.get("acr") in expected.acr


def _fresh(claims: Claims, expected: Expected) -> bool:
    """We asked for a new sign-in (prompt=login), or for one that is young enough (max_age)."""
    when = claims.get("auth_time")
    if when is None:
        return not expected.auth_time_required and expected.max_age is None
    oldest = expected.started if expected.max_age is None else expected.now - expected.max_age
    return _is_time(when) and oldest - SKEW <= when <= expected.now + SKEW


def _access_token(claims: Claims, expected: Expected) -> bool:
    return "at_hash" not in claims or claims["at_hash"] == half_hash(
        expected.access_token, expected.algorithm
    )


def _texts(claims: Claims, _expected: Expected) -> bool:
    names = all(claims.get(name) is None or _is_name(claims[name]) for name in ("sid", PRID))
    return names and all(isinstance(claims.get(name), str | None) for name in TEXTS)


def _one_number(claims: Claims, _expected: Expected) -> bool:
    return not (claims.get(NUMBER) and claims.get(COORDINATION_NUMBER))


def _real_numbers(claims: Claims, _expected: Expected) -> bool:
    given = {name: claims[name] for name in NUMBERS if claims.get(name) is not None}
    return all(isinstance(number, str) and NUMBERS[name](number) for name, number in given.items())


def _level(claims: Claims, _expected: Expected) -> bool:
    return claims.get(LEVEL) in (None, *LEVELS)


ABOUT_PEOPLE: dict[str, Check] = {
    "type": _texts,
    "subject": _subject,
    "number of numbers": _one_number,
    "number": _real_numbers,
    "coordination number level": _level,
}
ID_TOKEN: dict[str, Check] = {
    "issuer": _issuer,
    "audience": _audience,
    "authorised party": _authorised,
    "expiry": _expiry,
    "time of issue": _issued,
    "not before": _begun,
    "nonce": _nonce,
    "level of assurance": _assurance,
    "time of sign-in": _fresh,
    "access token hash": _access_token,
} | ABOUT_PEOPLE


def _optional_expiry(claims: Claims, expected: Expected) -> bool:
    return "exp" not in claims or _expiry(claims, expected)


SIGNED_USERINFO: dict[str, Check] = {
    "issuer": _issuer,
    "audience": _audience,
    "expiry": _optional_expiry,
    "not before": _begun,
}


def _event(claims: Claims, _expected: Expected) -> bool:
    events = claims.get("events")
    return isinstance(events, dict) and isinstance(events.get(LOGOUT_EVENT), dict)


def _whose(claims: Claims, _expected: Expected) -> bool:
    given = [claims.get(name) for name in ("sub", "sid") if claims.get(name) is not None]
    return bool(given) and all(map(_is_name, given))


def _no_nonce(claims: Claims, _expected: Expected) -> bool:
    return "nonce" not in claims


def _named(claims: Claims, _expected: Expected) -> bool:
    return _is_name(claims.get("jti"))


LOGOUT_TOKEN: dict[str, Check] = {
    "issuer": _issuer,
    "audience": _audience,
    "expiry": _expiry,
    "time of issue": _issued,
    "not before": _begun,
    "event": _event,
    "subject and session": _whose,
    "nonce": _no_nonce,
    "id": _named,
}


def wrong(claims: Claims, expected: Expected, checks: Mapping[str, Check]) -> list[str]:
    """The names of the checks that a statement fails: words of ours, nothing of what it says."""
    return [name for name, check in checks.items() if not check(claims, expected)]


def half_hash(token: str, algorithm: str) -> str:
    """The left half of a token's hash, as at_hash has it; the algorithm says which hash."""
    digest = hashlib.new(f"sha{algorithm[2:]}", token.encode()).digest()
    return base64.urlsafe_b64encode(digest[: len(digest) // 2]).rstrip(b"=").decode()


def _is_name(value: Any) -> bool:
    """What something is known by: not empty, not endless, and every sign can be stored."""
    return isinstance(value, str) and len(value) <= MAX_NAME and value.isprintable() and bool(value.strip())


def _is_time(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)
