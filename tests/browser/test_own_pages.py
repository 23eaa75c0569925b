"""Mina sidor: a draft that is saved and sent, what was sent, the search, who has read, and all about me."""

import json
import pathlib

import pytest

from tests.browser import steps
from tests.browser.conftest import Visit
from tests.browser.visitor import Screen, Visitor


@pytest.mark.parametrize(
    "screen",
    [Screen(320, "light", False), pytest.param(Screen(1280, "dark", True), marks=pytest.mark.full)],
    ids=str,
)
def test_a_person_saves_sends_finds_and_takes_a_copy(visit: Visit, screen: Screen) -> None:
    citizen, officer = visit(screen), visit(screen)
    subject = steps.unique("Trasig gatlykta")
    steps.sign_in_to_mina_sidor(citizen, steps.MARIA)
    citizen.open("/lamna/felanmalan")
    citizen.write(subject=subject)
    citizen.press("Spara utkast")
    citizen.sees("Utkastet är sparat.")
    citizen.follow(f"Fortsätt {subject}")
    citizen.page.get_by_label("Ämne", exact=True).select_option(label="Parker och lekplatser")
    citizen.write(body="Lyktan vid dammen är släckt. " + "Donaudampfschifffahrtsgesellschaft" * 5)
    citizen.page.get_by_label("Mina sidor", exact=True).check()
    citizen.page.get_by_label("Med e-post", exact=True).check()
    citizen.page.get_by_label("E-postadress för meddelanden").fill("maria@exempel.se")
    citizen.press("Skicka felanmälan")
    number = citizen.page.locator("main .number").inner_text()
    steps.sign_in(officer)
    officer.open(f"/handlaggning/arenden/{number}")
    look_around(citizen, subject, number)


def look_around(citizen: Visitor, subject: str, number: str) -> None:
    """The lists of a person's own, and the copy of what is held."""
    citizen.open("/mina-sidor")
    assert not citizen.page.locator("#utkast").count()
    citizen.sees("Lyktan vid dammen är släckt.")
    citizen.follow("Meddelanden")
    citizen.sees("m•••@exempel.se")
    citizen.follow("Mina ärenden")
    citizen.page.get_by_label("Sök i dina ärenden").fill("lyktan dammen")
    citizen.press("Sök")
    citizen.follow(subject)
    citizen.follow("Vem har öppnat ärendet?")
    citizen.sees("Handläggare, Parkenheten")
    citizen.open("/mina-sidor/allt-om-mig")
    with citizen.page.expect_download() as waiting:
        citizen.page.get_by_role("link", name="Hämta som JSON").click()
    held = json.loads(pathlib.Path(waiting.value.path()).read_text(encoding="utf-8"))
    assert number in [case["number"] for case in held["cases"]]
