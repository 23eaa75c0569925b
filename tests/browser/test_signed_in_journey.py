"""Signed in, told by e-mail or SMS at each step, followed on Mina sidor; and the doors that stay shut."""

from tests.browser import outbox, steps
from tests.browser.conftest import Visit
from tests.browser.visitor import Screen, Visitor

ANSWER = "Åttio centimeter."
LETTERS = [
    "Vi har tagit emot din fråga",
    "Vi har börjat ta hand om din fråga",
    "Du har fått svar på din fråga",
    "Ditt ärende är avslutat",
]
TEXTS = ["är framme.", "Vi har börjat ta hand om ärende", "har fått svar.", "är avslutat."]


def ask(citizen: Visitor, way: str, **address: str) -> steps.Sent:
    """Send a question as somebody who has signed in."""
    citizen.open("/lamna/fraga")
    subject = steps.unique("Hur djupt är badet?")
    steps.fill(citizen, subject, "")
    citizen.page.get_by_label(way, exact=True).check()
    citizen.write(**address)
    citizen.press("Skicka frågan")
    return steps.Sent(citizen.page.locator("main .number").inner_text(), "", subject)


def handle(officer: Visitor, sent: steps.Sent) -> None:
    """Take, answer and close, one at a time."""
    steps.find(officer, sent)
    steps.take(officer)
    steps.answer(officer, ANSWER)
    officer.press("Avsluta ärendet")


def follow(citizen: Visitor, sent: steps.Sent, *seen: str) -> None:
    """Open the case from Mina sidor."""
    citizen.open("/mina-sidor")
    citizen.go(citizen.page.locator("li", has_text=sent.subject).get_by_role("link"))
    for text in (sent.subject, *seen):
        citizen.sees(text)


def test_a_citizen_is_told_at_each_step_and_follows_the_case_on_mina_sidor(visit: Visit) -> None:
    citizen, officer = visit(Screen(320, "dark", script=False)), visit(Screen(1280, "light"))
    steps.sign_in_to_mina_sidor(citizen, steps.MARIA)
    mailed = ask(citizen, "E-post", email="maria@exempel.se")
    texted = ask(citizen, "Sms", phone="070-174 06 05")
    follow(citizen, texted, "Nytt")

    steps.sign_in(officer)
    handle(officer, mailed)
    handle(officer, texted)
    follow(citizen, texted, "Avslutat", ANSWER)
    follow(citizen, mailed, "Avslutat", ANSWER, "Du fick svar", "Anna Lindqvist började handlägga")

    for subject in LETTERS:
        outbox.letter(officer, f"{subject}, {mailed.number}")
    for words in TEXTS:
        outbox.text(officer, texted.number, words)


def test_what_was_written_before_the_sign_in_waits_and_a_cancelled_one_loses_nothing(visit: Visit) -> None:
    citizen, subject = visit(Screen(320, "light")), steps.unique("Hur djupt är badet?")
    citizen.open("/lamna/fraga")
    steps.fill(citizen, subject, "")
    citizen.page.get_by_label("Mina sidor", exact=True).check()
    citizen.press("Skicka frågan")
    citizen.press("Avbryt")
    citizen.follow("Försök igen")
    citizen.go(citizen.page.get_by_role("button", name=steps.MARIA))
    citizen.press("Bekräfta")
    citizen.sees("Du är inloggad. Läs igenom det du skrev och skicka.")
    citizen.press("Skicka frågan")
    assert citizen.h1 == "Tack. Din fråga är framme."
    citizen.follow("Öppna ärendet")
    assert citizen.h1 == subject


def test_nobody_else_sees_the_case_and_nobody_comes_in_by_the_wrong_door(visit: Visit) -> None:
    wide = Screen(1280, "dark")
    citizen, other, officer = visit(wide), visit(wide), visit(wide)
    steps.sign_in_to_mina_sidor(citizen, steps.MARIA)
    sent = ask(citizen, "Mina sidor")
    address = f"/mina-sidor/arenden/{sent.number}"

    steps.sign_in_to_mina_sidor(other, steps.YUSUF)
    other.sees_no(sent.subject)
    other.open(address)
    assert (other.h1, other.status) == ("Sidan finns inte", 404)
    steps.sign_in(other, steps.YUSUF)
    assert (other.h1, other.status) == ("Du kommer inte åt ärenden än", 403)

    steps.sign_in(officer)
    steps.sign_in_to_mina_sidor(officer, steps.ANNA)
    own = ask(officer, "Mina sidor")
    officer.open("/mina-sidor")
    officer.sees(own.subject)
    officer.sees_no(sent.subject)
    officer.open(address)
    assert (officer.h1, officer.status) == ("Sidan finns inte", 404)
