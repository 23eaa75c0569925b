"""Three senders and one answer: each reads it in their own case, and meets no trace of the others."""

from tests.browser import outbox, steps
from tests.browser.conftest import Visit
from tests.browser.visitor import Screen, Visitor

ANSWER = "Badet öppnar den första juni."
TOGETHER = "Vi tar hand om ärendet tillsammans med ett annat."


def merge(officer: Visitor, sent: steps.Sent, into: steps.Sent) -> None:
    """Let a case wait for the answer of another."""
    steps.find(officer, sent)
    officer.page.get_by_text("Slå ihop med ett annat ärende", exact=True).click()
    officer.page.get_by_label("Det andra ärendets nummer").last.fill(into.number)
    officer.page.get_by_label("Till avsändaren", exact=True).fill("Fler har frågat. Du får svaret här.")
    officer.press("Slå ihop ärendena")
    officer.sees("Ärendet är hopslaget med ")


def on_mina_sidor(citizen: Visitor) -> steps.Sent:
    """Send in a question, signed in and answered on Mina sidor."""
    citizen.open("/lamna/fraga")
    subject = steps.unique("Öppnar badet i maj?")
    steps.fill(citizen, subject, "")
    citizen.page.get_by_label("Mina sidor", exact=True).check()
    citizen.press("Skicka frågan")
    return steps.Sent(citizen.page.locator("main .number").inner_text(), "", subject)


def test_three_senders_are_answered_at_once_and_each_in_their_own_case(visit: Visit) -> None:
    by_code, by_email = visit(Screen(320, "light")), visit(Screen(1280, "dark", script=False))
    citizen, officer = visit(Screen(320, "dark", script=False)), visit(Screen(1280, "light"))
    first, second = steps.ask(by_code), steps.ask(by_email, email="grupp@exempel.se")
    steps.sign_in_to_mina_sidor(citizen, steps.MARIA)
    third = on_mina_sidor(citizen)
    steps.sign_in(officer)
    merge(officer, second, first)
    merge(officer, third, first)
    steps.open_case(by_email, second)
    by_email.sees(TOGETHER)
    steps.find(officer, first)
    officer.sees("Svaret går till 3 personer")
    officer.look()
    steps.answer(officer, ANSWER)

    outbox.letter(by_email, f"Du har fått svar på din fråga, {second.number}")
    steps.open_case(by_code, first)
    steps.open_case(by_email, second)
    citizen.open(f"/mina-sidor/arenden/{third.number}")
    for reader, own in ((by_code, first), (by_email, second), (citizen, third)):
        assert reader.h1 == own.subject
        reader.sees(ANSWER)
        for other in {first, second, third} - {own}:
            reader.sees_no(other.number)
            reader.sees_no(other.subject)
