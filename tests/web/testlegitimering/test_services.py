"""What Testlegitimering and a service say to each other behind the browser: proof by key, and logging out."""

import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any
from urllib.parse import parse_qs

import pytest
from flask import Flask
from flask.testing import FlaskClient
from joserfc import jwt
from joserfc.jwk import ECKey, KeySet, RSAKey
from pytest_httpserver import HTTPServer
from werkzeug import Request, Response
from werkzeug.test import TestResponse

from portal.testlegitimering import create_app, development_clients
from portal.testlegitimering.oidc.client_proof import ASSERTION_TYPE
from portal.testlegitimering.oidc.tokens import LOGOUT_EVENT
from tests.web.testlegitimering.steps import (
    HOME,
    ISSUER,
    MARIA,
    SECRET,
    STAFF_HOME,
    VERIFIER,
    answer,
    ask,
    code,
    information,
    redeem,
    soup,
    submit,
)

CITIZENS = "kontakt-medborgare"
KEY = RSAKey.generate_key(2048, auto_kid=True)
CURVE = ECKey.generate_key("P-256", {"alg": "ES256"}, auto_kid=True)
STAFF = {"client_id": "kontakt-personal", "redirect_uri": STAFF_HOME}
Sent = list[str]


@pytest.fixture
def service() -> Iterator[HTTPServer]:
    """The service as Testlegitimering reaches it."""
    with HTTPServer(host="127.0.0.1") as server:
        yield server


@pytest.fixture
def told(service: HTTPServer) -> Sent:
    """The logout tokens that the service has been sent, by door."""
    tokens: Sent = []

    def take(request: Request) -> Response:
        tokens.append(request.form["logout_token"])
        return Response(status=200 if request.path == "/ut/medborgare" else 400)

    for door in ("medborgare", "personal"):
        service.expect_request(f"/ut/{door}", method="POST").respond_with_handler(take)
    return tokens


@pytest.fixture
def app(service: HTTPServer) -> Flask:
    keys, out = service.url_for("/keys"), service.url_for("/ut/") + "{door}"
    return create_app(ISSUER, development_clients("http://localhost:8000", keys, out))


def publish(service: HTTPServer, *keys: RSAKey | ECKey) -> None:
    service.clear()
    service.expect_request("/keys").respond_with_json(KeySet([*keys]).as_dict(private=False))


def assertion(key: RSAKey | ECKey = KEY, algorithm: str = "RS256", **changes: object) -> str:
    usual = {"iss": CITIZENS, "sub": CITIZENS, "aud": f"{ISSUER}/token", "exp": time.time() + 60}
    said = usual | {"jti": str(time.perf_counter_ns())} | changes
    told = {name: value for name, value in said.items() if value is not None}
    return jwt.encode({"alg": algorithm, "kid": key.kid}, told, key, algorithms=[algorithm])


def prove(browser: FlaskClient, given: str, proof: str, **more: str) -> TestResponse:
    form = {"grant_type": "authorization_code", "redirect_uri": HOME, "code_verifier": VERIFIER}
    form |= {"code": given, "client_assertion": proof, "client_assertion_type": ASSERTION_TYPE}
    return browser.post("/token", data=form | more)


@pytest.mark.parametrize(("key", "algorithm"), [(KEY, "RS256"), (KEY, "PS256"), (CURVE, "ES256")])
def test_a_service_may_prove_itself_with_a_key(
    browser: FlaskClient, service: HTTPServer, key: RSAKey | ECKey, algorithm: str
) -> None:
    publish(service, key)
    assert "id_token" in prove(browser, code(browser), assertion(key, algorithm)).get_json()


@pytest.mark.parametrize("audience", [ISSUER, [ISSUER], [f"{ISSUER}/token"]])
def test_the_proof_may_be_for_the_issuer_too(
    browser: FlaskClient, service: HTTPServer, audience: object
) -> None:
    publish(service, KEY)
    assert prove(browser, code(browser), assertion(aud=audience)).status_code == 200


