"""The page of an answered case: thanks, writing more, not satisfied; and whom a message goes to."""

import pytest
from flask import Flask

from portal import db
from portal.cases.actions import handling, routing
from portal.cases.enums import ReplyBy
from portal.cases.intake.submission import Receipt, submit
from portal.cases.lifecycle import Status
from portal.identity.actors import Role
from portal.organisation import queries as organisation
from tests import factories
from tests.page import Document, Page
from tests.web import steps


@pytest.fixture
def sent(app: Flask) -> Receipt:
    """A case that was sent with a code, and answered."""
    with app.app_context():
        receipt = factories.send_in()
        factories.act(handling.answer, factories.member(), receipt, "Den 1 juni.")
        return receipt


@pytest.fixture
def page(app: Flask, sent: Receipt) -> Page:
    """The browser in which it was opened."""
    browser = Page(app.test_client())
    assert sent.code
    steps.open_case(browser, factories.number(sent), sent.code)
    return browser


def press(page: Page, button: str, body: str = "", status: int = 303) -> Document:
    return page.submit(steps.latest(page), "#body", changes={"body": body}, button=button, status=status)


def test_one_press_thanks_and_closes_and_opens_nothing(page: Page, sent: Receipt) -> None:
    shown = page.follow(press(page, "Skicka ett tack"))
    assert "Tack. Vi har fått din hälsning." in shown.text
    case = factories.case(sent)
    assert (case.status, case.reopened, case.messages[-1].body) == (Status.CLOSED, False, "Tack")
    assert "Du tackade för svaret" in shown.text


def test_who_has_thanked_is_asked_to_write_more_and_the_words_are_kept(page: Page, sent: Receipt) -> None:
    shown = steps.latest(page)
    press(page, "Skicka ett tack", "Tack för hjälpen.")
    assert "Skicka ett tack" not in [
        button.get_text() for button in steps.latest(page).all("#formular button")
    ]
    again = page.submit(shown, "#body", changes={"body": "Tack igen."}, button="Skicka ett tack", status=409)
    assert "Du har redan tackat. Om du vill skriva något mer väljer du ”Skicka och öppna igen”." in again.text
    assert steps.kept(again, "body") == "Tack igen."
    assert len(factories.case(sent).messages) == 3


def test_writing_more_opens_the_case_again(page: Page, sent: Receipt) -> None:
    press(page, "Skicka och öppna igen", "Vilken tid?")
    assert factories.case(sent).status is Status.IN_PROGRESS
    assert "Skicka ett tack" not in [
        button.get_text(strip=True) for button in steps.latest(page).all("button")
    ]


def test_after_an_answer_that_did_not_help_the_head_is_named_everywhere(page: Page, sent: Receipt) -> None:
    factories.member("samir", Role.HEAD_OF_UNIT)
    shown = page.follow(press(page, "Jag är inte nöjd", "Nej."))
    assert "Tack för att du säger till. Enhetschefen Samir tar nu över ärendet." in shown.text
    assert "Du var inte nöjd med svaret. Samir tar över." in shown.text
    assert "Skicka till Samir" in shown.text
    assert "Skicka till Anna" not in shown.text


def test_without_a_head_the_page_names_the_unit_and_promises_somebody_else(page: Page, sent: Receipt) -> None:
    shown = page.follow(press(page, "Jag är inte nöjd", "Nej."))
    assert "Vi utser någon annan än den som svarade." in shown.text
    assert "Skicka till Parkenheten" in shown.text
    assert "Anna" not in shown.text_of("form#formular")


def test_after_a_handover_no_button_names_who_had_the_case(app: Flask) -> None:
    with app.app_context():
        receipt, anna = factories.send_in(), factories.member()
        factories.act(handling.take, anna, receipt)
        unit = organisation.unit("gata")
        assert unit
        factories.act(routing.hand_over, anna, receipt, unit)
    browser = Page(app.test_client())
    assert receipt.code
    steps.open_case(browser, factories.number(receipt), receipt.code)
    shown = steps.latest(browser)
    assert "Skicka till Gatuenheten" in shown.text
    assert "Skicka till Anna" not in shown.text


def test_thanks_are_given_on_mina_sidor_too(citizen_page: steps.SignIn) -> None:
    maria = factories.citizen()
    with db.transaction():
        receipt = submit(factories.new_case(reply_by=ReplyBy.PORTAL), maria)
    factories.act(handling.answer, factories.member(), receipt, "Den 1 juni.")
    page = citizen_page(maria)
    shown = page.get(f"/mina-sidor/arenden/{factories.number(receipt)}")
    done = page.follow(page.submit(shown, "#body", changes={"body": ""}, button="Skicka ett tack"))
    assert "Tack. Vi har fått din hälsning." in done.text


def test_praise_may_be_sent_without_wanting_an_answer(app: Flask) -> None:
    browser = Page(app.test_client())
    shown = browser.get("/lamna/berom")
    fields = {"subject": "Fint i parken", "body": "Tack.", "reply_by": "code", "no_answer": "y"}
    receipt = browser.follow(browser.submit(shown, "main form", changes=fields))
    assert "Du har valt att inte få något svar." in receipt.text
    assert "Du får svar" not in receipt.text
    assert "Jag behöver inget svar" not in browser.get("/lamna/klagomal").text
