"""An officer's day: few clicks to an answer, ten answers with the keyboard alone, many cases at once."""

import re

from playwright.sync_api import Locator, Page, expect

from portal import create_app, db
from tests import factories
from tests.browser import steps
from tests.browser.conftest import Visit
from tests.browser.test_keyboard import enter, tab_to
from tests.browser.visitor import Screen, Visitor
from tests.conftest import settings
from tests.running import Running

CLICKS_MOST = 5
WIDE = Screen(1280, "light")
COUNT_TURNS = """() => {
  window.turns = 0
  document.querySelector("a[rel=next]").addEventListener("click", () => window.turns++)
}"""


class Clicks:
    """Somebody with a mouse, whose every click is counted."""

    def __init__(self, who: Visitor) -> None:
        self.who, self.count = who, 0

    def on(self, control: Locator) -> None:
        """Click something on the page."""
        self.count += 1
        control.click()

    def go(self, control: Locator) -> None:
        """Click what leads to another page."""
        self.count += 1
        self.who.go(control)


def keys(who: Visitor, *pressed: str) -> None:
    """Press keys that lead nowhere else, one after another."""
    for key in pressed:
        who.page.keyboard.press(key)


def key(who: Visitor, pressed: str, look: bool = True) -> None:
    """Press a key that leads to another page."""
    with who.page.expect_navigation():
        who.page.keyboard.press(pressed)
    if look:
        who.look()


def row(page: Page) -> str:
    """The number of the row where one is."""
    return str(page.evaluate("document.activeElement.closest('tr')?.dataset.number"))


def arrived(running: Running, count: int) -> set[str]:
    """The numbers of cases that have come in; how they are sent is tried elsewhere."""
    app = create_app(settings(f"sqlite:///{running.folder}/kontakt.db"))
    with app.app_context():
        numbers = {
            factories.number(factories.send_in(subject=steps.unique("Badet"))) for _each in range(count)
        }
    db.engine().dispose()
    return numbers


def test_from_sign_in_to_a_sent_answer_in_five_clicks(stranger: Visitor) -> None:
    mouse, page = Clicks(stranger), stranger.page
    stranger.open("/handlaggning/")
    mouse.go(page.get_by_role("button", name=steps.ANNA))
    mouse.go(page.get_by_role("button", name="Bekräfta"))
    mouse.go(page.locator("tr[data-number] .what a").first)
    mouse.on(page.get_by_label("Ditt svar", exact=True))
    page.keyboard.type("Den 1 juni.")
    mouse.go(page.get_by_role("button", name="Skicka svar", exact=True).last)
    stranger.sees("Svaret är skickat till Maria Ekdahl med mejl.")
    assert mouse.count <= CLICKS_MOST


def test_ten_cases_are_answered_from_the_queue_with_the_keyboard_alone(
    visit: Visit, running: Running
) -> None:
    left = arrived(running, 10)
    officer = visit(WIDE)
    officer.open("/handlaggning/?vy=newest")
    tab_to(officer, f"button:has-text('{steps.ANNA}')")
    enter(officer)
    tab_to(officer, "button.main")
    enter(officer)
    page = officer.page
    # The newest first: the ten stand before all others, unless another test has sent something since.
    keys(officer, "j")
    while row(page) not in left:
        keys(officer, "j")
    key(officer, "Enter")
    keys(officer, "n")
    expect(page.locator("#note-body")).to_be_focused()
    keys(officer, "Escape")
    key(officer, "t")
    officer.sees("Du handlägger ärendet.")
    while left:
        here = page.url.rpartition("/")[2].partition("?")[0]
        if here in left:
            keys(officer, "s")
            page.keyboard.type("Den 1 juni.")
            keys(officer, "Control+Enter")
            expect(page.get_by_role("button", name="Skicka svar", exact=True).last).to_be_focused()
            key(officer, "Enter", look=len(left) == 10)
            officer.sees("Svaret ligger i ärendet. Avsändaren läser med sin kod.")
            left.remove(here)
        if left:
            key(officer, "j", look=False)


