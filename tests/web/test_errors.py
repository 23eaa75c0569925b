"""What goes wrong gets a kind page that tells nothing of what is inside."""

import re
from collections.abc import Callable

import pytest
from flask import Flask

from portal.identity.actors import Citizen
from tests import factories
from tests.page import Document, Page

MakeApp = Callable[..., Flask]
TOKEN = re.compile(r'name="csrf_token"[^>]*>')
OURS = "Något gick fel hos oss"


def assert_kind(shown: Document, heading: str) -> None:
    assert shown.h1 == heading
    assert shown.links["Till start"] == "/"
    # A token is random, and now and then has ".py" in it.
    html = TOKEN.sub("", shown.html).casefold().replace("designsystemet", "")
    for word in ("Traceback", "sqlalchemy", "sqlite", "psycopg", "portal.", "SELECT", ".py", "werkzeug"):
        assert word.casefold() not in html


@pytest.mark.parametrize(
    "path", ["/finns-inte", "/static/finns-inte.css", "/lamna/x", "/%00", "/å", "/%ED%A0%80"]
)
def test_an_address_that_is_none_is_not_found(app: Flask, page: Page, path: str) -> None:
    assert_kind(page.get(path, 404), "Sidan finns inte")


@pytest.mark.parametrize(
    ("method", "path", "allowed"),
    [
        ("POST", "/om", "GET"),
        ("GET", "/logga-ut", "POST"),
        ("PUT", "/", "GET"),
        ("DELETE", "/lamna/fraga", "POST"),
    ],
)
def test_a_method_that_is_not_offered_is_refused_with_those_that_are(
    page: Page, method: str, path: str, allowed: str
) -> None:
    shown = page._open(method, path, 405)
    assert_kind(shown, "Sidan går inte att öppna så här")
    assert allowed in shown.response.headers["Allow"]


def test_an_error_of_ours_tells_nothing_and_goes_to_the_log(
    make_app: MakeApp, caplog: pytest.LogCaptureFixture
) -> None:
    app = make_app()

    @app.get("/trasig")
    def broken() -> str:
        raise RuntimeError("hemligheten")

    shown = Page(app.test_client()).get("/trasig?kod=AAAA", 500)
    assert_kind(shown, OURS)
    assert "hemligheten" not in shown.html
    assert "request.failed" in caplog.text
    assert "RuntimeError" in caplog.text
    assert "hemligheten" not in caplog.text
    assert "AAAA" not in caplog.text


def test_a_page_that_is_not_found_keeps_the_menu_of_who_is_signed_in(
    page: Page, citizen_page: Callable[[Citizen], Page]
) -> None:
    assert "Mina sidor" not in page.get("/finns-inte", 404).links
    shown = citizen_page(factories.citizen()).get("/finns-inte", 404)
    assert shown.links["Mina sidor"] == "/mina-sidor"
    assert "Logga ut" in [button.get_text(strip=True) for button in shown.all("header button")]
