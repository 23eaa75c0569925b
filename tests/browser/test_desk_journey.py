"""A visitor signs in at the screen of the desk, and one on the phone reads a code aloud; without script."""

import pytest

from tests.browser import steps
from tests.browser.conftest import Visit
from tests.browser.visitor import Screen, Visitor

SCREENS = [
    (Screen(320, "light", script=False), Screen(1280, "dark")),
    (Screen(1280, "light"), Screen(320, "dark", script=False)),
]


def show_cases(officer: Visitor, visitor: Visitor) -> None:
    """The officer gives a number, and the visitor signs in with it and agrees."""
    officer.open("/handlaggning/fraga")
    officer.press("Visa ett nummer för besökaren")
    number = officer.page.locator("[data-number]").get_attribute("data-number") or ""
    visitor.open("/disken")
    visitor.write(number="1234")
    visitor.press("Fortsätt")
    visitor.sees("Numret gäller inte. Be personalen om ett nytt.")
    visitor.write(number=number)
    visitor.press("Fortsätt")
    visitor.go(visitor.page.get_by_role("button", name=steps.MARIA))
    visitor.press("Bekräfta")
    visitor.sees("Eva Nilsson")
    officer.go(officer.page.get_by_role("link", name="Visa personens ärenden"))
    officer.sees("Numret är inskrivet.")
    visitor.press("Visa mina ärenden")
    assert visitor.h1 == "Nu ser personalen dina ärenden"
    officer.go(officer.page.get_by_role("link", name="Visa personens ärenden"))
    assert officer.h1 == f"Ärenden för {steps.MARIA}"


@pytest.mark.parametrize("screens", [SCREENS[0], pytest.param(SCREENS[1], marks=pytest.mark.full)], ids=str)
def test_a_visitor_and_a_caller_are_served(visit: Visit, screens: tuple[Screen, Screen]) -> None:
    officer, visitor = visit(screens[0]), visit(screens[1])
    sent = steps.ask(visitor)
    steps.sign_in(officer, steps.EVA)
    show_cases(officer, visitor)
    officer.go(officer.page.locator("main .case-rows a").first)
    officer.sees("Så läser personen sitt ärende.")
    officer.press("Avsluta besöket")

    officer.write(number=sent.number, code="ABCD EFGH")
    officer.press("Visa ärendet")
    officer.sees("Numret och koden hör inte ihop.")
    officer.write(code=sent.code)
    officer.press("Visa ärendet")
    assert officer.h1 == sent.subject
    officer.press("Skriv in")
    officer.sees("Skriv vad personen berättade")
    officer.write(body="Hen undrar om lördagar också.")
    officer.page.locator("main [name=via]").select_option("phone")
    officer.press("Skriv in")
    officer.sees("nedskrivet av Eva Nilsson")
    officer.press("Avsluta besöket")

    officer.write(nummer=sent.number)
    officer.press("Visa det som är offentligt")
    assert officer.h1 == sent.number
    officer.sees_no(sent.subject)
    officer.open("/handlaggning/fraga/offentligt?nummer=KB-2026-999999")
    assert officer.h1 == "Det finns inget som du får berätta"