@pytest.mark.parametrize(
    "changes",
    [
        {"iss": "kontakt-personal"},
        {"sub": "kontakt-personal"},
        {"sub": "nobody"},
        {"sub": None},
        {"aud": "https://testlegitimering.invalid"},
        {"aud": [ISSUER, "https://testlegitimering.invalid"]},
        {"exp": 1},
        {"exp": None},
        {"exp": time.time() + 7200},
        {"jti": None},
        {"key": CURVE, "algorithm": "ES256"},
        {"key": RSAKey.generate_key(2048, {"kid": KEY.kid})},
    ],
)
def test_a_proof_with_a_fault_is_none(
    browser: FlaskClient, service: HTTPServer, changes: dict[str, Any]
) -> None:
    publish(service, KEY)
    response = prove(browser, code(browser), assertion(**changes))
    assert (response.status_code, response.get_json()) == (401, {"error": "invalid_client"})


def test_a_proof_is_used_once_and_never_together_with_a_secret(
    browser: FlaskClient, service: HTTPServer
) -> None:
    publish(service, KEY)
    proof = assertion()
    assert prove(browser, code(browser), proof).status_code == 200
    assert prove(browser, code(browser), proof).status_code == 401
    both = {"client_assertion": assertion(), "client_assertion_type": ASSERTION_TYPE}
    assert redeem(browser, code(browser), **both).status_code == 401
    assert prove(browser, code(browser), assertion(), client_assertion_type="x").status_code == 401
    for broken in ("", "nonsens", "a.b.c"):
        assert prove(browser, code(browser), broken).status_code == 401


def test_a_new_key_of_the_service_is_fetched_when_it_has_signed_and_the_old_one_only_once(
    browser: FlaskClient, service: HTTPServer
) -> None:
    publish(service, KEY)
    for _time in range(2):
        assert prove(browser, code(browser), assertion()).status_code == 200
    assert len(service.log) == 1
    publish(service, CURVE, KEY)
    assert prove(browser, code(browser), assertion(CURVE, "ES256")).status_code == 200


def test_a_service_that_does_not_answer_or_publishes_nonsense_proves_nothing(
    browser: FlaskClient, service: HTTPServer
) -> None:
    service.expect_request("/keys").respond_with_data("nonsens")
    assert prove(browser, code(browser), assertion()).status_code == 401
    service.stop()
    assert prove(browser, code(browser), assertion()).status_code == 401


def staff_sign_in(browser: FlaskClient, person: str = MARIA) -> str:
    """Sign in at the staff's door; gives the access token."""
    sent = submit(browser, submit(browser, ask(browser, **STAFF), person=person))
    given = parse_qs(sent.location.partition("?")[2])["code"][0]
    form = {"grant_type": "authorization_code", "redirect_uri": STAFF_HOME, "code_verifier": VERIFIER}
    auth = ("kontakt-personal", "test-secret-personal")
    token: str = browser.post("/token", data=form | {"code": given}, auth=auth).get_json()["access_token"]
    return token


def read(browser: FlaskClient, token: str) -> jwt.Token:
    keys = KeySet.import_key_set(browser.get("/jwks").get_json())
    return jwt.decode(token, keys, algorithms=["RS256"])


def sign_out(browser: FlaskClient, **changes: str) -> TestResponse:
    return submit(browser, browser.get("/"), **changes)


def test_ending_a_sign_in_here_tells_the_service_with_a_signed_token(
    browser: FlaskClient, told: Sent
) -> None:
    tokens = redeem(browser, code(browser)).get_json()
    signed_in = read(browser, tokens["id_token"]).claims
    assert "Kontakt som Maria Ekdahl" in soup(browser.get("/")).get_text()
    page = sign_out(browser)
    assert "Kontakt svarade 200." in page.text
    token = read(browser, told[0])
    said = dict(token.claims)
    assert token.header["typ"] == "logout+jwt"
    assert said.pop("jti")
    assert 0 < said.pop("exp") - said.pop("iat") <= 120
    shared = {name: signed_in[name] for name in ("iss", "aud", "sub", "sid")}
    assert said == shared | {"events": {LOGOUT_EVENT: {}}}
    assert information(browser, tokens["access_token"]).status_code == 401
    assert "Ingen är inloggad." in browser.get("/").text


