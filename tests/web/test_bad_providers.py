"""A provider is down, slow, or answers nonsense or lies: a kind page, nobody signed in, and no restart.

All of it at the staff's door and at the citizens'; after each of them an honest sign-in works.
"""

import logging
import re
import time
import warnings
from collections.abc import Callable, Iterator
from pathlib import Path
from threading import Event
from typing import Any

import pytest
import time_machine
from flask import Flask
from joserfc.jwk import ECKey, RSAKey
from pytest_httpserver import HTTPServer
from werkzeug import Request, Response

from portal.identity.oidc import http as oidc_http
from tests.bad_claims import BAD_CLAIMS, COORDINATION_NUMBER, FORGIVEN, LEVEL, NOW
from tests.conftest import copied
from tests.page import Page
from tests.running import free_port
from tests.web import providers, steps
from tests.web.providers import Liar

MakeApp = Callable[..., Flask]
KIND = "Det gick inte att logga in"
TOO_LOW = "Din e-legitimation räcker inte"
NONSENSE = [
    Response("<html><h1>Driftstopp</h1>", 200, content_type="text/html"),
    Response("{", 200, content_type="application/json"),
    Response(b"\xff\xfe", 200, content_type="application/json"),
    *(providers.as_json(body) for body in ([], [1], "text", 5, None, {}, {"keys": 5}, {"error": "stängt"})),
    Response("[" * 100_000, 200, content_type="application/json"),
    Response("x" * (oidc_http.MAX_BYTES + 1), 200, content_type="application/json"),
    Response("Internal Server Error", 500),
    Response("", 204),
    Response("", 302, {"Location": "/.well-known/openid-configuration"}),
]


@pytest.fixture
def database_url(sqlite_template: Path) -> str:
    """One database is enough: nothing here gets as far as a query of its own."""
    return copied(sqlite_template)


@pytest.fixture(params=["personal", "medborgare"])
def liar(request: pytest.FixtureRequest, httpserver: HTTPServer) -> Liar:
    return Liar(httpserver, request.param)


def settings_of(liar: Liar) -> dict[str, str]:
    """Settings that make it the provider at its door."""
    audience = {"personal": "staff", "medborgare": "citizen"}[liar.door]
    return {f"oidc_{audience}_issuer": liar.issuer}


@pytest.fixture
def page(make_app: MakeApp, liar: Liar) -> Page:
    """A browser at a portal where one signs in there."""
    return Page(make_app(**settings_of(liar)).test_client())


def assert_refused(
    page: Page, liar: Liar, heading: str = KIND, honest: bool = True, **changes: str | None
) -> None:
    assert liar.come_back(page, 400, **changes).h1 == heading
    assert (steps.count("sign_in"), steps.count("person")) == (0, 0)
    if honest:
        assert_honest(page, liar)


def assert_honest(page: Page, liar: Liar) -> None:
    liar.honest()
    assert liar.come_back(page, 303).location == liar.home


def test_one_that_tells_the_truth_signs_people_in(page: Page, liar: Liar) -> None:
    assert liar.come_back(page, 303).location == liar.home
    assert (steps.count("sign_in"), steps.count("person")) == (1, 1)


def test_one_that_is_down_gives_a_kind_page(make_app: MakeApp, liar: Liar) -> None:
    audience = next(iter(settings_of(liar)))
    page = Page(make_app(**{audience: f"http://127.0.0.1:{free_port()}"}).test_client())
    shown = page.get(f"/logga-in/{liar.door}", 400)
    assert (shown.h1, "Felet är inte ditt." in shown.text) == (KIND, True)
    assert shown.links["Försök igen"] == f"/logga-in/{liar.door}"


@pytest.fixture
def silence() -> Iterator[Event]:
    """What a slow provider waits for: the end of the test."""
    over = Event()
    yield over
    over.set()


def test_one_that_is_slow_is_given_up_in_time_and_nobody_else_waits_for_it(
    page: Page, liar: Liar, silence: Event, monkeypatch: pytest.MonkeyPatch
) -> None:
    def wait(_request: Request) -> Response:
        silence.wait(10)
        return Response("", 200)

    liar.server.clear()
    liar.server.expect_request("/.well-known/openid-configuration").respond_with_handler(wait)
    assert oidc_http.SECONDS <= 5
    monkeypatch.setattr(oidc_http, "SECONDS", 0.2)
    assert page.get(f"/logga-in/{liar.door}", 400).h1 == KIND
    # A second request would wait that long.
    monkeypatch.setattr(oidc_http, "SECONDS", 5)
    began = time.monotonic()
    assert page.get(f"/logga-in/{liar.door}", 400).h1 == KIND
    assert time.monotonic() - began < 4
    silence.set()


