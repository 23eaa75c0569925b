"""What somebody who asks by e-mail is told, as /utkorg shows it."""

from playwright.sync_api import expect

from tests.browser import outbox, steps
from tests.browser.conftest import Visit
from tests.browser.visitor import Screen, Visitor

ANSWER = "Badet öppnar den 1 juni."


def test_each_letter_opens_in_its_frame_and_none_holds_the_code(visit: Visit, screen: Screen) -> None:
    sender, officer = visit(screen), visit(screen)
    sent = steps.ask(sender, email="maria@exempel.se")
    read(sender, sent, "Vi har tagit emot din fråga", "Tack. Vi har tagit emot din fråga.")

    steps.sign_in(officer)
    steps.find(officer, sent)
    steps.take(officer)
    read(sender, sent, "Vi har börjat ta hand om din fråga", "har börjat ta hand om din fråga.")

    steps.answer(officer, ANSWER)
    read(sender, sent, "Du har fått svar på din fråga", ANSWER)

    officer.press("Avsluta ärendet")
    read(sender, sent, "Ditt ärende är avslutat", "Ditt ärende är avslutat.")


def read(reader: Visitor, sent: steps.Sent, subject: str, words: str) -> None:
    """The letter is there, its frame is drawn with its words, and it does not tell the code."""
    one = outbox.letter(reader, f"{subject}, {sent.number}")
    body = outbox.opened(one).locator("body")
    expect(body).to_contain_text(words)
    expect(body).to_contain_text(sent.number)
    drawn = body.bounding_box()
    assert drawn is not None
    assert drawn["height"] > 100
    assert sent.code not in body.inner_text() + one.inner_text()


def test_a_letter_is_a_page_without_fault_too(visit: Visit, screen: Screen) -> None:
    sender = visit(screen)
    sent = steps.ask(sender, email="maria@exempel.se")
    frame = outbox.letter(sender, f"Vi har tagit emot din fråga, {sent.number}").locator("iframe")
    sender.open(frame.get_attribute("src") or "")
    assert sender.h1 == "Tack. Vi har tagit emot din fråga."


def test_the_answer_and_the_closing_in_one_step_are_one_letter(visit: Visit) -> None:
    wide = Screen(1280, "light")
    sender, officer = visit(wide), visit(wide)
    sent = steps.ask(sender, email="maria@exempel.se")
    steps.sign_in(officer)
    steps.find(officer, sent)
    steps.answer(officer, ANSWER, "Skicka och avsluta")
    one = outbox.letter(sender, f"Du har fått svar på din fråga, {sent.number}")
    expect(outbox.opened(one).locator("body")).to_contain_text("Ärendet är avslutat.")
    expect(sender.page.locator("article", has_text=sent.number)).to_have_count(2)
