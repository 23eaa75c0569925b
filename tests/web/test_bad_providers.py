"""The provider is down, slow, or answers nonsense or lies: a kind page, nobody signed in, and no restart."""

from collections.abc import Callable, Iterator
from threading import Event
from typing import Any

import pytest
from flask import Flask
from joserfc.jwk import OctKey, RSAKey
from pytest_httpserver import HTTPServer
from werkzeug import Request, Response

from portal.identity import oidc
from tests.page import Page
from tests.running import free_port
from tests.web import providers, steps
from tests.web.providers import Liar

MakeApp = Callable[..., Flask]
KIND = "Det gick inte att logga in"
COORDINATION_NUMBER = "https://id.oidc.se/claim/coordinationNumber"
NONSENSE = [
    Response("<html><h1>Driftstopp</h1>", 200, content_type="text/html"),
    Response("{", 200, content_type="application/json"),
    Response(b"\xff\xfe", 200, content_type="application/json"),
    *(providers.as_json(body) for body in ([], [1], "text", 5, None, {}, {"keys": 5}, {"error": "stängt"})),
    Response("Internal Server Error", 500),
    Response("", 204),
    Response("", 302, {"Location": "/.well-known/openid-configuration"}),
]


@pytest.fixture
def liar(httpserver: HTTPServer) -> Liar:
    return Liar(httpserver)


@pytest.fixture
def page(make_app: MakeApp, liar: Liar) -> Page:
    """A browser at a portal whose staff sign in there."""
    return Page(make_app(oidc_staff_issuer=liar.issuer).test_client())


def assert_refused(page: Page, liar: Liar, **changes: str | None) -> None:
    assert liar.come_back(page, 400, **changes).h1 == KIND
    assert (steps.count("sign_in"), steps.count("person")) == (0, 0)


def test_one_that_tells_the_truth_signs_people_in(page: Page, liar: Liar) -> None:
    assert liar.come_back(page, 303).location == "/handlaggning/"
    assert (steps.count("sign_in"), steps.count("person")) == (1, 1)


def test_one_that_is_down_gives_a_kind_page(make_app: MakeApp) -> None:
    page = Page(make_app(oidc_staff_issuer=f"http://127.0.0.1:{free_port()}").test_client())
    shown = page.get("/logga-in/personal", 400)
    assert (shown.h1, "Felet är inte ditt." in shown.text) == (KIND, True)
    assert shown.links["Försök igen"] == "/logga-in/personal"


@pytest.fixture
def silence() -> Iterator[Event]:
    """What a slow provider waits for: the end of the test."""
    over = Event()
    yield over
    over.set()


def test_one_that_is_slow_is_given_up_in_time(
    make_app: MakeApp, httpserver: HTTPServer, silence: Event, monkeypatch: pytest.MonkeyPatch
) -> None:
    def wait(_request: Request) -> Response:
        silence.wait(10)
        return Response("", 200)

    httpserver.expect_request("/.well-known/openid-configuration").respond_with_handler(wait)
    assert oidc.SECONDS <= 5
    monkeypatch.setattr(oidc, "SECONDS", 0.2)
    page = Page(make_app(oidc_staff_issuer=httpserver.url_for("").rstrip("/")).test_client())
    assert page.get("/logga-in/personal", 400).h1 == KIND
    silence.set()


def test_nonsense_instead_of_its_description_is_a_kind_page_and_forgotten_when_it_is_well(
    page: Page, liar: Liar
) -> None:
    for nonsense in NONSENSE:
        liar.answers["openid-configuration"] = nonsense
        assert page.get("/logga-in/personal", 400).h1 == KIND
    liar.answers.clear()
    assert liar.come_back(page, 303).location == "/handlaggning/"


