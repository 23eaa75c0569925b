"""The two questions after closing, in a browser: answered by the keyboard alone, and a "no" that leads on."""

import pytest

from tests.browser import steps
from tests.browser.conftest import Visit
from tests.browser.visitor import Screen, Visitor


@pytest.fixture(params=[Screen(320, "dark", script=False), Screen(1280, "light")], ids=str)
def closed(request: pytest.FixtureRequest, visit: Visit) -> Visitor:
    """A sender who has opened their case, which Anna has answered and closed."""
    stranger, officer = visit(request.param), visit(request.param)
    sent = steps.ask(stranger)
    steps.sign_in(officer)
    steps.find(officer, sent)
    steps.answer(officer, "Badet öppnar den 1 juni.", button="Skicka och avsluta")
    steps.open_case(stranger, sent)
    return stranger


def choose(visitor: Visitor, field: str, value: str) -> None:
    """Choose an answer by the keyboard."""
    visitor.page.locator(f"input[name={field}][value={value}]").press("Space")


def test_a_sender_who_was_not_helped_reopens_the_case_by_one_press(closed: Visitor) -> None:
    closed.follow("Svara på två frågor")
    closed.press("Skicka svaren")
    assert closed.status == 422
    closed.sees("Välj om du fick svar på det du undrade")
    choose(closed, "got_answer", "no")
    choose(closed, "treatment", "neither")
    closed.write(comment="Vilken tid öppnar det?")
    closed.press("Skicka svaren")
    assert closed.h1 == "Tack för dina svar"
    closed.press("Låt någon annan titta")
    closed.sees("Tack för att du säger till.")
    closed.sees("Vilken tid öppnar det?")
    closed.sees("Pågår")
