"""What a sender saves: the receipt as a PDF, and the promised days as a calendar file."""

import re

import pytest
from flask import Flask

from portal.cases.intake.submission import Receipt
from portal.cases.lifecycle import Action
from portal.web import pdf
from tests import factories
from tests.cases import do
from tests.page import Document, Page
from tests.web import steps

DATED = {"ics": "Lägg datumet i din kalender", "pdf": "Spara kvittot som pdf"}


def test_the_receipt_is_saved_as_a_pdf_that_no_cache_keeps(page: Page) -> None:
    receipt = steps.send(page)
    answer = page.get(receipt.links[DATED["pdf"]]).response
    assert (answer.mimetype, answer.headers["Cache-Control"]) == ("application/pdf", "no-store")
    assert answer.headers["Referrer-Policy"] == "no-referrer"
    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert answer.data.startswith(b"%PDF-")


def test_it_holds_number_code_days_what_happens_and_the_picture_of_the_address(
    page: Page, monkeypatch: pytest.MonkeyPatch, travel: steps.Travel
) -> None:
    papers: list[str] = []
    monkeypatch.setattr(pdf, "render_pdf", lambda html: papers.append(html) or b"%PDF-")
    receipt = steps.send(page)
    page.get(receipt.links[DATED["pdf"]])
    (paper,) = papers
    assert steps.number_of(receipt) in paper
    assert steps.code_of(receipt).replace("-", " ") in paper
    assert "<svg" in paper
    for text in (
        "Det här händer nu",
        "19\N{NO-BREAK SPACE}maj",
        "Om du tappar koden kan ingen ta fram den igen.",
    ):
        assert text in paper
    assert steps.WRITTEN["subject"] not in paper


def test_no_other_browser_gets_it_and_nor_does_this_one_after_klar(app: Flask, page: Page) -> None:
    receipt = steps.send(page)
    links = [receipt.links[name] for name in DATED.values()]
    for link in links:
        Page(app.test_client()).get(link, 410)
    page.submit(receipt, "form[action^='/kvitto/']")
    for link in links:
        page.get(link, 410)


def test_who_reads_on_mina_sidor_has_no_code_to_save(citizen_page: steps.SignIn) -> None:
    browser = citizen_page(factories.citizen())
    receipt = steps.send(browser, {**steps.WRITTEN, "reply_by": "portal", "notify_by": "none"})
    assert DATED["pdf"] not in receipt.links
    browser.get(f"{receipt.path}/kvitto.pdf", 410)
    assert browser.get(receipt.links[DATED["ics"]]).response.mimetype == "text/calendar"


@pytest.mark.parametrize(
    ("missing", "status", "text"),
    [(True, 404, "Vi gör inga pdf-filer här."), (False, 503, "Vänta en stund och försök igen.")],
)
def test_without_a_pdf_the_page_leads_back_to_the_receipt(
    page: Page, monkeypatch: pytest.MonkeyPatch, missing: bool, status: int, text: str
) -> None:
    receipt = steps.send(page)
    if missing:
        monkeypatch.setattr(pdf, "available", lambda: False)
        assert DATED["pdf"] not in page.get(receipt.path).links
    else:
        monkeypatch.setattr(pdf, "MAX_SECONDS", 0.01)
    shown = page.get(f"{receipt.path}/kvitto.pdf", status)
    assert text in shown.text
    assert shown.links["Tillbaka till kvittot"] == receipt.path


def calendar(page: Page, shown: Document) -> str:
    """The calendar file that a page links to."""
    answer = page.get(shown.links[DATED["ics"]]).response
    assert (answer.mimetype, answer.headers["Cache-Control"]) == ("text/calendar", "no-store")
    return answer.text


def line(file: str, name: str) -> list[str]:
    return re.findall(rf"^{name}[:;](?:VALUE=DATE:)?(.*)\r$", file, re.MULTILINE)


def test_the_calendar_has_the_day_and_the_number_and_says_no_more(page: Page, travel: steps.Travel) -> None:
    receipt = steps.send(page)
    file = calendar(page, receipt)
    assert line(file, "SUMMARY") == ["Svar från kommunen om ärende KB-2026-000001"]
    assert (line(file, "DTSTART"), line(file, "DTEND")) == (["20260519"], ["20260520"])
    for secret in (steps.code_of(receipt), steps.WRITTEN["subject"], steps.WRITTEN["body"], "DESCRIPTION"):
        assert secret not in file


def opened(page: Page, receipt: Receipt) -> Document:
    """The page of a case that this browser has opened by its code."""
    assert receipt.code
    steps.open_case(page, factories.number(receipt), receipt.code)
    return steps.latest(page)


def test_a_day_that_is_moved_takes_the_place_of_the_former(
    app: Flask, page: Page, travel: steps.Travel
) -> None:
    with app.app_context():
        sent = factories.send_in()
    first = calendar(page, opened(page, sent))
    with app.app_context():
        do(Action.EXTEND, factories.member(), sent)
    second = calendar(page, steps.latest(page))
    assert line(first, "UID") == line(second, "UID") == ["KB-2026-000001-answer@localhost"]
    assert line(first, "DTSTART") < line(second, "DTSTART")
    assert int(line(first, "SEQUENCE")[0]) < int(line(second, "SEQUENCE")[0])


def test_there_is_no_calendar_when_no_day_is_ahead(
    app: Flask, page: Page, citizen_page: steps.SignIn, travel: steps.Travel
) -> None:
    with app.app_context():
        sent = factories.send_in()
        do(Action.ANSWER, factories.member(), sent)
    shown = opened(page, sent)
    assert DATED["ics"] not in shown.links
    page.get(f"{shown.path}/svar.ics", 404)
    page.get("/folj/nobodys-handle/svar.ics", 303)
    citizen_page(factories.citizen()).get("/mina-sidor/arenden/KB-2026-000001/svar.ics", 404)
