"""All about me: the page, and the copy as JSON and PDF, after a fresh sign-in."""

import json
from collections.abc import Callable

import pytest
from flask import Flask

from portal.identity.actors import Citizen
from portal.web import pdf
from portal.web.mina_sidor import about_me_views
from tests import factories, files
from tests.page import Page
from tests.web import steps
from tests.web.attachments.posting import handle_of, post

SignedIn = Callable[[Citizen], Page]


@pytest.fixture
def maria(app: Flask, travel: steps.Travel, citizen_page: SignedIn) -> Page:
    """The browser of Maria, who was identified a moment ago and has two cases."""
    with app.app_context():
        for subject in ("Första", "Andra"):
            factories.send_as(factories.citizen(), subject=subject)
    return citizen_page(factories.citizen())


def test_the_page_says_what_is_in_the_copy_and_what_is_not(maria: Page) -> None:
    page = maria.get(maria.get("/mina-sidor").links["Allt om mig"])
    assert "Vem som har öppnat dina ärenden: roll, enhet och tid." in page.text
    assert "Anteckningar som bara är för personal" in page.text
    assert page.links["Hämta som JSON"] == "/mina-sidor/allt-om-mig.json"


def test_the_json_is_whole_a_download_and_never_cached(maria: Page) -> None:
    response = maria.get("/mina-sidor/allt-om-mig.json").response
    held = json.loads(response.text)
    assert [case["subject"] for case in held["cases"]] == ["Andra", "Första"]
    assert held["person"]["name"] == "Maria"
    assert len(held["left_out"]) == 9
    assert response.headers["Cache-Control"] == "no-store"
    assert response.headers["Content-Disposition"] == "attachment; filename=allt-om-mig-2026-05-04.json"


def test_a_draft_names_its_files_and_never_their_handles(
    maria: Page, monkeypatch: pytest.MonkeyPatch
) -> None:
    written = {"subject": "Lampan", "body": "Den är trasig.", "reply_by": "portal", "notify_by": "none"}
    form = post(
        maria,
        maria.get("/lamna/felanmalan"),
        written | {"add_files": "1"},
        ("a.png", files.picture("PNG")),
        status=200,
    )
    handle = handle_of(form)
    changes = {**written, f"alt_{handle}": "Ett A"}
    maria.submit(form, "#formular", changes=changes, button="Spara utkast")
    text = maria.get("/mina-sidor/allt-om-mig.json").response.text
    [draft] = json.loads(text)["person"]["drafts"]
    assert draft["files"] == [{"name": "a.png", "description": "Ett A"}]
    pages: list[str] = []
    monkeypatch.setattr(pdf, "available", lambda: True)
    monkeypatch.setattr(pdf, "render_pdf", lambda html: pages.append(html) or b"%PDF-")
    maria.get("/mina-sidor/allt-om-mig.pdf")
    assert all(
        line in pages[0] for line in ("Rubrik: Lampan\n", "Det du skrev: Den är trasig.\nFiler: a.png")
    )
    assert handle not in text + pages[0]
    assert "portal\n" not in pages[0]


def test_a_person_without_cases_has_a_copy_too(travel: steps.Travel, citizen_page: SignedIn) -> None:
    yusuf = citizen_page(factories.citizen("yusuf"))
    assert json.loads(yusuf.get("/mina-sidor/allt-om-mig.json").response.text)["cases"] == []


@pytest.mark.parametrize("kind", ["json", "pdf"])
def test_an_old_sign_in_leads_to_a_fresh_one(maria: Page, travel: steps.Travel, kind: str) -> None:
    travel.shift(16 * 60)
    refused = maria.get(f"/mina-sidor/allt-om-mig.{kind}", 403)
    assert "nasta=/mina-sidor/allt-om-mig" in refused.links["Logga in igen"]


@pytest.mark.skipif(not pdf.available(), reason="WeasyPrint is not installed")
def test_the_pdf_is_made(maria: Page) -> None:
    response = maria.get("/mina-sidor/allt-om-mig.pdf").response
    assert response.data.startswith(b"%PDF-")
    assert response.headers["Cache-Control"] == "no-store"


def test_the_pdf_has_the_newest_cases_that_there_is_room_for(
    maria: Page, monkeypatch: pytest.MonkeyPatch
) -> None:
    pages: list[str] = []
    monkeypatch.setattr(pdf, "available", lambda: True)
    monkeypatch.setattr(pdf, "render_pdf", lambda html: pages.append(html) or b"%PDF-")
    maria.get("/mina-sidor/allt-om-mig.pdf")
    monkeypatch.setattr(about_me_views, "MAX_PDF_CASES", 1)
    maria.get("/mina-sidor/allt-om-mig.pdf")
    whole, cut = pages
    assert "Första" in whole
    assert "Första" not in cut
    assert "Alla finns i filen som du hämtar som JSON." in cut
    assert factories.CITIZENS["maria"] in cut


def test_a_pdf_that_fails_says_what_to_do(maria: Page, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pdf, "available", lambda: True)
    monkeypatch.setattr(pdf, "render_pdf", fail)
    page = maria.get("/mina-sidor/allt-om-mig.pdf", 503)
    assert "hämta filen som JSON" in page.text
    monkeypatch.setattr(pdf, "available", lambda: False)
    assert maria.get("/mina-sidor/allt-om-mig.pdf", 404).links["Tillbaka"] == "/mina-sidor/allt-om-mig"


def fail(_html: str) -> bytes:
    raise pdf.PdfFailed("timeout")
