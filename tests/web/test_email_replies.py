"""A letter that came in to a case is shown to both sides, with the mark that anybody may have written it."""

from flask import Flask

from portal.cases.actions import email_replies
from portal.cases.intake.submission import Receipt
from portal.cases.lifecycle import Status
from portal.identity.actors import System
from tests import factories
from tests.cases import brought_to
from tests.page import Document, Page
from tests.web import steps

MARK = "Via e-post · avsändaren är inte kontrollerad"
TASK = "Ett mejl har kommit in i ärendet."


def headings(shown: Document) -> list[str]:
    return [" ".join(heading.get_text().split()) for heading in shown.all(".message h3")]


def test_staff_read_the_mark_and_have_a_task(app: Flask, staff_page: steps.SignIn) -> None:
    receipt = brought_to(Status.CLOSED)
    factories.act(email_replies.receive_email, System(), receipt, "Tack, men när?")
    shown = staff_page(factories.member(unit=None)).get(steps.case_address(factories.number(receipt)))
    assert headings(shown)[-1] == MARK
    assert "Tack, men när?" in shown.text
    assert TASK in shown.text


def test_the_sender_reads_the_mark_and_not_that_they_wrote_it(app: Flask, page: Page) -> None:
    steps.opened(page)
    with app.app_context():
        factories.act(email_replies.receive_email, System(), Receipt(1, 2026, 1, None, True), "Hej")
    shown = steps.latest(page)
    assert headings(shown) == ["Du", MARK]
    assert "Ett mejl kom in i ärendet" in shown.text
