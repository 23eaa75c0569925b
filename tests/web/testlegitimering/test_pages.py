"""Testlegitimering as a person meets it: its pages, and the whole journey over real HTTP."""

from collections.abc import Iterator
from threading import Thread

import pytest
import requests
from authlib.integrations.requests_client import OAuth2Session
from flask import Flask
from flask.testing import FlaskClient
from joserfc import jwt
from joserfc.jwk import KeySet
from werkzeug.serving import make_server
from werkzeug.test import TestResponse

from portal.testlegitimering import create_app
from portal.testlegitimering.switches import OPTIONS
from tests.web.testlegitimering.steps import (
    HOME,
    ISSUER,
    MARIA,
    NUMBER,
    SCOPE,
    SECRET,
    STAFF_HOME,
    answer,
    ask,
    code,
    form_of,
    information,
    redeem,
    soup,
    submit,
)

GOODBYE = "http://localhost:8000/"
STAFF = {"client_id": "kontakt-personal", "redirect_uri": STAFF_HOME}
FIELDS = "input:not([type=hidden]), select, textarea"
BAND = "TEST. Det här är ingen riktig e-legitimation."


@pytest.fixture(scope="module")
def served() -> Iterator[str]:
    """The address of a provider that a real server serves on a free port."""
    server = make_server("127.0.0.1", 0, Flask("none"), threaded=True)
    server.app = create_app(f"http://127.0.0.1:{server.port}")
    thread = Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.port}"
    server.shutdown()
    thread.join()
    server.server_close()


def text(page: TestResponse, selector: str) -> list[str]:
    return [one.get_text(" ", strip=True) for one in soup(page).select(selector)]


def pages(browser: FlaskClient) -> list[TestResponse]:
    pick = ask(browser)
    confirm = submit(browser, pick)
    return [
        pick,
        submit(browser, pick, person="nobody"),
        confirm,
        submit(browser, confirm, code="0000"),
        ask(browser, client_id="nobody"),
        submit(browser, pick, button="qr"),
        browser.get("/app"),
        browser.post("/app", data={"qr": "nonsens"}),
        submit(browser, submit(browser, ask(browser, test_outcome="technical"))),
        browser.get("/"),
        browser.get("/logout"),
        browser.get("/nowhere"),
    ]


def test_every_page_is_marked_as_a_test_and_well_formed(browser: FlaskClient) -> None:
    for page in pages(browser):
        html = soup(page)
        assert text(page, ".band") == [BAND]
        assert [str(one["lang"]) for one in html.select("html")] == ["sv"]
        assert len(text(page, "h1")) == len(text(page, "title")) == 1
        ids = [one["id"] for one in html.select("[id]")]
        assert len(ids) == len(set(ids))
        assert not html.select("script:not([src]), style, [style]")
        named = {label["for"] for label in html.select("label")}
        assert {field["id"] for field in html.select(FIELDS)} == named
        described = " ".join(str(one["aria-describedby"]) for one in html.select("[aria-describedby]"))
        assert set(described.split()) <= set(ids)


def test_every_answer_is_kept_nowhere_and_may_only_go_on_to_the_services(browser: FlaskClient) -> None:
    for page in [*pages(browser), browser.get("/jwks")]:
        policy = page.headers["Content-Security-Policy"]
        assert page.headers["Cache-Control"] == "no-store"
        assert "default-src 'none'" in policy
        assert "form-action 'self' http://localhost:8000;" in policy
        assert "unsafe" not in policy


def test_nobody_is_asked_for_a_personnummer(browser: FlaskClient) -> None:
    fields = {str(field["name"]) for page in pages(browser) for field in soup(page).select(FIELDS)}
    assert fields == {"code", "qr", *OPTIONS}


def test_citizens_come_first_for_their_service_and_staff_for_theirs(
    browser: FlaskClient,
) -> None:
    citizens, staff = ask(browser), ask(browser, **STAFF)
    assert text(citizens, "h1, h2") == ["Logga in på Kontakt", "Invånare", "Ovanliga fall"]
    assert "Personal" in text(citizens, "summary")
    listed = soup(citizens).select("section button[name=person]")
    assert {str(button["data-role"]) for button in listed} == {"citizen"}
    assert text(staff, "h1, h2") == [
        "Logga in på Kontakt för personal",
        "Personal",
        "Invånare",
        "Ovanliga fall",
    ]
    first = [soup(page).select("button[name=person]")[0]["data-role"] for page in (citizens, staff)]
    assert first == ["citizen", "officer"]


def test_each_person_is_one_button_with_number_and_role(browser: FlaskClient) -> None:
    buttons = soup(ask(browser)).select("button[name=person]")
    found = {str(one["value"]): str(one["data-role"]) for one in buttons}
    assert len(buttons) == len(found) == 20
    assert found[MARIA] == "citizen"
    assert found["198501252392"] == "registrar"


def test_the_confirm_page_says_who_and_for_which_service(browser: FlaskClient) -> None:
    page = submit(browser, ask(browser, **STAFF), person="198501252392")
    assert text(page, "h1") == ["Bekräfta att du är Eva Nilsson"]
    assert "Du loggar in på Kontakt för personal ." in text(page, "main p")
    assert text(page, "button") == ["Bekräfta", "Avbryt"]
    assert form_of(page)[1]["code"]


