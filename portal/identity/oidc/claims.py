"""The checks of ID Tokens, signed userinfo and logout tokens. Pure: the time is an argument."""

import base64
import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from portal.formats.identity_numbers import is_coordination, is_valid

# Seconds: how far the clocks of portal and provider may differ, and how old a token may be.
SKEW = 60
MAX_TOKEN_AGE = 600
MAX_IDENTIFIER = 255
PREFIX = "https://id.oidc.se/claim"
NUMBER = f"{PREFIX}/personalIdentityNumber"
COORDINATION_NUMBER = f"{PREFIX}/coordinationNumber"
LEVEL = f"{PREFIX}/coordinationNumberLevel"
PREVIOUS = f"{PREFIX}/previousCoordinationNumber"
PRID = "https://id.swedenconnect.se/claim/prid"
# Staff identifiers: see portal/identity/staff_identifiers.py.
AFFILIATION = f"{PREFIX}/orgAffiliation"
EMAIL = "email"
EMAIL_VERIFIED = "email_verified"
ORG_NUMBER = f"{PREFIX}/orgNumber"
ORG_NAME = f"{PREFIX}/orgName"
LEVELS = ("confirmed", "probable", "uncertain")
NUMBERS = {NUMBER: is_valid, COORDINATION_NUMBER: is_coordination, PREVIOUS: is_coordination}
NAMES = ("name", "given_name", "family_name")
PERSON_CLAIMS = (*NAMES, NUMBER, COORDINATION_NUMBER, LEVEL, PREVIOUS, PRID, ORG_NUMBER, ORG_NAME)
# Claims that userinfo may add. Everything else, such as acr, is read from the signed ID Token only.
USERINFO_CLAIMS = (*PERSON_CLAIMS, AFFILIATION, EMAIL, EMAIL_VERIFIED)
TEXT_CLAIMS = ("sub", "sid", "acr", *PERSON_CLAIMS)
# Claims that must be equal in the ID Token and userinfo, if both have them.
IDENTIFYING_CLAIMS = (*NUMBERS, PRID, AFFILIATION, EMAIL)
LOGOUT_EVENT = "http://schemas.openid.net/event/backchannel-logout"

Claims = Mapping[str, Any]
Check = Callable[[Claims, "Expected"], bool]


@dataclass(frozen=True)
class Expected:
    """The expected values of a token, and the settings of the checks. Times are Unix times in seconds."""

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


# The checks of an ID Token follow OpenID Connect Core 1.0, section 3.1.3.7.
def _issuer(claims: Claims, expected: Expected) -> bool:
    return claims.get("iss") == expected.issuer


def _audience(claims: Claims, expected: Expected) -> bool:
    # Stricter than the standard, which allows more audiences if all of them are trusted.
    return claims.get("aud") in (expected.client_id, [expected.client_id])


def _authorised_party(claims: Claims, expected: Expected) -> bool:
    return claims.get("azp") in (None, expected.client_id)


def _expiry(claims: Claims, expected: Expected) -> bool:
    return _is_time(claims.get("exp")) and claims["exp"] > expected.now - SKEW


def _issued_at(claims: Claims, expected: Expected) -> bool:
    issued_at = claims.get("iat", 0)
    return _is_time(issued_at) and expected.now - MAX_TOKEN_AGE - SKEW <= issued_at <= expected.now + SKEW


def _not_before(claims: Claims, expected: Expected) -> bool:
    not_before = claims.get("nbf", expected.now)
    return _is_time(not_before) and not_before <= expected.now + SKEW


def _nonce(claims: Claims, expected: Expected) -> bool:
    # A token without a nonce must not match a request without one.
    return bool(expected.nonce) and claims.get("nonce") == expected.nonce


def _subject(claims: Claims, _expected: Expected) -> bool:
    return _is_identifier(claims.get("sub"))


def _assurance(claims: Claims, expected: Expected) -> bool:
    return claims.get("acr") in expected.acr


def _auth_time(claims: Claims, expected: Expected) -> bool:
    """Whether auth_time is after the request (prompt=login), or within max_age if that was requested."""
    auth_time = claims.get("auth_time")
    if auth_time is None:
        return not expected.auth_time_required and expected.max_age is None
    oldest = expected.started if expected.max_age is None else expected.now - expected.max_age
    return _is_time(auth_time) and oldest - SKEW <= auth_time <= expected.now + SKEW


