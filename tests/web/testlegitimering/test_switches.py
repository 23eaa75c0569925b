"""The switches of Testlegitimering: each does what it says, and only that."""

import base64
import json
from typing import Any

import pytest
from flask.testing import FlaskClient
from joserfc import jws, jwt
from joserfc.errors import BadSignatureError, InvalidKeyIdError
from joserfc.jwk import KeySet, OctKey
from werkzeug.test import TestResponse

from portal.testlegitimering.oidc import messages
from portal.testlegitimering.oidc.claims import (
    COORDINATION_NUMBER,
    EIDAS,
    LEVEL,
    NUMBER,
    PREVIOUS,
    PRID,
    PROTECTED,
    TOO_LOW,
)
from tests.web.testlegitimering.steps import (
    ISSUER,
    MARIA,
    SECRET,
    answer,
    ask,
    claims,
    code,
    information,
    redeem,
    soup,
    submit,
)

AMINA, JONAS, VERA, FREYA = "198606722398", "199101072388", "199201152395", "ZZ:testperson-1"
BY_NAME = json.dumps({"id_token": dict.fromkeys((LEVEL, PREVIOUS, PRID))})
CHANGED = [
    ("nonce", "nonce", "fel"),
    ("no_nonce", "nonce", None),
    ("aud", "aud", "en-annan-tjanst"),
    ("aud_more", "aud", ["kontakt-medborgare", "en-annan-tjanst"]),
    ("azp", "azp", "en-annan-tjanst"),
    ("iss", "iss", "https://testlegitimering.invalid"),
    ("sub", "sub", ""),
    ("at_hash", "at_hash", "fel"),
]


def tokens(browser: FlaskClient, person: str = MARIA, **asked: str) -> dict[str, Any]:
    """What the token endpoint gives after a sign-in with these switches."""
    given: dict[str, Any] = redeem(browser, code(browser, person, **asked)).get_json()
    return given


def told(browser: FlaskClient, person: str = MARIA, **asked: str) -> dict[str, Any]:
    """The claims of the ID Token, whoever signed it."""
    payload: str = tokens(browser, person, **asked)["id_token"].split(".")[1]
    claims: dict[str, Any] = json.loads(base64.urlsafe_b64decode(payload + "=="))
    return claims


def about(browser: FlaskClient, person: str = MARIA, **asked: str) -> TestResponse:
    return information(browser, tokens(browser, person, **asked)["access_token"])


def test_a_switch_is_turned_on_in_the_address_or_on_the_page(browser: FlaskClient) -> None:
    assert told(browser, test_fault="nonce")["nonce"] == "fel"
    confirm = submit(browser, ask(browser), person=MARIA, fault="nonce")
    given = answer(submit(browser, confirm))["code"]
    assert claims(browser, redeem(browser, given))["nonce"] == "fel"


def test_what_was_chosen_stays_chosen_when_the_page_comes_again(browser: FlaskClient) -> None:
    assert not soup(ask(browser)).select("details[open], option[selected]")
    page = submit(browser, ask(browser, test_fault="nonce"), person="nobody", level="probable")
    chosen = {str(one["value"]) for one in soup(page).select("details[open] option[selected]")}
    assert chosen == {"nonce", "probable"}


def test_an_unknown_value_is_a_mistake_that_is_told(browser: FlaskClient) -> None:
    page = submit(browser, ask(browser), person=MARIA, fault="nonsens")
    assert (page.status_code, soup(page).h1.get_text()) == (400, "Okänd inställning")  # type: ignore[union-attr]


@pytest.mark.parametrize(("fault", "claim", "value"), CHANGED)
def test_one_claim_of_the_id_token_is_wrong_and_the_rest_is_true(
    browser: FlaskClient, fault: str, claim: str, value: object
) -> None:
    wrong = told(browser, test_fault=fault)
    assert wrong.pop(claim, None) == value
    right = told(browser)
    assert {name: wrong[name] for name in ("acr", NUMBER)} == {name: right[name] for name in ("acr", NUMBER)}


def test_an_id_token_can_be_too_old_too_young_or_from_yesterday(browser: FlaskClient) -> None:
    right, old = told(browser), told(browser, test_fault="expired")
    assert old["exp"] < right["iat"]
    assert told(browser, test_fault="future")["nbf"] > right["exp"]
    assert told(browser, test_fault="auth_time")["auth_time"] < right["iat"] - 80_000