def test_three_cases_are_marked_and_assigned_at_once_by_keyboard(stranger: Visitor, running: Running) -> None:
    page, sent = stranger.page, arrived(running, 3)
    steps.sign_in(stranger)
    stranger.open("/handlaggning/?vy=newest")
    chosen = set()
    for _each in range(3):
        keys(stranger, "j", "x")
        chosen.add(row(page))
    assert chosen == sent
    expect(page.locator("[data-count-many]")).to_have_text("3 markerade")
    # At the end of the page the bar lies over no row. Half a checkbox under it is no fault: it moves.
    page.evaluate("scrollTo(0, document.body.scrollHeight)")
    stranger.look()
    key(stranger, "a")
    assert stranger.h1 == "Fördela 3 ärenden"
    tab_to(stranger, "#officer")
    page.keyboard.type("Anna")
    tab_to(stranger, "button[name=step]")
    enter(stranger)
    assert stranger.h1 == "3 ärenden är fördelade."
    assert set(page.locator("main ul a").all_inner_texts()) == chosen


def test_the_keys_are_told_of_and_can_be_turned_off(stranger: Visitor) -> None:
    page = stranger.page
    steps.sign_in(stranger)
    stranger.open("/handlaggning/?vy=newest")
    keys(stranger, "?")
    expect(page.get_by_role("dialog")).to_be_visible()
    keys(stranger, "j", "Escape")
    expect(page.get_by_role("dialog")).to_be_hidden()
    keys(stranger, "/")
    page.keyboard.type("jxa?")
    assert page.locator("#q").input_value() == "jxa?"
    keys(stranger, "Escape", "Control+j", "j")
    assert row(page).startswith("KB-")
    keys(stranger, "g")
    key(stranger, "m")
    expect(page).to_have_url(re.compile("vy=mine"))
    stranger.follow("Tangenter")
    page.get_by_label("Använd tangenterna i den här webbläsaren").uncheck()
    stranger.open("/handlaggning/?vy=newest")
    keys(stranger, "j", "x", "?")
    expect(page.get_by_role("dialog")).to_be_hidden()
    assert row(page) == "None"
    expect(page.locator(".key-row")).to_be_hidden()


def test_a_registrar_chooses_for_the_marked_cases_by_key(visit: Visit, running: Running) -> None:
    arrived(running, 2)
    registrar = visit(WIDE)
    page, registrar.thorough = registrar.page, False
    steps.sign_in(registrar, steps.EVA)
    registrar.open("/handlaggning/?vy=newest")
    chosen = page.locator("[data-count-many]")
    # Nothing is marked: the case where the focus is.
    keys(registrar, "j", "a")
    expect(page.locator("#bar-officer")).to_be_focused()
    expect(chosen).to_have_text("1 markerat")
    keys(registrar, "Escape")
    page.locator("tr[data-number] .what a").nth(1).focus()
    keys(registrar, "x", "a")
    expect(page.locator("#bar-officer")).to_be_focused()
    expect(chosen).to_have_text("2 markerade")
    # Enter assigns nothing by accident: it goes to the button, and in a row it keeps the marks.
    page.locator("#bar-officer").select_option(index=1)
    keys(registrar, "Enter")
    expect(page.locator("#bar-officer + button")).to_be_focused()
    page.locator("tr[data-number] [name=case]").first.focus()
    key(registrar, "Enter")
    registrar.sees("Välj vad du vill göra med ärendena")
    assert page.locator("tr[data-number] [name=case]:checked").count() == 2


def test_no_mark_is_lost_to_one_j_too_many_and_a_held_j_stays_on_its_page(
    visit: Visit, running: Running
) -> None:
    arrived(running, 26)
    officer = visit(WIDE)
    page, officer.thorough = officer.page, False
    steps.sign_in(officer)
    officer.open("/handlaggning/?vy=newest")
    last = page.locator("tr[data-number] .what a").last
    last.focus()
    page.evaluate(COUNT_TURNS)
    keys(officer, "x", "j")
    assert page.evaluate("window.turns") == 0
    keys(officer, "x", "k")
    page.keyboard.down("j")
    expect(last).to_be_focused()
    page.keyboard.down("j")
    page.keyboard.up("j")
    assert page.evaluate("window.turns") == 0
    key(officer, "j", look=False)
    expect(page.locator("tr[data-number] .what a").first).to_be_focused()
