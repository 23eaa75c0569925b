"""What a code holder does beside writing back: takes the case back, or says that an answer was not enough."""

import pytest
from flask import Flask

from portal.cases.actions import handling
from portal.cases.intake.submission import Receipt
from portal.identity.actors import Role
from tests import factories
from tests.page import Document, Page
from tests.web import steps

WITHDRAW = "form[action$='/withdraw']"
CHANGED = "Ärendet ändrades medan du skrev. Läs det nya och försök igen."
NOT_SATISFIED = "Jag är inte nöjd"


@pytest.fixture
def sent(app: Flask) -> Receipt:
    """A case that was sent with a code."""
    with app.app_context():
        return factories.send_in()


@pytest.fixture
def page(app: Flask, sent: Receipt) -> Page:
    """The browser in which it was opened."""
    browser = Page(app.test_client())
    assert sent.code
    steps.open_case(browser, factories.number(sent), sent.code)
    return browser


def answer(sent: Receipt, close: bool = False) -> None:
    factories.act(handling.answer, factories.member(), sent, "Den 1 juni.", close=close)


def unhappy(page: Page, shown: Document, body: str = "Det hjälpte inte.", status: int = 303) -> Document:
    changes = {"body": body}
    return page.submit(shown, "#body", changes=changes, button=NOT_SATISFIED, status=status)


def test_a_case_is_taken_back_and_stays_to_be_read(page: Page, sent: Receipt) -> None:
    shown = page.follow(page.submit(steps.latest(page), WITHDRAW))
    assert "Du har tagit tillbaka ärendet." in shown.text
    assert (shown.text_of(".ds-tag"), "Du tog tillbaka ärendet" in shown.text_of(".facts")) == (
        "Avslutat",
        True,
    )
    assert "Du tog tillbaka ärendet" in shown.text
    assert not shown.has(WITHDRAW)
    assert NOT_SATISFIED not in shown.text


def test_a_second_click_takes_back_once(page: Page, sent: Receipt) -> None:
    shown = steps.latest(page)
    first = page.submit(shown, WITHDRAW)
    before = steps.stored()
    again = page.submit(shown, WITHDRAW)
    assert (again.location, steps.stored()) == (first.location, before)


@pytest.mark.parametrize("close", [True, False])
def test_what_was_answered_meanwhile_is_not_taken_back(page: Page, sent: Receipt, close: bool) -> None:
    shown = steps.latest(page)
    answer(sent, close)
    before = steps.stored()
    told = page.submit(shown, WITHDRAW, status=409)
    assert CHANGED in told.text_of(".ds-error-summary")
    assert "Den 1 juni." in told.text
    assert steps.stored() == before


def test_without_its_token_nothing_is_taken_back(page: Page, sent: Receipt) -> None:
    before = steps.stored()
    told = page.post(f"{steps.latest(page).path}/withdraw", {}, 422)
    assert "Sidan hade varit öppen för länge. Försök igen." in told.text
    assert steps.stored() == before


@pytest.mark.parametrize("close", [True, False])
def test_who_is_not_satisfied_says_so_and_somebody_else_takes_over(
    page: Page, sent: Receipt, close: bool
) -> None:
    head = factories.member("samir", Role.HEAD_OF_UNIT)
    answer(sent, close)
    shown = page.follow(unhappy(page, steps.latest(page)))
    assert "Tack för att du säger till. Enhetschefen Samir tar nu över ärendet." in shown.text
    assert (shown.text_of(".ds-tag"), "Det hjälpte inte." in shown.text_of(".thread")) == ("Pågår", True)
    assert factories.case(sent).officer_id == head.membership


def test_a_second_click_of_who_is_not_satisfied_is_one(page: Page, sent: Receipt) -> None:
    answer(sent)
    shown = steps.latest(page)
    first = unhappy(page, shown)
    before = steps.stored()
    assert unhappy(page, shown).location == first.location
    assert steps.stored() == before


def test_who_is_not_satisfied_says_why(page: Page, sent: Receipt) -> None:
    answer(sent)
    before = steps.stored()
    assert unhappy(page, steps.latest(page), "", 422).errors() == ["Skriv något först"]
    assert steps.stored() == before


def test_nobody_is_unsatisfied_before_the_answer_and_the_words_are_kept(page: Page, sent: Receipt) -> None:
    shown = steps.latest(page)
    assert NOT_SATISFIED not in shown.text
    fields = {"body": "Ni svarar ju inte.", "not_satisfied": "1", "csrf_token": steps.token(page)}
    before = steps.stored()
    told = page.post(shown.path, fields, 409)
    assert CHANGED in told.text_of(".ds-error-summary")
    assert steps.kept(told, "body") == "Ni svarar ju inte."
    assert steps.stored() == before


def test_a_reply_after_the_answer_is_no_complaint(page: Page, sent: Receipt) -> None:
    answer(sent)
    changes = {"body": "Tack."}
    shown = page.follow(page.submit(steps.latest(page), "#body", changes=changes))
    assert "Tack. Vi har fått det du skrev." in shown.text
    assert not factories.case(sent).unsatisfied
