"""Testlegitimering as a service meets it: codes, tokens, claims, and every way that they can fail."""

import base64
import hashlib
import json

import pytest
import time_machine
from flask.testing import FlaskClient

from tests.web.testlegitimering.steps import (
    ANNA,
    HOME,
    ISSUER,
    MARIA,
    NUMBER,
    SECRET,
    STAFF_HOME,
    VERIFIER,
    answer,
    ask,
    claims,
    code,
    information,
    redeem,
    submit,
)


def test_the_pages_submitted_unchanged_lead_to_a_code_for_the_service(browser: FlaskClient) -> None:
    given = answer(submit(browser, submit(browser, ask(browser))))
    assert (given["state"], given["iss"]) == ("the-state", ISSUER)
    assert redeem(browser, given["code"]).status_code == 200


@time_machine.travel("2026-05-04 10:00:00Z", tick=False)
def test_the_id_token_says_who_confirmed_and_verifies_against_the_published_key(browser: FlaskClient) -> None:
    tokens = redeem(browser, code(browser))
    said = claims(browser, tokens)
    digest = hashlib.sha256(tokens.get_json()["access_token"].encode()).digest()[:16]
    assert said.pop("sid")
    assert said == {
        "iss": ISSUER,
        "sub": information(browser, tokens.get_json()["access_token"]).get_json()["sub"],
        "aud": "kontakt-medborgare",
        "iat": 1777888800,
        "exp": 1777889100,
        "auth_time": 1777888800,
        "acr": "http://id.elegnamnden.se/loa/1.0/loa3",
        "at_hash": base64.urlsafe_b64encode(digest).rstrip(b"=").decode(),
        "nonce": "the-nonce",
        NUMBER: MARIA,
    }


def test_the_user_information_has_the_name_the_birthdate_and_the_number(browser: FlaskClient) -> None:
    tokens = redeem(browser, code(browser)).get_json()
    about = information(browser, tokens["access_token"]).get_json()
    assert about.pop("sub") != MARIA
    assert about == {
        "name": "Maria Ekdahl",
        "given_name": "Maria",
        "family_name": "Ekdahl",
        "birthdate": "1984-06-09",
        NUMBER: MARIA,
    }


def test_who_works_somewhere_is_told_of_as_that_and_a_citizen_is_not(browser: FlaskClient) -> None:
    scope = "openid email https://id.oidc.se/scope/naturalPersonOrgId"
    work = "https://id.oidc.se/claim/org"
    tokens = redeem(browser, code(browser, ANNA, scope=scope))
    about = information(browser, tokens.get_json()["access_token"]).get_json()
    assert claims(browser, tokens)[f"{work}Affiliation"] == "anna@9999990006"
    assert {name.removeprefix(work): value for name, value in about.items() if name != "sub"} == {
        "Affiliation": "anna@9999990006",
        "Number": "9999990006",
        "Name": "Testkommunen",
        "Unit": "Parkenheten",
        "email": "anna@testkommunen.example",
        "email_verified": True,
    }
    tokens = redeem(browser, code(browser, scope=scope))
    assert list(information(browser, tokens.get_json()["access_token"]).get_json()) == ["sub"]


def test_what_was_not_asked_for_is_not_told(browser: FlaskClient) -> None:
    tokens = redeem(browser, code(browser, scope="openid"))
    assert NUMBER not in claims(browser, tokens)
    assert set(information(browser, tokens.get_json()["access_token"]).get_json()) == {"sub"}


def test_a_claim_can_be_asked_for_by_its_name(browser: FlaskClient) -> None:
    wanted = {"id_token": {NUMBER: {"essential": True}}, "userinfo": {"name": None}}
    tokens = redeem(browser, code(browser, scope="openid", claims=json.dumps(wanted)))
    assert claims(browser, tokens)[NUMBER] == MARIA
    assert set(information(browser, tokens.get_json()["access_token"]).get_json()) == {"sub", "name"}


def test_a_code_works_once_and_a_second_try_takes_back_what_it_gave(browser: FlaskClient) -> None:
    given = code(browser)
    access_token = redeem(browser, given).get_json()["access_token"]
    assert information(browser, access_token).status_code == 200
    again = redeem(browser, given)
    assert (again.status_code, again.get_json()) == (400, {"error": "invalid_grant"})
    assert information(browser, access_token).status_code == 401


@pytest.mark.parametrize(
    "changes", [{"code_verifier": "w" * 43}, {"redirect_uri": STAFF_HOME}, {"code": "guessed"}]
)
def test_a_code_is_worth_nothing_with_another_verifier_address_or_guess(
    browser: FlaskClient, changes: dict[str, str]
) -> None:
    response = redeem(browser, code(browser), **changes)
    assert (response.status_code, response.get_json()) == (400, {"error": "invalid_grant"})


@pytest.mark.parametrize("missing", ["code", "redirect_uri", "code_verifier", "grant_type"])
def test_a_token_request_that_lacks_something_is_refused(browser: FlaskClient, missing: str) -> None:
    response = redeem(browser, code(browser), **{missing: ""})
    assert response.status_code == 400
    assert response.get_json()["error"] == (
        "unsupported_grant_type" if "grant" in missing else "invalid_request"
    )


def test_a_service_must_prove_itself_with_its_own_secret(browser: FlaskClient) -> None:
    given = code(browser)
    wrong = redeem(browser, given, secret="test-secret-personal")
    assert (wrong.status_code, wrong.get_json()) == (401, {"error": "invalid_client"})
    assert wrong.headers["WWW-Authenticate"].startswith("Basic")
    in_body = {"client_id": "kontakt-medborgare", "client_secret": SECRET}
    assert browser.post("/token", data=in_body | {"code": given}).status_code == 401
    assert redeem(browser, given).status_code == 200


def test_a_code_belongs_to_the_service_that_asked_for_it(browser: FlaskClient) -> None:
    form = {"grant_type": "authorization_code", "redirect_uri": HOME, "code_verifier": VERIFIER}
    staff = ("kontakt-personal", "test-secret-personal")
    response = browser.post("/token", data=form | {"code": code(browser)}, auth=staff)
    assert (response.status_code, response.get_json()) == (400, {"error": "invalid_grant"})


def test_codes_tokens_and_waiting_pages_grow_old(browser: FlaskClient) -> None:
    with time_machine.travel("2026-05-04 10:00:00Z", tick=False) as clock:
        pick, late, in_time = ask(browser), code(browser), code(browser)
        clock.shift(59)
        access_token = redeem(browser, in_time).get_json()["access_token"]
        clock.shift(1)
        assert redeem(browser, late).get_json() == {"error": "invalid_grant"}
        clock.shift(298)
        assert information(browser, access_token).status_code == 200
        clock.shift(1)
        assert information(browser, access_token).status_code == 401
        clock.shift(240)
        assert submit(browser, pick).status_code == 200
        clock.shift(1)
        assert submit(browser, pick).status_code == 400


def test_without_a_token_nothing_is_told(browser: FlaskClient) -> None:
    response = browser.get("/userinfo")
    assert response.status_code == 401
    assert response.headers["WWW-Authenticate"] == 'Bearer error="invalid_token"'


@pytest.mark.parametrize("page", ["person", "confirm"])
def test_cancel_on_either_page_tells_the_service_and_ends_it(browser: FlaskClient, page: str) -> None:
    shown = ask(browser) if page == "person" else submit(browser, ask(browser))
    given = answer(submit(browser, shown, button="cancel"))
    assert (given["error"], given["state"], given["iss"]) == ("access_denied", "the-state", ISSUER)
    assert submit(browser, shown).status_code == 400
