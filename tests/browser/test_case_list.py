"""An officer goes from case to case, by the keys alone and without a script, and between the tabs."""

from typing import Any

import pytest

from portal import create_app, db
from tests import factories
from tests.browser import steps
from tests.browser.conftest import SMALL, WIDE, Visit
from tests.browser.visitor import Screen, Visitor
from tests.conftest import settings
from tests.running import Running

TEN = 10
PAGE = 25
NO_SCRIPT = Screen(320, "light", script=False)
FOCUSED_ROW = "document.activeElement.closest('tr')?.rowIndex"


def arrived(running: Running, count: int) -> str:
    """So many cases of the park unit, to the word that only they have."""
    word = steps.unique("Gungan").replace(" ", "")
    app = create_app(settings(f"sqlite:///{running.folder}/kontakt.db"))
    with app.app_context():
        for number in range(count):
            factories.send_in(subject=f"{word} {number:02}")
        db.close_read_session()
        db.engine().dispose()
    return word


@pytest.fixture
def officer(visit: Visit, screen: Screen) -> Visitor:
    visitor = visit(screen)
    steps.sign_in(visitor)
    return visitor


def press(officer: Visitor, *keys: str) -> None:
    for key in keys:
        officer.page.keyboard.press(key)


def lead(officer: Visitor, key: str) -> None:
    """Press a key that leads to another page."""
    with officer.page.expect_navigation():
        officer.page.keyboard.press(key)
    officer.look()


def focused(officer: Visitor) -> str:
    return str(officer.page.evaluate("document.activeElement.innerText"))


@pytest.mark.parametrize("screen", [WIDE], ids=str)
def test_ten_cases_are_answered_and_closed_by_the_keys_alone(officer: Visitor, running: Running) -> None:
    word = arrived(running, TEN)
    officer.open(f"/handlaggning/?q={word}&ordning=oldest")
    press(officer, "j")
    lead(officer, "Enter")
    for number in range(TEN):
        assert officer.h1 == f"{word} {number:02}"
        press(officer, "s")
        officer.page.keyboard.type(f"Svar {number}")
        press(officer, "Control+Enter", "Tab", "Tab")
        assert focused(officer) == "Skicka, avsluta och nästa"
        lead(officer, "Enter")
        officer.sees("är besvarat och avslutat.")
    officer.sees("Det var det sista i listan.")
    assert officer.page.locator("td.what").count() == 0


@pytest.mark.parametrize("screen", [WIDE], ids=str)
def test_the_keys_go_through_a_page_to_the_next_and_back(officer: Visitor, running: Running) -> None:
    word = arrived(running, PAGE + 2)
    officer.open(f"/handlaggning/?q={word}&ordning=oldest")
    press(officer, *["j"] * PAGE)
    assert focused(officer) == f"{word} {PAGE - 1:02}"
    lead(officer, "j")
    assert (focused(officer), officer.page.evaluate(FOCUSED_ROW)) == (f"{word} {PAGE:02}", 1)
    lead(officer, "k")
    assert (focused(officer), officer.page.evaluate(FOCUSED_ROW)) == (f"{word} {PAGE - 1:02}", PAGE)
    lead(officer, "Enter")
    lead(officer, "j")
    assert officer.h1 == f"{word} {PAGE:02}"
    lead(officer, "k")
    assert officer.h1 == f"{word} {PAGE - 1:02}"


@pytest.mark.parametrize("screen", [NO_SCRIPT], ids=str)
def test_without_a_script_the_next_case_and_the_tabs_work(officer: Visitor, running: Running) -> None:
    word = arrived(running, 3)
    officer.open(f"/handlaggning/?q={word}&ordning=oldest")
    officer.go(officer.page.locator("td.what a").first)
    officer.page.locator("#answer-body").fill("Den är lagad.")
    steps.choose_tab(officer, "note")
    assert not officer.page.locator("#answer-body").is_visible()
    officer.page.locator("#note-body").fill("Per lagade den.")
    officer.look()
    steps.choose_tab(officer, "answer")
    assert officer.page.locator("#answer-body").input_value() == "Den är lagad."
    officer.press("Skicka, avsluta och nästa")
    assert officer.h1 == f"{word} 01"
    officer.sees("är besvarat och avslutat.")
    officer.follow("Nästa ärende")
    assert officer.h1 == f"{word} 02"
    officer.follow("Förra ärendet")
    assert officer.h1 == f"{word} 01"


@pytest.mark.parametrize("screen", [SMALL, WIDE], ids=str)
def test_the_arrows_choose_a_tab_and_a_key_opens_its_own(officer: Visitor, running: Running) -> None:
    word = arrived(running, 1)
    officer.open(f"/handlaggning/?q={word}")
    officer.go(officer.page.locator("td.what a").first)
    chosen = officer.page.locator("[name=skriv]:checked")
    assert chosen.get_attribute("value") == "answer"
    chosen.focus()
    press(officer, "ArrowRight")
    assert chosen.get_attribute("value") == "request_supplement"
    assert officer.page.locator("#request_supplement-body").is_visible()
    press(officer, "n")
    assert (chosen.get_attribute("value"), officer.focused) == ("note", "note-body")
    press(officer, "Escape", "s")
    assert (chosen.get_attribute("value"), officer.focused) == ("answer", "answer-body")
    height: Any = officer.page.evaluate("document.documentElement.scrollHeight")
    assert officer.screen.width < WIDE.width or height <= 1500