def _access_token(claims: Claims, expected: Expected) -> bool:
    # Optional in the code flow, where the token endpoint delivers both tokens together.
    if "at_hash" not in claims:
        return True
    return bool(claims["at_hash"] == half_hash(expected.access_token, expected.algorithm))


def _text_types(claims: Claims, _expected: Expected) -> bool:
    for name in ("sid", PRID):
        if claims.get(name) is not None and not _is_identifier(claims[name]):
            return False
    return all(isinstance(claims.get(name), str | None) for name in TEXT_CLAIMS)


def _single_number(claims: Claims, _expected: Expected) -> bool:
    return not (claims.get(NUMBER) and claims.get(COORDINATION_NUMBER))


def _valid_numbers(claims: Claims, _expected: Expected) -> bool:
    for name, check in NUMBERS.items():
        number = claims.get(name)
        if number is not None and not (isinstance(number, str) and check(number)):
            return False
    return True


def _level(claims: Claims, _expected: Expected) -> bool:
    return claims.get(LEVEL) in (None, *LEVELS)


PERSON_CHECKS: dict[str, Check] = {
    "type": _text_types,
    "subject": _subject,
    "number of numbers": _single_number,
    "number": _valid_numbers,
    "coordination number level": _level,
}
ID_TOKEN_CHECKS: dict[str, Check] = {
    "issuer": _issuer,
    "audience": _audience,
    "authorised party": _authorised_party,
    "expiry": _expiry,
    "time of issue": _issued_at,
    "not before": _not_before,
    "nonce": _nonce,
    "level of assurance": _assurance,
    "time of sign-in": _auth_time,
    "access token hash": _access_token,
} | PERSON_CHECKS


def _optional_expiry(claims: Claims, expected: Expected) -> bool:
    return "exp" not in claims or _expiry(claims, expected)


# Only iss and aud are required of signed userinfo (OpenID Connect Core 1.0, 5.3.2).
SIGNED_USERINFO_CHECKS: dict[str, Check] = {
    "issuer": _issuer,
    "audience": _audience,
    "expiry": _optional_expiry,
    "not before": _not_before,
}


def _logout_event(claims: Claims, _expected: Expected) -> bool:
    events = claims.get("events")
    return isinstance(events, dict) and isinstance(events.get(LOGOUT_EVENT), dict)


def _subject_or_session(claims: Claims, _expected: Expected) -> bool:
    subject = claims.get("sub")
    session = claims.get("sid")
    if subject is None and session is None:
        return False
    return (subject is None or _is_identifier(subject)) and (session is None or _is_identifier(session))


def _no_nonce(claims: Claims, _expected: Expected) -> bool:
    # Back-Channel Logout 1.0, 2.4: so that an ID Token can never be used as a logout token.
    return "nonce" not in claims


def _token_id(claims: Claims, _expected: Expected) -> bool:
    return _is_identifier(claims.get("jti"))


LOGOUT_TOKEN_CHECKS: dict[str, Check] = {
    "issuer": _issuer,
    "audience": _audience,
    "expiry": _expiry,
    "time of issue": _issued_at,
    "not before": _not_before,
    "event": _logout_event,
    "subject and session": _subject_or_session,
    "nonce": _no_nonce,
    "id": _token_id,
}


def failed_checks(claims: Claims, expected: Expected, checks: Mapping[str, Check]) -> list[str]:
    """Return the names of the failed checks. They are safe to log: no value of a claim is among them."""
    return [name for name, check in checks.items() if not check(claims, expected)]


def half_hash(token: str, algorithm: str) -> str:
    """Return the at_hash of a token (OpenID Connect Core 1.0, 3.1.3.6) for a JWS algorithm such as RS256."""
    digest = hashlib.new(f"sha{algorithm[2:]}", token.encode()).digest()
    return base64.urlsafe_b64encode(digest[: len(digest) // 2]).rstrip(b"=").decode()


def _is_identifier(value: Any) -> bool:
    """Whether a value can be stored and compared: printable, not blank, at most MAX_IDENTIFIER characters."""
    if not isinstance(value, str) or len(value) > MAX_IDENTIFIER:
        return False
    # Unprintable characters include lone surrogates, which no database can encode.
    return value.isprintable() and bool(value.strip())


def _is_time(value: Any) -> bool:
    # bool is a subclass of int, and JSON has true and false.
    return isinstance(value, int | float) and not isinstance(value, bool)