def test_a_person_who_is_not_on_the_list_cannot_sign_in(browser: FlaskClient) -> None:
    pick = ask(browser)
    unknown = submit(browser, pick, person="198001010000")
    assert (unknown.status_code, text(unknown, ".problem")) == (422, ["Välj en av testpersonerna i listan."])
    forged = submit(browser, submit(browser, pick), chosen="198001010000")
    assert forged.status_code == 422


def test_a_wrong_code_shows_the_right_one_filled_in_again(browser: FlaskClient) -> None:
    confirm = submit(browser, ask(browser))
    again = submit(browser, confirm, code="0000")
    assert again.status_code == 422
    assert text(again, ".problem")[0].startswith("Koden stämmer inte.")
    assert "code" in answer(submit(browser, again))


@pytest.mark.parametrize(
    ("changes", "heading"),
    [
        ({"client_id": "nobody"}, "Okänd tjänst"),
        ({"redirect_uri": "http://localhost:8000/andra"}, "Fel adress tillbaka"),
        ({"test_fault": "nonsens"}, "Okänd inställning"),
    ],
)
def test_an_unknown_service_address_or_switch_gets_a_page_and_no_redirect(
    browser: FlaskClient, changes: dict[str, str], heading: str
) -> None:
    page = ask(browser, **changes)
    assert page.status_code == 400
    assert "Location" not in page.headers
    assert text(page, "h1") == [heading]


def test_another_mistake_goes_back_to_the_service_with_its_state(browser: FlaskClient) -> None:
    given = answer(ask(browser, code_challenge_method="plain"))
    assert (given["error"], given["state"], given["iss"]) == ("invalid_request", "the-state", ISSUER)


def test_only_the_browser_that_began_can_go_on(app: Flask, browser: FlaskClient) -> None:
    pick = ask(browser)
    confirm = submit(browser, pick)
    stranger = app.test_client()
    assert submit(stranger, pick).status_code == 400
    ask(stranger)
    assert submit(stranger, confirm).status_code == 400
    assert submit(browser, confirm, pending="guessed").status_code == 400
    assert "code" in answer(submit(browser, confirm))


def test_two_tabs_in_one_browser_do_not_disturb_each_other(browser: FlaskClient) -> None:
    first, second = submit(browser, ask(browser, state="one")), submit(browser, ask(browser, state="two"))
    assert [answer(submit(browser, page))["state"] for page in (first, second)] == ["one", "two"]


def test_the_cookie_is_hidden_from_scripts_and_other_sites(browser: FlaskClient) -> None:
    cookie = ask(browser).headers["Set-Cookie"]
    assert cookie.startswith("testlegitimering=")
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie


def test_logging_out_ends_the_token_and_comes_back_to_the_service(browser: FlaskClient) -> None:
    tokens = redeem(browser, code(browser)).get_json()
    asked = {
        "id_token_hint": tokens["id_token"],
        "post_logout_redirect_uri": "http://localhost:8000/",
        "state": "s",
    }
    response = browser.get("/logout", query_string=asked)
    assert (response.status_code, response.location) == (303, "http://localhost:8000/?state=s")
    assert information(browser, tokens["access_token"]).status_code == 401


@pytest.mark.parametrize(
    "changes",
    [
        {"post_logout_redirect_uri": "http://localhost:8000/andra"},
        {"id_token_hint": "forged.by.somebody"},
        {"client_id": "kontakt-personal"},
    ],
)
def test_logging_out_never_sends_anybody_to_an_unknown_place(
    browser: FlaskClient, changes: dict[str, str]
) -> None:
    token = redeem(browser, code(browser)).get_json()["id_token"]
    asked = {"id_token_hint": token, "post_logout_redirect_uri": GOODBYE}
    response = browser.get("/logout", query_string=asked | changes)
    assert response.status_code == 400
    assert "Location" not in response.headers


def test_a_common_client_library_signs_somebody_in_over_http(served: str) -> None:
    discovery = requests.get(f"{served}/.well-known/openid-configuration", timeout=5).json()
    client = OAuth2Session(
        "kontakt-medborgare", SECRET, scope=SCOPE, redirect_uri=HOME, code_challenge_method="S256"
    )
    verifier = "0123456789" * 5
    begin, state = client.create_authorization_url(
        discovery["authorization_endpoint"], code_verifier=verifier, nonce="n", prompt="login"
    )
    with requests.Session() as person:
        page = person.get(begin, timeout=5)
        for _ in range(2):
            action, sent = form_of(page)
            page = person.post(served + action, data=sent, allow_redirects=False, timeout=5)
    tokens = client.fetch_token(
        discovery["token_endpoint"],
        authorization_response=page.headers["Location"],
        state=state,
        code_verifier=verifier,
    )
    keys = KeySet.import_key_set(requests.get(discovery["jwks_uri"], timeout=5).json())
    said = jwt.decode(tokens["id_token"], keys, algorithms=["RS256"]).claims
    about = client.get(discovery["userinfo_endpoint"], timeout=5).json()
    assert (said["iss"], said["aud"], said["nonce"]) == (served, "kontakt-medborgare", "n")
    assert (said["sub"], said[NUMBER]) == (about["sub"], MARIA)
    assert about["name"] == "Maria Ekdahl"
    client.close()