def test_only_the_browser_that_signed_in_sees_it_and_can_end_it(
    app: Flask, browser: FlaskClient, told: Sent
) -> None:
    redeem(browser, code(browser))
    stranger = app.test_client()
    assert "Ingen är inloggad." in stranger.get("/").text
    sid = str(soup(browser.get("/")).select("input[name=sid]")[0]["value"])
    assert stranger.post("/sessions/end", data={"sid": sid}).status_code == 400
    ask(stranger)
    assert stranger.post("/sessions/end", data={"sid": sid}).status_code == 400
    other_site = {"Sec-Fetch-Site": "same-site"}
    assert browser.post("/sessions/end", data={"sid": sid}, headers=other_site).status_code == 403
    assert told == []


def test_logging_out_of_one_service_tells_the_others_where_the_same_person_is_signed_in(
    app: Flask, browser: FlaskClient, told: Sent
) -> None:
    stranger = app.test_client()
    for somewhere in (browser, stranger):
        staff_sign_in(somewhere)
    kept = staff_sign_in(browser, "198704202392")
    token = redeem(browser, code(browser)).get_json()["id_token"]
    browser.post("/logout", data={"id_token_hint": token})
    assert [read(browser, each).claims["aud"] for each in told] == ["kontakt-personal"]
    assert information(browser, kept).status_code == 200
    assert "Maria" not in browser.get("/").text
    assert "Maria" in stranger.get("/").text


FaultCheck = Callable[[FlaskClient, Sent], bool]


@pytest.mark.parametrize(
    ("fault", "holds"),
    [
        ("aud", lambda b, t: read(b, t[0]).claims["aud"] == "en-annan-tjanst"),
        ("iss", lambda b, t: read(b, t[0]).claims["iss"] != ISSUER),
        ("nonce", lambda b, t: "nonce" in read(b, t[0]).claims),
        ("no_events", lambda b, t: "events" not in read(b, t[0]).claims),
        ("expired", lambda b, t: read(b, t[0]).claims["exp"] < time.time()),
        ("alg_none", lambda _b, t: t[0].endswith(".")),
        ("twice", lambda _b, t: len(t) == 2 and t[0] == t[1]),
    ],
)
def test_a_logout_token_can_have_a_fault(
    browser: FlaskClient, told: Sent, fault: str, holds: FaultCheck
) -> None:
    redeem(browser, code(browser))
    sign_out(browser, fault=fault)
    assert holds(browser, told)


def test_a_service_that_refuses_or_is_away_is_told_of_on_the_page(
    browser: FlaskClient, told: Sent, service: HTTPServer
) -> None:
    staff_sign_in(browser)
    assert "Kontakt för personal svarade 400." in sign_out(browser).text
    staff_sign_in(browser)
    service.stop()
    assert "Kontakt för personal svarade inte." in sign_out(browser).text


def test_a_service_without_an_address_for_it_is_not_told() -> None:
    clients = [
        replace(each, backchannel_logout_uri="") for each in development_clients("http://localhost:8000")
    ]
    browser = create_app(ISSUER, clients).test_client()
    redeem(browser, code(browser))
    assert "Kontakt har ingen adress för utloggning" in sign_out(browser).text


def test_an_id_token_of_the_key_before_still_logs_out(browser: FlaskClient, told: Sent) -> None:
    tokens = redeem(browser, code(browser)).get_json()
    browser.post("/keys")
    asked = {"id_token_hint": tokens["id_token"], "post_logout_redirect_uri": "http://localhost:8000/"}
    assert browser.get("/logout", query_string=asked).status_code == 303
    assert information(browser, tokens["access_token"]).status_code == 401
    assert (told, SECRET in tokens["id_token"]) == ([], False)
    assert "code" in answer(submit(browser, submit(browser, ask(browser))))
