"""The case as a PDF for its sender: what they read on the page, through the same gate, and bounded."""

import pytest
from flask import Flask, render_template

from portal.cases import queries
from portal.cases.actions import handling
from portal.cases.intake.submission import Receipt
from portal.identity.actors import CodeHolder
from portal.web import pdf
from portal.web.sender_page import paper_values
from tests import factories
from tests.page import Page
from tests.web import steps


@pytest.fixture
def answered(app: Flask) -> Receipt:
    with app.app_context():
        receipt, officer = factories.send_in(), factories.member()
        factories.act(handling.note, officer, receipt, "Ring Vidar på bygglov.")
        factories.act(handling.answer, officer, receipt, "Den öppnar den 1 juni.")
    return receipt


def opened(page: Page, receipt: Receipt) -> str:
    """The address of the case in this browser, which has opened it by its code."""
    assert receipt.code
    steps.open_case(page, factories.number(receipt), receipt.code)
    return steps.latest(page).path


def test_the_page_leads_to_a_download_that_no_cache_keeps(page: Page, answered: Receipt) -> None:
    address = opened(page, answered)
    assert steps.latest(page).links["Spara ärendet som pdf"] == f"{address}/arende.pdf"
    answer = page.get(f"{address}/arende.pdf").response
    assert (answer.mimetype, answer.headers["Cache-Control"]) == ("application/pdf", "no-store")
    assert answer.headers["Content-Disposition"] == f"attachment; filename={factories.number(answered)}.pdf"
    assert answer.headers["Referrer-Policy"] == "no-referrer"
    assert answer.data.startswith(b"%PDF-")


def test_it_holds_what_was_said_to_the_sender_and_nothing_internal(app: Flask, answered: Receipt) -> None:
    holder = CodeHolder(answered.case)
    with app.test_request_context("/"):
        case = queries.case_by_id(holder, answered.case)
        assert case
        paper = render_template("follow/paper.html", **paper_values(holder, case))
    for text in ("Ingen skylt säger varför.", "Den öppnar den 1 juni.", "Vi tog emot ärendet", "Besvarat"):
        assert text in paper
    assert "Vidar" not in paper
    assert "anteckning" not in paper


def test_a_case_of_somebody_else_is_no_pdf(page: Page, answered: Receipt, citizen_page: steps.SignIn) -> None:
    page.get("/folj/nobodys-handle/arende.pdf", 303)
    signed_in = citizen_page(factories.citizen())
    signed_in.get(f"/mina-sidor/arenden/{factories.number(answered)}/arende.pdf", 404)


@pytest.mark.parametrize(
    ("missing", "status", "told"),
    [
        (True, 404, "Vi gör inga pdf-filer här. Webbläsaren kan spara sidan."),
        (False, 503, "Vänta en stund och försök igen. Webbläsaren kan också spara sidan."),
    ],
)
def test_without_a_pdf_the_page_leads_back(
    page: Page, answered: Receipt, monkeypatch: pytest.MonkeyPatch, missing: bool, status: int, told: str
) -> None:
    address = opened(page, answered)
    if missing:
        monkeypatch.setattr(pdf, "available", lambda: False)
    else:
        monkeypatch.setattr(pdf, "MAX_SECONDS", 0.01)
    shown = page.get(f"{address}/arende.pdf", status)
    assert told in shown.text
    assert shown.links["Tillbaka till ärendet"] == address
    assert ("Spara ärendet som pdf" in steps.latest(page).links) is not missing