def test_one_that_answers_a_little_at_a_time_is_given_up_too(
    page: Page, liar: Liar, silence: Event, monkeypatch: pytest.MonkeyPatch
) -> None:
    def drip(_request: Request) -> Response:
        return Response((b" " for _each in range(50) if not silence.wait(0.1)), 200)

    liar.server.clear()
    liar.server.expect_request("/.well-known/openid-configuration").respond_with_handler(drip)
    monkeypatch.setattr(oidc_http, "SECONDS", 0.3)
    began = time.monotonic()
    assert page.get(f"/logga-in/{liar.door}", 400).h1 == KIND
    assert time.monotonic() - began < 2
    silence.set()


def test_nonsense_instead_of_its_description_is_a_kind_page_and_forgotten_when_it_is_well(
    page: Page, liar: Liar
) -> None:
    for nonsense in NONSENSE:
        liar.answers["openid-configuration"] = nonsense
        assert page.get(f"/logga-in/{liar.door}", 400).h1 == KIND
    assert_honest(page, liar)


@pytest.mark.parametrize("end", ["jwks", "token", "userinfo"])
def test_nonsense_on_the_way_back_is_a_kind_page_and_forgotten_when_it_is_well(
    page: Page, liar: Liar, end: str
) -> None:
    for nonsense in NONSENSE:
        liar.answers[end] = nonsense
        assert_refused(page, liar, honest=False)
    assert_honest(page, liar)


DESCRIPTIONS: list[dict[str, Any]] = [
    *({"issuer": issuer} for issuer in ("https://evil.example", "", 5, ["x"])),
    *({"jwks_uri": address} for address in (None, "", 5, "file:///etc/passwd", "//evil.example", "jwks")),
    *({name: "javascript:alert(1)"} for name in ("authorization_endpoint", "end_session_endpoint")),
    *({name: "http:///x"} for name in ("token_endpoint", "userinfo_endpoint")),
]


@pytest.mark.parametrize("told", DESCRIPTIONS, ids=str)
def test_a_description_of_another_issuer_or_without_addresses_is_refused_and_read_again(
    page: Page, liar: Liar, told: dict[str, Any]
) -> None:
    liar.metadata = told
    assert page.get(f"/logga-in/{liar.door}", 400).h1 == KIND
    assert_honest(page, liar)


def test_an_id_token_that_is_not_right_in_every_part_signs_nobody_in(page: Page, liar: Liar) -> None:
    with time_machine.travel(NOW, tick=False):
        for lie in BAD_CLAIMS:
            liar.claims = lie
            assert liar.come_back(page, 400).h1 == KIND, lie
        assert (steps.count("sign_in"), steps.count("person")) == (0, 0)
        assert_honest(page, liar)


def test_clocks_may_differ_by_a_minute_and_what_is_optional_may_be_missing(page: Page, liar: Liar) -> None:
    with time_machine.travel(NOW, tick=False):
        for told in FORGIVEN:
            liar.claims = told
            assert liar.come_back(page, 303).location == liar.home, told


def test_an_audience_may_be_a_list_of_us_alone(page: Page, liar: Liar) -> None:
    liar.claims = {"aud": [liar.client], "azp": liar.client}
    assert liar.come_back(page, 303).location == liar.home


@pytest.mark.parametrize(
    "acr", ["http://id.elegnamnden.se/loa/1.0/loa2", "https://id.swedenconnect.se/loa/loa3", None, ""]
)
def test_a_level_of_assurance_that_is_too_low_or_missing_is_explained(
    page: Page, liar: Liar, acr: str | None
) -> None:
    liar.claims = {"acr": acr}
    assert_refused(page, liar, TOO_LOW)


def test_an_id_token_without_a_signature_signs_nobody_in(page: Page, liar: Liar) -> None:
    liar.algorithm = "none"
    liar.metadata = {"id_token_signing_alg_values_supported": ["none", "RS256"]}
    assert_refused(page, liar)


def test_an_id_token_signed_by_somebody_else_signs_nobody_in(page: Page, liar: Liar) -> None:
    liar.signer = RSAKey.generate_key(2048, auto_kid=True)
    assert_refused(page, liar)


