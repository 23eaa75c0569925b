"""Static files: kept for good under an address that names their content, and sent compressed."""

import gzip
import re

import pytest
from flask import Flask
from flask.testing import FlaskClient

from portal.web.operations.static_files import fingerprint
from tests.architecture.tree import ROOT
from tests.page import Page

FONTS = ROOT / "static/vendor/fonts"
IMMUTABLE = {"public", "max-age=31536000", "immutable"}


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    return app.test_client()


def kept_as(header: str) -> set[str]:
    return set(header.split(", "))


def addresses(page: Page) -> list[str]:
    tags = page.get("/").all("link[href^='/static/'], script[src^='/static/']")
    return [str(tag.get("href") or tag.get("src")) for tag in tags]


def test_every_static_file_of_a_page_may_be_kept_for_good(page: Page, client: FlaskClient) -> None:
    found = addresses(page)
    assert len(found) >= 5
    for address in found:
        answer = client.get(address, buffered=True)
        assert answer.status_code == 200, address
        assert kept_as(answer.headers["Cache-Control"]) == IMMUTABLE, address


@pytest.mark.parametrize("query", ["", "?v=", "?v=000000000000"])
def test_under_another_address_it_is_kept_for_an_hour(client: FlaskClient, query: str) -> None:
    answer = client.get(f"/static/kontakt.css{query}", buffered=True)
    assert kept_as(answer.headers["Cache-Control"]) == {"public", "max-age=3600"}


def test_a_browser_that_has_it_is_not_sent_it_again(client: FlaskClient) -> None:
    for accepted in ("gzip", "identity"):
        first = client.get("/static/kontakt.css", headers={"Accept-Encoding": accepted}, buffered=True)
        has = {"Accept-Encoding": accepted, "If-None-Match": first.headers["ETag"]}
        again = client.get("/static/kontakt.css", headers=has, buffered=True)
        assert (again.status_code, again.data) == (304, b"")


def test_text_is_compressed_for_a_browser_that_takes_it(client: FlaskClient) -> None:
    plain = client.get("/static/kontakt.css", buffered=True)
    zipped = client.get("/static/kontakt.css", headers={"Accept-Encoding": "gzip, br"}, buffered=True)
    assert "Content-Encoding" not in plain.headers
    assert zipped.headers["Content-Encoding"] == "gzip"
    assert zipped.headers["Vary"] == plain.headers["Vary"] == "Accept-Encoding"
    assert zipped.headers["ETag"] != plain.headers["ETag"]
    assert gzip.decompress(zipped.data) == plain.data == (ROOT / "static/kontakt.css").read_bytes()
    assert len(zipped.data) < len(plain.data) / 3


def test_a_font_is_sent_as_it_is(client: FlaskClient) -> None:
    for font in FONTS.glob("*.woff2"):
        answer = client.get(
            f"/static/vendor/fonts/{font.name}", headers={"Accept-Encoding": "gzip"}, buffered=True
        )
        assert answer.data == font.read_bytes()
        assert "Content-Encoding" not in answer.headers


@pytest.mark.parametrize(
    "path", ["../wsgi.py", "..%2fwsgi.py", "%2e%2e/wsgi.py", "vendor", "x" * 5000, "%00"]
)
def test_nothing_else_is_served(client: FlaskClient, path: str) -> None:
    assert client.get(f"/static/{path}", buffered=True).status_code == 404


def test_the_style_sheet_names_the_fonts_by_their_content_and_the_page_loads_the_same(page: Page) -> None:
    named = re.findall(r'url\("([^"?]+)\?v=([0-9a-f]+)"\)', (FONTS / "fonts.css").read_text())
    assert dict(named) == {font.name: fingerprint(font) for font in FONTS.glob("*.woff2")}
    loaded = [str(link["href"]) for link in page.get("/").all("link[rel=preload]")]
    of_sheet = {f"/static/vendor/fonts/{name}?v={version}" for name, version in named}
    assert len(loaded) == 2
    assert set(loaded) < of_sheet
