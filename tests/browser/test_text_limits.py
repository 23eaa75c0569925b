"""How much is left of a text, counted beside it by static/limits.js."""

from playwright.sync_api import Locator, expect

from portal.web.forms import MAX_BODY
from tests.browser import steps
from tests.browser.conftest import SMALL, Visit
from tests.browser.visitor import Screen, Visitor

WORDS = "Högst 20 000 tecken."
NEAR = MAX_BODY * 9 // 10
# Two lines of one kind of line end, a letter in two parts, an emoji and a blank line at each end.
SPECIAL = "\n\r\nA\u030a 😀\r\n \n"
SPECIAL_LENGTH = len("Å 😀")


def line(who: Visitor, field: str) -> Locator:
    return who.page.locator(f"#{field}-limit")


def spoken(who: Visitor, field: str) -> Locator:
    return who.page.locator(f"#{field}-limit + [role=status]")


def test_what_is_left_is_counted_when_the_limit_is_near(stranger: Visitor) -> None:
    stranger.open("/lamna/klagomal")
    # To look at a page stops its timers; a fresh one has its own.
    stranger.page.reload()
    body, shown = stranger.page.locator("#body"), line(stranger, "body")
    body.fill("a" * (NEAR - 1))
    expect(shown).to_have_text(WORDS)
    body.press_sequentially("a")
    expect(shown).to_have_text("Du kan skriva 2 000 tecken till.")
    # It is read out when the writer pauses.
    assert spoken(stranger, "body").text_content() == ""
    expect(spoken(stranger, "body")).to_have_text("Du kan skriva 2 000 tecken till.")
    body.fill("a" * (MAX_BODY + 7))
    expect(shown).to_have_text("Texten är 7 tecken för lång.")
    body.fill("Kort.")
    expect(shown).to_have_text(WORDS)
    expect(spoken(stranger, "body")).to_have_text("")
    body.fill("a" * (MAX_BODY + 7))
    assert stranger.faults() == []


def test_it_counts_as_the_server_counts(stranger: Visitor) -> None:
    stranger.open("/lamna/fraga")
    text = "å" * NEAR + "\r\n\r\n😀" + SPECIAL
    stranger.page.locator("#body").fill("\r\n \n" + text)
    here = line(stranger, "body").inner_text()
    stranger.press("Skicka frågan")
    assert stranger.status == 422
    assert line(stranger, "body").inner_text() == here
    left = MAX_BODY - NEAR - len("\n\n😀\n\n") - SPECIAL_LENGTH
    assert here.replace("\N{NO-BREAK SPACE}", " ") == f"Du kan skriva {left:,} tecken till.".replace(",", " ")


def test_replies_and_answers_are_counted_too(visit: Visit) -> None:
    sender, officer = visit(SMALL), visit(SMALL)
    sent = steps.ask(sender)
    steps.open_case(sender, sent)
    sender.page.locator("#body").fill("a" * (MAX_BODY - 120))
    expect(line(sender, "body")).to_have_text("Du kan skriva 120 tecken till.")

    steps.sign_in(officer, steps.EVA)
    steps.find(officer, sent)
    steps.choose_tab(officer, "answer")
    expect(line(officer, "answer-body")).to_be_hidden()
    officer.page.locator("#answer-body").fill("a" * (MAX_BODY - 120))
    expect(line(officer, "answer-body")).to_have_text("Du kan skriva 120 tecken till.")


def test_without_script_the_limit_is_in_words(visit: Visit) -> None:
    stranger = visit(Screen(320, "light", script=False))
    stranger.open("/lamna/klagomal")
    stranger.page.locator("#body").fill("a" * NEAR)
    expect(line(stranger, "body")).to_have_text(WORDS)
