"""What a provider says: one wrong claim is enough, whichever it is, and it is named without its content."""

from dataclasses import replace
from typing import Any

import pytest

from portal.identity.oidc import claims
from portal.identity.oidc.claims import Expected, failed_checks
from tests.bad_claims import BAD_CLAIMS, COORDINATION_NUMBER, FORGIVEN, LEVEL, NOW, NUMBER, PREVIOUS

ISSUER, CLIENT, LOA3 = "https://op.example", "kontakt-personal", "http://id.elegnamnden.se/loa/1.0/loa3"
EXPECTED = Expected(
    ISSUER, CLIENT, NOW, nonce="nonce", acr=(LOA3,), started=NOW, access_token="access", algorithm="RS256"
)
TRUE: dict[str, Any] = {
    "iss": ISSUER,
    "sub": "anna",
    "aud": CLIENT,
    "iat": NOW,
    "exp": NOW + 300,
    "auth_time": NOW,
    "nonce": "nonce",
    "acr": LOA3,
    "sid": "sid",
    "at_hash": claims.half_hash("access", "RS256"),
    NUMBER: "198704202392",
}
EVENT = claims.LOGOUT_EVENT
LOGOUT: dict[str, Any] = {
    "iss": ISSUER,
    "sub": "anna",
    "sid": "sid",
    "aud": CLIENT,
    "iat": NOW,
    "exp": NOW + 120,
    "jti": "one",
    "events": {EVENT: {}},
}
LOGOUT_LIES: list[dict[str, Any]] = [
    *({"iss": iss} for iss in (None, "https://evil.example")),
    *({"aud": aud} for aud in (None, "somebody-else", [CLIENT, "somebody-else"])),
    *({"exp": exp} for exp in (None, NOW - 61, "x")),
    *({"iat": iat} for iat in (None, NOW + 61, NOW - 661)),
    {"nbf": NOW + 61},
    *({"events": events} for events in (None, [], {}, {"x": {}}, {EVENT: True}, EVENT)),
    {"sub": None, "sid": None},
    {"sub": "", "sid": None},
    {"sid": 5},
    {"sub": 5},
    *({"jti": jti} for jti in (None, "", 5, "a" * 256)),
    {"nonce": "nonce"},
    {"nonce": ""},
]


def told(true: dict[str, Any], lie: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in (true | lie).items() if value is not None}


def test_the_truth_is_believed() -> None:
    assert failed_checks(TRUE, EXPECTED, claims.ID_TOKEN_CHECKS) == []
    assert failed_checks(LOGOUT, EXPECTED, claims.LOGOUT_TOKEN_CHECKS) == []


@pytest.mark.parametrize("lie", [*BAD_CLAIMS, {"sub": "\ud800"}], ids=repr)
def test_one_lie_is_enough(lie: dict[str, Any]) -> None:
    assert failed_checks(told(TRUE, lie), EXPECTED, claims.ID_TOKEN_CHECKS)


@pytest.mark.parametrize("forgiven", FORGIVEN, ids=str)
def test_a_minute_and_what_is_optional_are_forgiven(forgiven: dict[str, Any]) -> None:
    assert failed_checks(told(TRUE, forgiven), EXPECTED, claims.ID_TOKEN_CHECKS) == []


@pytest.mark.parametrize("acr", [None, "", "https://id.swedenconnect.se/loa/loa3", LOA3 + "-nr"])
def test_a_level_that_was_not_asked_for_is_named_alone(acr: str | None) -> None:
    assert failed_checks(told(TRUE, {"acr": acr}), EXPECTED, claims.ID_TOKEN_CHECKS) == ["level of assurance"]


@pytest.mark.parametrize("lie", LOGOUT_LIES, ids=str)
def test_one_lie_in_a_logout_token_is_enough(lie: dict[str, Any]) -> None:
    assert failed_checks(told(LOGOUT, lie), EXPECTED, claims.LOGOUT_TOKEN_CHECKS)


@pytest.mark.parametrize(
    "lie",
    [*({name: None} for name in ("iss", "aud")), {"iss": "x"}, {"aud": "x"}, {"exp": 1}, {"nbf": NOW + 61}],
    ids=str,
)
def test_one_lie_in_signed_userinfo_is_enough(lie: dict[str, Any]) -> None:
    signed = {"iss": ISSUER, "aud": CLIENT, "sub": "anna"}
    assert failed_checks(signed, EXPECTED, claims.SIGNED_USERINFO_CHECKS) == []
    assert failed_checks(told(signed, lie), EXPECTED, claims.SIGNED_USERINFO_CHECKS)


@pytest.mark.parametrize("kept", ["sub", "sid"])
def test_a_logout_token_names_the_person_or_the_session(kept: str) -> None:
    other = {"sub": "sid", "sid": "sub"}[kept]
    assert failed_checks(told(LOGOUT, {other: None}), EXPECTED, claims.LOGOUT_TOKEN_CHECKS) == []


def test_a_sign_in_may_be_as_old_as_was_asked_for() -> None:
    hour = replace(EXPECTED, max_age=3600)
    for age, accepted in ((0, True), (3659, True), (3661, False)):
        told_ = told(TRUE, {"auth_time": NOW - age})
        assert (failed_checks(told_, hour, claims.ID_TOKEN_CHECKS) == []) is accepted, age
    assert failed_checks(told(TRUE, {"auth_time": None}), hour, claims.ID_TOKEN_CHECKS)


def test_a_provider_that_never_tells_the_time_of_a_sign_in_can_be_agreed_with() -> None:
    silent = replace(EXPECTED, auth_time_required=False)
    assert failed_checks(told(TRUE, {"auth_time": None}), silent, claims.ID_TOKEN_CHECKS) == []
    assert failed_checks(told(TRUE, {"auth_time": None}), replace(silent, max_age=1), claims.ID_TOKEN_CHECKS)


def test_a_samordningsnummer_has_its_level_and_the_one_before() -> None:
    number = {NUMBER: None, COORDINATION_NUMBER: "191401682396", PREVIOUS: "191403702390"}
    for level in ("confirmed", "probable", "uncertain", None):
        assert failed_checks(told(TRUE, number | {LEVEL: level}), EXPECTED, claims.ID_TOKEN_CHECKS) == []


ODD = [None, True, 5, -1, 1.5, 10**400, float("nan"), float("inf"), "", "x", "å" * 300, "\ud800", "\0"]


@pytest.mark.parametrize("value", [*ODD, [], {}, ["x"], [None], {"x": 1}], ids=repr)
def test_whatever_is_said_gets_an_answer(value: Any) -> None:
    for name in (*TRUE, *LOGOUT, "azp", "nbf", PREVIOUS, LEVEL, claims.PRID, "name"):
        for checks in (claims.ID_TOKEN_CHECKS, claims.LOGOUT_TOKEN_CHECKS, claims.SIGNED_USERINFO_CHECKS):
            assert set(failed_checks(TRUE | LOGOUT | {name: value}, EXPECTED, checks)) <= set(checks)
