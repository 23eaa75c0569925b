"""What one sees before one writes, and an appeal that was sent here: marked, and passed on."""

import pytest

from tests.browser import steps
from tests.browser.conftest import Visit
from tests.browser.visitor import Screen, Visitor

SMALL, WIDE = Screen(320, "dark", script=False), Screen(1280, "light")


def read_before_writing(who: Visitor) -> None:
    """The procedures at the topic, and what belongs elsewhere."""
    who.open("/lamna/klagomal")
    for summary in who.page.locator("details.right-way > summary").all():
        summary.click()
    who.look()


def mark_as_appeal(officer: Visitor, subject: str) -> None:
    """Find a case by its subject, and mark it."""
    officer.open("/handlaggning/?vy=newest")
    officer.go(officer.page.locator("main a", has_text=subject).first)
    open_form(officer, "flag_matter")
    officer.page.locator("form[action$='/flag_matter'] [name=matter]").select_option("appeal")
    officer.go(officer.page.locator("form[action$='/flag_matter'] button"))


def pass_on(officer: Visitor, recipient: str) -> None:
    """Close the marked case as passed on to another authority."""
    open_form(officer, "forward")
    officer.page.locator("form[action$='/forward'] [name=recipient]").fill(recipient)
    officer.go(officer.page.locator("form[action$='/forward'] button"))


def open_form(officer: Visitor, name: str) -> None:
    """Unfold the form of an action."""
    officer.page.locator(f"details:has(form[action$='/{name}']) > summary").first.click()


@pytest.mark.parametrize(("first", "second"), [(SMALL, WIDE), (WIDE, SMALL)], ids=["small", "wide"])
def test_an_appeal_that_was_sent_here_is_passed_on(visit: Visit, first: Screen, second: Screen) -> None:
    citizen, officer = visit(first), visit(second)
    read_before_writing(citizen)
    subject = steps.unique("Jag vill ändra beslutet om skolskjuts")
    steps.fill(citizen, subject)
    citizen.press("Skicka klagomålet")
    sent = steps.receipt(citizen, subject)
    steps.sign_in(officer)
    mark_as_appeal(officer, subject)
    officer.sees("Överklagande: det här ska tas emot även om det kom fel.")
    pass_on(officer, "Förvaltningsrätten")
    officer.sees("Lämnat till den som ska ha det")
    steps.open_case(citizen, sent)
    citizen.sees("Vi har lämnat det du skickade till Förvaltningsrätten")