@pytest.mark.parametrize("secret", ["client secret", "public key"])
def test_an_id_token_signed_with_what_everybody_or_the_portal_itself_knows_signs_nobody_in(
    page: Page, liar: Liar, secret: str
) -> None:
    known = (
        f"test-secret-{liar.door}".encode() if secret == "client secret" else liar.key.as_pem(private=False)
    )
    liar.algorithm, liar.signer = "HS256", known
    liar.metadata = {"id_token_signing_alg_values_supported": ["HS256", "RS256"]}
    assert_refused(page, liar)


HEADERS: list[dict[str, Any]] = [
    {"kid": "unknown"},
    {"kid": 5},
    {"crit": ["exp"], "exp": 1},
    {"alg": "ES256"},
    {"jku": "https://evil.example/jwks", "kid": "theirs"},
]


@pytest.mark.parametrize("header", HEADERS, ids=str)
def test_a_header_that_leads_astray_signs_nobody_in(page: Page, liar: Liar, header: dict[str, Any]) -> None:
    honest = liar.sign
    token = f"{providers.part({'alg': 'RS256', 'kid': liar.key.kid} | header)}.{honest({}).split('.', 1)[1]}"
    liar.answers["token"] = providers.as_json({"access_token": "access", "id_token": token})
    assert_refused(page, liar)


KEYS: list[Any] = [
    [],
    [5, None, "x", {}],
    [{"kty": "oct", "k": "dGVzdC1zZWNyZXQtcGVyc29uYWw"}],
    [{"kty": "RSA", "n": "AQAB", "e": "AQAB"}],
    [providers.KEY.as_dict(private=False) | {"use": "enc"}],
    [providers.KEY.as_dict(private=False) | {"alg": "PS256"}],
]


@pytest.mark.parametrize(
    "keys", KEYS, ids=["none", "things", "oct", "tiny", "for encryption", "for another algorithm"]
)
def test_keys_of_garbage_sign_nobody_in(page: Page, liar: Liar, keys: list[Any]) -> None:
    liar.answers["jwks"] = providers.as_json({"keys": keys})
    liar.come_back(page, 400)
    with time_machine.travel(time.time() + 3601):
        assert_honest(page, liar)


def test_garbage_beside_the_right_key_does_no_harm(page: Page, liar: Liar) -> None:
    right = liar.key.as_dict(private=False)
    liar.answers["jwks"] = providers.as_json({"keys": [5, {"kty": "new", "x": 1}, right]})
    assert liar.come_back(page, 303).location == liar.home


def test_a_token_without_a_key_id_is_read_by_the_key_that_fits(page: Page, liar: Liar) -> None:
    liar.header = {"kid": None}
    assert liar.come_back(page, 303).location == liar.home


def test_a_short_key_signs_nobody_in(page: Page, liar: Liar) -> None:
    with warnings.catch_warnings(action="ignore"):
        liar.key = RSAKey.generate_key(1024, auto_kid=True)
        assert liar.come_back(page, 400).h1 == KIND


def test_an_elliptic_key_signs_people_in(page: Page, liar: Liar) -> None:
    liar.key, liar.algorithm = ECKey.generate_key("P-256", auto_kid=True), "ES256"
    liar.claims = {"at_hash": None}
    assert liar.come_back(page, 303).location == liar.home


@pytest.mark.parametrize(
    "tokens",
    [
        {"access_token": "access"},
        {"access_token": "access", "id_token": ""},
        {"access_token": "access", "id_token": 5},
        {"access_token": "access", "id_token": "a.b"},
        {"access_token": "access", "id_token": "a.b.c.d.e"},
        {"access_token": "access", "id_token": "å.ä.ö"},
        {"access_token": "access", "id_token": "a" * 40_000},
        {"id_token": "a.b.c"},
        {"access_token": 5, "id_token": "a.b.c"},
    ],
    ids=lambda tokens: str(tokens)[:60],
)
def test_tokens_that_are_missing_or_too_long_sign_nobody_in(
    page: Page, liar: Liar, tokens: dict[str, Any]
) -> None:
    liar.answers["token"] = providers.as_json(tokens)
    assert_refused(page, liar)


def test_a_right_token_that_is_too_long_signs_nobody_in(page: Page, liar: Liar) -> None:
    liar.claims = {"padding": "a" * 40_000}
    assert_refused(page, liar)


