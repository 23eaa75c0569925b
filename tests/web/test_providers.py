"""Several providers, each with its own way back, and the ways in which we prove to them who we are."""

import base64
import json
from collections.abc import Callable
from pathlib import Path

import pytest
from authlib.oauth2.rfc7523.client import ASSERTION_TYPE
from flask import Flask
from joserfc import jwt
from joserfc.jwk import KeySet
from pytest_httpserver import HTTPServer

from portal.identity.oidc import client_keys
from tests.page import Page
from tests.web import providers, steps
from tests.web.providers import Liar

MakeApp = Callable[..., Flask]
PREFIX = "https://id.oidc.se/claim"
MORE = """
[medborgare]
label = "BankID"
[freja]
audience = "medborgare"
label = "Freja"
issuer = "{issuer}"
client_id = "{client}"
client_secret = "hemlig:het&mer"
{more}
acr = "http://id.elegnamnden.se/loa/1.0/loa3"
[entra]
audience = "personal"
label = "Entra"
issuer = "https://entra.example"
client_id = "kontakt"
client_secret = "hemlighet"
acr = "http://id.elegnamnden.se/loa/1.0/loa3"
"""


@pytest.fixture
def liar(httpserver: HTTPServer) -> Liar:
    return Liar(httpserver, "freja", client="kontakt åäö")


@pytest.fixture
def many(make_app: MakeApp, tmp_path: Path, liar: Liar) -> Callable[..., Page]:
    """A browser at a portal with two providers for citizens and two for staff."""

    def made(more: str = "", **settings: str) -> Page:
        file = tmp_path / "providers.toml"
        file.write_text(MORE.format(issuer=liar.issuer, client=liar.client, more=more), encoding="utf-8")
        return Page(make_app(oidc_providers=str(file), **settings).test_client())

    return made


def test_whoever_has_several_to_choose_from_is_asked(many: Callable[..., Page]) -> None:
    page = many()
    shown = page.follow(page.get("/mina-sidor/uppgifter", 303))
    assert shown.h1 == "Logga in"
    assert shown.links["Logga in med BankID"] == "/logga-in/medborgare?nasta=/mina-sidor/uppgifter"
    assert shown.links["Logga in med Freja"] == "/logga-in/freja?nasta=/mina-sidor/uppgifter"
    assert shown.links["Logga in som personal med Entra"] == "/logga-in/entra"


def test_each_has_a_way_back_of_its_own_and_lets_people_in_as_what_it_is_for(
    many: Callable[..., Page], liar: Liar
) -> None:
    page = many()
    assert liar.begin(page)["redirect_uri"] == f"{providers.PORTAL}/logga-in/freja/aterkomst"
    assert liar.come_back(page, 303).location == "/mina-sidor"
    assert page.get("/mina-sidor").text_of(".who") == "Anna Lindqvist"
    page.get("/handlaggning/", 303)


def test_an_answer_of_one_is_no_answer_of_another(many: Callable[..., Page], liar: Liar) -> None:
    page = many()
    back = liar.way_back(liar.begin(page)["state"])
    for other in ("medborgare", "personal", "entra"):
        page.get(back.replace("/freja/", f"/{other}/"), 400)
    assert steps.count("sign_in") == 0


def test_a_session_of_a_provider_that_is_gone_opens_nothing(
    many: Callable[..., Page], liar: Liar, make_app: MakeApp
) -> None:
    page = many()
    liar.come_back(page, 303)
    page.client.application = make_app()
    page.get("/mina-sidor", 303)
    page.get("/handlaggning/", 303)


def test_our_secret_is_written_as_the_standard_says(many: Callable[..., Page], liar: Liar) -> None:
    liar.come_back(many(), 303)
    asked = next(each for each in liar.asked if each.path == "/token")
    kind, given = asked.headers["Authorization"].split(" ")
    assert (kind, base64.b64decode(given)) == ("Basic", b"kontakt+%C3%A5%C3%A4%C3%B6:hemlig%3Ahet%26mer")
    assert "client_secret" not in asked.form
    assert {"code", "code_verifier", "redirect_uri", "grant_type"} == set(asked.form)