def test_an_id_token_can_be_signed_by_nobody_by_the_secret_or_by_another_key(browser: FlaskClient) -> None:
    keys = KeySet.import_key_set(browser.get("/jwks").get_json())
    unsigned = tokens(browser, test_fault="alg_none")["id_token"]
    header = json.loads(base64.urlsafe_b64decode(unsigned.split(".")[0] + "=="))
    assert (header["alg"], unsigned.split(".")[2]) == ("none", "")
    shared = tokens(browser, test_fault="hs256")["id_token"]
    assert jwt.decode(shared, OctKey.import_key(SECRET), algorithms=["HS256"]).claims["iss"] == ISSUER
    with pytest.raises(BadSignatureError):
        jwt.decode(tokens(browser, test_fault="other_key")["id_token"], keys)
    with pytest.raises(InvalidKeyIdError):
        jwt.decode(tokens(browser, test_fault="unknown_kid")["id_token"], keys)


def test_an_id_token_can_be_missing(browser: FlaskClient) -> None:
    assert set(tokens(browser, test_fault="missing")) == {"access_token", "token_type", "expires_in", "scope"}


def test_the_level_of_assurance_is_the_one_that_was_switched_to(browser: FlaskClient) -> None:
    assert told(browser, test_acr=TOO_LOW)["acr"] == TOO_LOW
    assert told(browser, test_acr=EIDAS[1])["acr"] == EIDAS[1]
    assert "acr" not in told(browser, test_acr="missing")


def test_a_person_can_have_no_number_both_or_one_that_is_wrong(browser: FlaskClient) -> None:
    none, both = told(browser, test_number="none"), told(browser, test_number="both")
    assert {NUMBER, COORDINATION_NUMBER} & none.keys() == set()
    assert (both[NUMBER], both[COORDINATION_NUMBER]) == (MARIA, AMINA)
    invalid = told(browser, test_number="invalid")[NUMBER]
    assert (invalid[:-1], len(invalid), invalid == MARIA) == (MARIA[:-1], 12, False)
    strange = told(browser, FREYA, test_number="both")
    assert all(len(strange[name]) == 12 for name in (NUMBER, COORDINATION_NUMBER))


def test_a_samordningsnummer_tells_its_level_to_who_asks_for_it(browser: FlaskClient) -> None:
    assert NUMBER not in told(browser, AMINA)
    assert LEVEL not in told(browser, AMINA)
    amina = told(browser, AMINA, claims=BY_NAME)
    assert (amina[COORDINATION_NUMBER], amina[LEVEL]) == (AMINA, "confirmed")
    assert told(browser, AMINA, claims=BY_NAME, test_level="uncertain")[LEVEL] == "uncertain"
    assert LEVEL not in told(browser, claims=BY_NAME, test_level="uncertain")
    assert told(browser, JONAS, claims=BY_NAME)[PREVIOUS] == "199101722396"


def test_a_person_from_another_country_has_a_prid_and_no_number(browser: FlaskClient) -> None:
    freya = told(browser, FREYA, claims=BY_NAME)
    assert (freya[PRID], freya["acr"]) == (FREYA, EIDAS[0])
    assert {NUMBER, COORDINATION_NUMBER, LEVEL} & freya.keys() == set()


def test_who_has_a_protected_identity_is_marked_so(browser: FlaskClient) -> None:
    assert about(browser, VERA).get_json()[PROTECTED] is True
    assert about(browser, test_protected="yes").get_json()[PROTECTED] is True
    assert PROTECTED not in about(browser).get_json()
    assert PROTECTED not in told(browser, VERA)


def test_the_user_information_is_signed_for_who_asks_and_says_the_same(browser: FlaskClient) -> None:
    keys = KeySet.import_key_set(browser.get("/jwks").get_json())
    access_token = tokens(browser)["access_token"]
    plain = information(browser, access_token).get_json()
    asked = {"Authorization": f"Bearer {access_token}", "Accept": "application/jwt"}
    for signed in (browser.get("/userinfo", headers=asked), about(browser, test_userinfo="signed")):
        assert signed.mimetype == "application/jwt"
        said = jwt.decode(signed.text, keys, algorithms=["RS256"]).claims
        envelope = {name: said.pop(name) for name in ("iss", "aud", "iat", "exp")}
        assert (envelope["iss"], envelope["aud"], said) == (ISSUER, "kontakt-medborgare", plain)