INFORMATION: list[dict[str, Any]] = [
    {"sub": "samir"},
    {"sub": None},
    {"sub": 5},
    {COORDINATION_NUMBER: "191401682396"},
    {providers.NUMBER: "197907262385"},
    {providers.NUMBER: "198704202393"},
    {LEVEL: "sure"},
    {"name": {"x": 1}},
]


@pytest.mark.parametrize("signed", [False, True], ids=["plain", "signed"])
@pytest.mark.parametrize("information", INFORMATION, ids=str)
def test_user_information_about_somebody_else_or_with_bad_numbers_signs_nobody_in(
    page: Page, liar: Liar, information: dict[str, Any], signed: bool
) -> None:
    liar.information, liar.signed_information = information, signed
    assert_refused(page, liar)


def test_signed_user_information_is_read(page: Page, liar: Liar) -> None:
    liar.signed_information = True
    shown = page.follow(liar.come_back(page, 303), 403 if liar.door == "personal" else 200)
    assert shown.text_of(".who") == "Anna Lindqvist"


SIGNED_LIES = [{"iss": "https://evil.example"}, {"aud": "somebody-else"}, {"iss": None}, {"aud": None}]


@pytest.mark.parametrize("lie", [*SIGNED_LIES, {"exp": 1}, {"nbf": 4_000_000_000}], ids=str)
def test_signed_user_information_for_somebody_else_signs_nobody_in(
    page: Page, liar: Liar, lie: dict[str, Any]
) -> None:
    liar.signed_information, liar.information = True, lie
    assert_refused(page, liar)


@pytest.mark.parametrize("how", ["other key", "none"])
def test_user_information_that_the_provider_has_not_signed_signs_nobody_in(
    page: Page, liar: Liar, how: str
) -> None:
    liar.algorithm = "none" if how == "none" else "RS256"
    liar.signer = RSAKey.generate_key(2048, auto_kid=True)
    told = liar.sign({"sub": "anna", "iss": liar.issuer, "aud": liar.client})
    liar.honest()
    liar.answers["userinfo"] = Response(told, 200, content_type="application/jwt")
    assert_refused(page, liar)


def test_a_provider_without_userinfo_signs_people_in(page: Page, liar: Liar) -> None:
    liar.metadata = {"userinfo_endpoint": None}
    assert liar.come_back(page, 303).location == liar.home


@pytest.mark.parametrize("iss", [None, "https://evil.example", ""])
def test_a_callback_from_another_provider_signs_nobody_in_and_spends_no_code(
    page: Page, liar: Liar, iss: str | None
) -> None:
    assert_refused(page, liar, iss=iss, honest=False)
    assert liar.asked_for("token") == 0
    assert_honest(page, liar)


def test_a_provider_that_names_no_issuer_in_its_answers_need_not(page: Page, liar: Liar) -> None:
    liar.metadata = {"authorization_response_iss_parameter_supported": False}
    assert liar.come_back(page, 303, iss=None).location == liar.home


@pytest.mark.parametrize("code", [None, "", "a" * 5000])
def test_a_callback_without_a_code_that_can_be_one_signs_nobody_in(
    page: Page, liar: Liar, code: str | None
) -> None:
    assert_refused(page, liar, code=code)


def test_a_code_that_is_used_twice_signs_nobody_in(page: Page, liar: Liar) -> None:
    back = liar.way_back(liar.begin(page)["state"])
    page.get(back, 303)
    # A reload leads on, and is no second sign-in.
    assert page.get(back, 303).location == liar.home
    assert steps.count("sign_in") == 1
    page.client.delete_cookie("kontakt")
    assert page.get(back, 400).h1 == KIND
    liar.answers["token"] = providers.as_json({"error": "invalid_grant"}, 400)
    assert liar.come_back(page, 400).h1 == KIND
    assert steps.count("sign_in") == 1
    assert_honest(page, liar)


ERRORS = [
    ("access_denied", "Du avbröt inloggningen"),
    ("unmet_authentication_requirements", TOO_LOW),
    ("login_required", KIND),
    ("interaction_required", KIND),
    ("<script>", KIND),
    ("", KIND),
]


@pytest.mark.parametrize(("error", "heading"), ERRORS)
def test_an_error_of_the_provider_is_explained_and_its_own_words_are_never_shown(
    page: Page, liar: Liar, error: str, heading: str, caplog: pytest.LogCaptureFixture
) -> None:
    told = {"error": error, "error_description": "Personen 19870420-2392 <b>avbröt</b>\r\nINFO allt är väl"}
    state = liar.begin(page)["state"]
    shown = page.get(liar.way_back(state, **told), 400)
    assert shown.h1 == heading
    assert "Personen" not in shown.text
    assert "870420" not in caplog.text
    assert len([line for line in caplog.text.splitlines() if "sign_in.failed" in line]) == 1
    assert liar.asked_for("token") == 0
    assert_honest(page, liar)