def asserted(liar: Liar, keys: KeySet) -> jwt.Token:
    """The newest proof that we sent."""
    asked = [each for each in liar.asked if each.path == "/token"][-1]
    assert asked.form["client_assertion_type"] == ASSERTION_TYPE
    assert (asked.form["client_id"], "Authorization" in asked.headers) == (liar.client, False)
    return jwt.decode(asked.form["client_assertion"], keys, algorithms=["ES256"])


def published(page: Page) -> KeySet:
    return KeySet.import_key_set(page.get("/.well-known/jwks.json").response.get_json())


@pytest.mark.parametrize("audience", ["issuer", "token_endpoint"])
def test_our_key_proves_who_we_are_and_changes_while_we_run(
    many: Callable[..., Page], liar: Liar, tmp_path: Path, audience: str
) -> None:
    proof = f'auth = "private_key_jwt"\nassertion_audience = "{audience}"'
    page = many(proof, oidc_client_keys=str(tmp_path / "keys.json"))
    first = client_keys.add("ES256")
    liar.come_back(page, 303)
    said = asserted(liar, published(page))
    expected = {"issuer": liar.issuer, "token_endpoint": f"{liar.issuer}/token"}[audience]
    assert (said.header["kid"], said.claims["aud"], said.claims["iss"]) == (first, expected, liar.client)
    second = client_keys.add("ES256")
    client_keys.use(second)
    liar.come_back(page, 303)
    again = asserted(liar, published(page))
    assert again.header["kid"] == second
    assert again.claims["jti"] != said.claims["jti"]


def test_without_a_key_nobody_is_signed_in_and_the_page_is_kind(
    many: Callable[..., Page], liar: Liar, tmp_path: Path
) -> None:
    page = many('auth = "private_key_jwt"', oidc_client_keys=str(tmp_path / "keys.json"))
    assert liar.come_back(page, 400).h1 == "Det gick inte att logga in"
    assert liar.asked_for("token") == 0


def test_what_is_asked_for_is_what_the_profile_wants(many: Callable[..., Page], liar: Liar) -> None:
    liar.metadata = {"https://id.oidc.se/disco/userMessageSupported": True}
    page = many("max_age = 60")
    asked = liar.begin(page)
    claims = json.loads(asked["claims"])
    assert claims["id_token"]["acr"] == {"essential": True, "values": [providers.LOA3]}
    assert claims["id_token"]["auth_time"] == {"essential": True}
    assert f"{PREFIX}/previousCoordinationNumber" in claims["id_token"]
    assert f"{PREFIX}/coordinationNumberLevel" in claims["userinfo"]
    assert "acr_values" not in asked
    assert (asked["response_type"], asked["prompt"], asked["max_age"]) == ("code", "login", "60")
    message = json.loads(asked["https://id.oidc.se/param/userMessage"])
    assert base64.b64decode(message["message#sv"]).decode() == "Du loggar in på Kontakt Burlöv."
    assert (message["message"], message["mime_type"]) == (message["message#sv"], "text/plain")


def test_the_providers_pages_speak_the_language_of_ours_and_show_no_message_that_they_cannot(
    many: Callable[..., Page], liar: Liar
) -> None:
    page = many()
    page.get("/sprak/en", 303)
    asked = liar.begin(page)
    assert asked["ui_locales"] == "en"
    assert "https://id.oidc.se/param/userMessage" not in asked


def test_a_provider_may_have_a_list_of_algorithms_of_its_own(many: Callable[..., Page], liar: Liar) -> None:
    page = many('algorithms = ["ES256"]')
    assert liar.come_back(page, 400).h1 == "Det gick inte att logga in"


def test_the_public_halves_of_our_keys_are_published(many: Callable[..., Page], tmp_path: Path) -> None:
    page = many(oidc_client_keys=str(tmp_path / "keys.json"))
    assert page.get("/.well-known/jwks.json").response.get_json() == {"keys": []}
    kid = client_keys.add("ES256")
    answer = page.get("/.well-known/jwks.json").response
    assert [key["kid"] for key in answer.get_json()["keys"]] == [kid]
    assert "d" not in answer.get_json()["keys"][0]
