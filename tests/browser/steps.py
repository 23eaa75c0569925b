"""What people do in many journeys."""

import secrets
from dataclasses import dataclass
from typing import Any

from portal import create_app, db
from portal.cli import demo
from tests.browser.visitor import Screen, Visitor
from tests.conftest import settings
from tests.running import Running

ANNA = "Anna Lindqvist"
EVA = "Eva Nilsson"
MARIA = "Maria Ekdahl"
NILS = "Nils Ek"
YUSUF = "Yusuf Demir"
# The cookies after a sign-in, by server, screen, page and person: each way in is gone once on each screen.
ENTERED: dict[tuple[str, Screen, str, str], Any] = {}


@dataclass(frozen=True)
class Sent:
    """A case as its sender knows it."""

    number: str
    code: str
    subject: str


def unique(text: str) -> str:
    """The text with an end of its own, so that no other test's case looks like it."""
    return f"{text} {secrets.token_hex(4)}"


def ask_from_the_start(sender: Visitor) -> Sent:
    """Send a question, from the start page to the receipt."""
    sender.open("/")
    sender.go(sender.page.get_by_role("link", name="Fråga"))
    return send_question(sender)


def ask(
    sender: Visitor, subject: str = "När öppnar badet?", email: str = "", topic: str = "Parker och lekplatser"
) -> Sent:
    """Send a question, from its form to the receipt."""
    sender.open("/lamna/fraga")
    return send_question(sender, subject, email, topic)


def send_question(
    sender: Visitor, subject: str = "När öppnar badet?", email: str = "", topic: str = "Parker och lekplatser"
) -> Sent:
    """Fill in the form that is open, and send it."""
    subject = unique(subject)
    fill(sender, subject, email, topic)
    sender.press("Skicka frågan")
    return receipt(sender, subject)


def fill(sender: Visitor, subject: str, email: str = "", topic: str = "Parker och lekplatser") -> None:
    """Fill the form in, for an answer by e-mail or by code."""
    sender.page.get_by_label("Ämne", exact=True).select_option(label=topic)
    sender.write(subject=subject, body="Vi har längtat hela våren.\n\nVilka tider gäller?")
    sender.page.get_by_label("E-post" if email else "Anonymt, med en kod", exact=True).check()
    if email:
        sender.write(email=email)


def receipt(sender: Visitor, subject: str) -> Sent:
    """What the receipt shows."""
    number = sender.page.locator("main .number").inner_text()
    return Sent(number, sender.page.locator("[data-code]").get_attribute("data-code") or "", subject)


def open_case(reader: Visitor, sent: Sent, code: str = "") -> None:
    """Open a case by number and code."""
    reader.open("/folj")
    reader.write(number=sent.number, code=code or sent.code)
    reader.press("Visa ärendet")


def sign_in_to_mina_sidor(citizen: Visitor, name: str) -> None:
    """Be somebody at Testlegitimering, sent there by Mina sidor."""
    enter(citizen, "/mina-sidor", name)
    assert citizen.h1 == f"Hej {name.split()[0]}"


def sign_in(officer: Visitor, name: str = ANNA) -> None:
    """Be somebody at Testlegitimering, sent there by the back office."""
    enter(officer, "/handlaggning/", name)


def enter(visitor: Visitor, path: str, name: str) -> None:
    """Open a page behind a sign-in. A new browser brings the session of who went that way before it."""
    context, way = visitor.page.context, (visitor.address, visitor.screen, path, name)
    is_new = not context.cookies()
    if is_new and way in ENTERED:
        context.add_cookies(ENTERED[way])
        visitor.open(path)
        if visitor.page.url.startswith(visitor.address):
            return
        # Another test has ended that session.
        context.clear_cookies()
    visitor.open(path)
    confirm(visitor, name)
    if is_new:
        ENTERED[way] = context.cookies()


def confirm(visitor: Visitor, name: str) -> None:
    """Be one of the people of Testlegitimering."""
    button = visitor.page.get_by_role("button", name=name)
    if not button.is_visible():
        # Staff are folded away from a citizens' service.
        visitor.page.locator("summary", has_text="Personal").click()
    visitor.go(button)
    visitor.press("Bekräfta")


def add_records_officer(running: Running, name: str, board: str) -> None:
    """Give one of the staff the register of a board, on the command line."""
    app = create_app(settings(f"sqlite:///{running.folder}/kontakt.db"))
    (number,) = [person["number"] for person in demo.people() if person["name"] == name]
    words = ["member", "add", number, "records_officer", "--name", name, "--board", board]
    assert app.test_cli_runner().invoke(args=words).exit_code == 0
    with app.app_context():
        db.engine().dispose()


def open_menu(member: Visitor) -> None:
    """Open the menu of staff, which is folded on a telephone."""
    folded = member.page.locator(".staff-menu:not([open]) > summary:visible")
    if folded.count():
        folded.click()


def sign_out(member: Visitor) -> None:
    """Sign out from a page of the back office."""
    open_menu(member)
    member.press("Logga ut")


def work_as(member: Visitor, name: str, role: str) -> None:
    """Sign in, and choose one of several roles: the session keeps it."""
    member.open("/handlaggning/")
    confirm(member, name)
    open_menu(member)
    member.page.get_by_label("Arbeta som").select_option(label=role)
    member.press("Byt")


def find(officer: Visitor, sent: Sent) -> None:
    """From the queue to the case."""
    officer.open("/handlaggning/?vy=newest")
    officer.go(officer.page.locator("tr", has_text=sent.number).get_by_role("link"))
    assert officer.h1 == sent.subject


def take(officer: Visitor) -> None:
    """Begin to handle the case that is open."""
    officer.press("Börja handlägga")
    officer.sees("Du handlägger ärendet.")


def choose_tab(officer: Visitor, action: str) -> None:
    """Choose what to write on the page of a case."""
    officer.page.locator(f"label[for=skriv-{action}]").click()


def note(officer: Visitor, text: str) -> None:
    """Write something between colleagues."""
    choose_tab(officer, "note")
    officer.page.locator("#note-body").fill(text)
    officer.press("Spara anteckningen")
    officer.sees(text)


def ask_for_more(officer: Visitor, text: str, until: str) -> None:
    """Ask the sender for something more, by a day."""
    choose_tab(officer, "request_supplement")
    officer.page.get_by_label("Din fråga", exact=True).fill(text)
    officer.page.get_by_label("Svara senast, om det finns en sista dag").fill(until)
    officer.press("Skicka frågan")
    officer.sees("Frågan ")


def extend(officer: Visitor, until: str, reason: str) -> None:
    """Promise the answer for a later day."""
    officer.page.get_by_text("Flytta fram svaret", exact=True).click()
    officer.page.get_by_label("Ny sista dag för svaret").fill(until)
    officer.page.get_by_label("Skälet").fill(reason)
    officer.press("Meddela ny dag")
    officer.sees("Svaret är flyttat till")


def answer(officer: Visitor, text: str, button: str = "Skicka svar") -> None:
    """Answer the case that is open."""
    officer.page.get_by_label("Ditt svar", exact=True).fill(text)
    officer.press(button)
    officer.sees(text)