def test_the_user_information_can_be_forged_or_about_somebody_else(browser: FlaskClient) -> None:
    keys = KeySet.import_key_set(browser.get("/jwks").get_json())
    with pytest.raises(BadSignatureError):
        jwt.decode(about(browser, test_userinfo="other_key").text, keys)
    assert jwt.decode(about(browser, test_userinfo="aud").text, keys).claims["aud"] == "en-annan-tjanst"
    assert about(browser, test_userinfo="other_subject").get_json()["sub"] != told(browser)["sub"]
    assert set(about(browser, test_userinfo="no_names").get_json()) == {"sub", NUMBER}
    assert about(browser, test_userinfo="fails").status_code == 500


@pytest.mark.parametrize(
    ("switch", "name", "value"),
    [
        ("iss", "iss", "https://testlegitimering.invalid"),
        ("no_iss", "iss", None),
        ("state", "state", "fel"),
        ("no_state", "state", None),
    ],
)
def test_the_answer_to_the_service_can_be_wrong(
    browser: FlaskClient, switch: str, name: str, value: str | None
) -> None:
    given = answer(submit(browser, submit(browser, ask(browser, test_answer=switch), person=MARIA)))
    assert given.get(name) == value
    assert given["code"]


def test_the_token_endpoint_can_fail_talk_nonsense_or_be_slow(
    browser: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    slept: list[float] = []
    monkeypatch.setattr("time.sleep", slept.append)
    assert redeem(browser, code(browser, test_answer="fails")).status_code == 500
    garbage = redeem(browser, code(browser, test_answer="garbage"))
    assert (garbage.mimetype, garbage.text[0]) == ("application/json", "<")
    assert redeem(browser, code(browser, test_answer="slow")).status_code == 200
    assert slept == [10]


def test_the_message_of_the_service_is_shown_as_text_on_every_page_of_the_way(browser: FlaskClient) -> None:
    encoded = base64.b64encode("Du loggar in för att <b>följa</b> ditt ärende.".encode()).decode()
    asked = {messages.PARAMETER: json.dumps({"message": encoded, "mime_type": "text/plain"})}
    pick = ask(browser, **asked)
    for page in (pick, submit(browser, pick), submit(browser, pick, button="qr")):
        assert soup(page).select("blockquote")[0].get_text(strip=True) == (
            "Du loggar in för att <b>följa</b> ditt ärende."
        )


def test_discovery_tells_what_it_can(browser: FlaskClient) -> None:
    found = browser.get("/.well-known/openid-configuration").get_json()
    assert found[messages.SUPPORTED] is True
    assert found["userinfo_signing_alg_values_supported"] == ["RS256"]
    assert found["token_endpoint_auth_methods_supported"] == ["client_secret_basic", "private_key_jwt"]
    assert found["backchannel_logout_supported"] is found["backchannel_logout_session_supported"] is True
    assert {NUMBER, COORDINATION_NUMBER, LEVEL, PREVIOUS, PRID} <= set(found["claims_supported"])


def test_a_new_key_signs_at_once_and_the_last_one_is_still_published(browser: FlaskClient) -> None:
    before = tokens(browser)["id_token"]
    changed = browser.post("/keys")
    after = tokens(browser)["id_token"]
    published = browser.get("/jwks").get_json()["keys"]
    used = [jws.extract_compact(token.encode()).headers()["kid"] for token in (before, after)]
    assert used == [key["kid"] for key in reversed(published)]
    assert used[1] in changed.text
    assert not any("d" in key for key in published)
    for token in (before, after):
        jwt.decode(token, KeySet.import_key_set({"keys": published}))
    browser.post("/keys")
    assert used[0] not in browser.get("/jwks").text


def test_no_other_site_can_change_the_key(browser: FlaskClient) -> None:
    before = browser.get("/jwks").text
    assert browser.post("/keys", headers={"Sec-Fetch-Site": "cross-site"}).status_code == 403
    assert browser.get("/jwks").text == before