@pytest.mark.parametrize("state", [None, "gissad", ""])
def test_an_error_that_nobody_waits_for_leaves_the_sign_in_that_is_under_way(
    page: Page, liar: Liar, state: str | None
) -> None:
    waiting = liar.begin(page)["state"]
    told: dict[str, str | None] = {"error": "access_denied", "code": None, "state": state}
    assert page.get(liar.way_back("", **told), 400).h1 == KIND
    assert page.get(liar.way_back(waiting), 303).location == liar.home


def test_an_answer_at_the_other_door_signs_nobody_in(make_app: MakeApp, liar: Liar) -> None:
    liar.client, issuers = "same", dict.fromkeys(("oidc_staff_issuer", "oidc_citizen_issuer"), liar.issuer)
    clients = dict.fromkeys(("oidc_staff_client_id", "oidc_citizen_client_id"), "same")
    page = Page(make_app(**issuers, **clients).test_client())
    other = {"personal": "medborgare", "medborgare": "personal"}[liar.door]
    back = liar.way_back(liar.begin(page)["state"]).replace(f"/{liar.door}/", f"/{other}/")
    assert page.get(back, 400).h1 == KIND
    assert steps.count("sign_in") == 0
    assert_honest(page, liar)


def test_why_nobody_was_signed_in_is_logged_without_who(
    page: Page, liar: Liar, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    with time_machine.travel(NOW, tick=False):
        for lie in BAD_CLAIMS:
            liar.claims = lie
            liar.come_back(page, 400)
    lines = [record.msg for record in caplog.records if record.name.startswith("portal.")]
    failed = [line for line in lines if line["event"] == "sign_in.failed"]
    assert len(failed) == len(BAD_CLAIMS)
    assert {line["provider"] for line in failed} == {liar.door}
    assert [line for line in failed if not re.fullmatch("wrong [a-z ,-]+", line["reason"])] == []
    told = list(map(str, lines))
    assert not re.search(r"anna|870420|\bcode\b=|state=", " ".join(told))


def test_a_key_that_was_changed_is_fetched_anew_but_not_at_every_strangers_wish(
    page: Page, liar: Liar
) -> None:
    liar.come_back(page, 303)
    liar.key = RSAKey.generate_key(2048, auto_kid=True)
    assert liar.come_back(page, 303).location == liar.home
    before = liar.asked_for("jwks")
    liar.signer, liar.header = RSAKey.generate_key(2048), {"kid": "unknown"}
    for _each in range(3):
        liar.come_back(page, 400)
    assert liar.asked_for("jwks") == before


def test_what_it_tells_of_itself_is_asked_for_once_an_hour(page: Page, liar: Liar) -> None:
    with time_machine.travel(NOW, tick=False) as clock:
        for _each in range(3):
            liar.come_back(page, 303)
        assert (liar.asked_for("openid-configuration"), liar.asked_for("jwks")) == (1, 1)
        clock.shift(3601)
        liar.come_back(page, 303)
        assert (liar.asked_for("openid-configuration"), liar.asked_for("jwks")) == (2, 2)


def test_a_provider_that_lives_elsewhere_than_its_name_says_is_reached_by_a_page_of_its_own(
    page: Page, liar: Liar
) -> None:
    liar.metadata = {"end_session_endpoint": "http://elsewhere.invalid/end"}
    shown = page.follow(liar.come_back(page, 303), 403 if liar.door == "personal" else 200)
    onward = page.submit(shown, "form[action='/logga-ut']", status=200)
    link = onward.links["Fortsätt till inloggningstjänsten"]
    assert link.startswith("http://elsewhere.invalid/end?client_id=")
    assert "id_token" not in link
    assert onward.find("meta[http-equiv='refresh']")["content"] == f"0; url={link}"
    assert steps.count("sign_in") == 0


def test_signing_out_works_when_the_provider_is_gone(page: Page, liar: Liar) -> None:
    shown = page.follow(liar.come_back(page, 303), 403 if liar.door == "personal" else 200)
    assert page.submit(shown, "form[action='/logga-ut']").location == "/utloggad"
    assert page.get("/utloggad").h1 == "Du är utloggad"
    assert steps.count("sign_in") == 0