@pytest.mark.parametrize("end", ["jwks", "token", "userinfo"])
def test_nonsense_on_the_way_back_is_a_kind_page_and_forgotten_when_it_is_well(
    page: Page, liar: Liar, end: str
) -> None:
    for nonsense in NONSENSE:
        liar.answers[end] = nonsense
        assert_refused(page, liar)
    liar.answers.clear()
    assert liar.come_back(page, 303).location == "/handlaggning/"


@pytest.mark.parametrize("issuer", ["https://evil.example", "", None, 5, ["x"]])
def test_a_description_that_names_another_issuer_is_refused_and_read_again(
    page: Page, liar: Liar, issuer: Any
) -> None:
    liar.metadata["issuer"] = issuer
    assert page.get("/logga-in/personal", 400).h1 == KIND
    liar.metadata.clear()
    assert liar.come_back(page, 303).location == "/handlaggning/"


LIES: list[dict[str, Any]] = [
    {"acr": "http://id.elegnamnden.se/loa/1.0/loa2"},
    {"acr": None},
    {"acr": [providers.LOA3]},
    {"iss": "https://evil.example"},
    {"iss": None},
    {"aud": "somebody-else"},
    {"aud": [providers.CLIENT, "somebody-else"]},
    {"aud": None},
    {"azp": "somebody-else"},
    {"nonce": "an-old-one"},
    {"nonce": None},
    {"exp": 1},
    {"exp": None},
    {"iat": 4_000_000_000},
    {"sub": None},
    {"sub": ""},
    {"sub": 5},
    {"at_hash": "another"},
    {providers.NUMBER: "198704202393"},
    {providers.NUMBER: "8704202392"},
    {providers.NUMBER: 198704202392},
    {providers.NUMBER: ["198704202392"]},
    {COORDINATION_NUMBER: "198704202392"},
    {"sid": 5},
]


@pytest.mark.parametrize("lie", LIES, ids=str)
def test_an_id_token_that_is_not_right_in_every_part_signs_nobody_in(
    page: Page, liar: Liar, lie: dict[str, Any]
) -> None:
    liar.claims = lie
    assert_refused(page, liar)


def test_an_id_token_without_a_signature_signs_nobody_in(page: Page, liar: Liar) -> None:
    liar.algorithm = "none"
    assert_refused(page, liar)


def test_an_id_token_signed_by_somebody_else_signs_nobody_in(page: Page, liar: Liar) -> None:
    liar.signer = RSAKey.generate_key(2048, auto_kid=True)
    assert_refused(page, liar)


def test_an_id_token_signed_with_what_the_portal_itself_knows_signs_nobody_in(page: Page, liar: Liar) -> None:
    liar.algorithm, liar.signer = "HS256", OctKey.import_key("test-secret-personal")
    liar.metadata = {"id_token_signing_alg_values_supported": ["HS256", "RS256"]}
    assert_refused(page, liar)


@pytest.mark.parametrize("information", [{"sub": "samir"}, {"sub": None}, {"sub": 5}])
def test_user_information_about_somebody_else_signs_nobody_in(
    page: Page, liar: Liar, information: dict[str, Any]
) -> None:
    liar.information = information
    assert_refused(page, liar)


@pytest.mark.parametrize("iss", [None, "https://evil.example", ""])
def test_a_callback_from_another_provider_signs_nobody_in(page: Page, liar: Liar, iss: str | None) -> None:
    assert_refused(page, liar, iss=iss)


def test_a_key_that_was_changed_is_fetched_anew(page: Page, liar: Liar) -> None:
    liar.come_back(page, 303)
    liar.key = RSAKey.generate_key(2048, auto_kid=True)
    assert liar.come_back(page, 303).location == "/handlaggning/"


def test_signing_out_works_when_the_provider_is_gone(page: Page, liar: Liar, httpserver: HTTPServer) -> None:
    shown = page.follow(liar.come_back(page, 303), 403)
    assert page.submit(shown, "form[action='/logga-ut']").location == "/utloggad"
    assert page.get("/utloggad").h1 == "Du är utloggad"
    assert steps.count("sign_in") == 0
