"""The compilations of the law: exact for those who see the cases, and whole quarters for the others."""

import time_machine
from flask import Flask

from portal.cases.improvements import commands
from portal.cases.measures import actions as measures
from portal.identity.actors import Role, Staff
from tests import factories
from tests.integration.test_improvements import made
from tests.page import Document
from tests.plain_text import plain
from tests.web.steps import SignIn

COMPILED = "/handlaggning/sammanstallningar"


def test_heads_have_the_exact_numbers_of_any_days(
    app: Flask, staff_page: SignIn, travel: time_machine.Traveller
) -> None:
    shown = staff_page(of_the_school(6)).get(f"{COMPILED}?vad=skola")
    assert cells_of(shown) == ["April–maj 2026", "Förskola och skola", "6", "1", "0", "1"]
    assert "ärenden: 1" in shown.text


def test_others_have_whole_quarters_that_have_ended_without_small_numbers(
    app: Flask, staff_page: SignIn, travel: time_machine.Traveller
) -> None:
    of_the_school(6)
    owner = factories.member("eva", Role.PROCESS_OWNER, None)
    # With days of their own choice they could count single cases: a day more, and the difference.
    assert "Inget kom in" in staff_page(owner).get(f"{COMPILED}?vad=skola&fran=2026-05-01").text
    travel.move_to("2026-07-01 08:00:00Z")
    browser = staff_page(owner)
    for days in ("", "&fran=2026-06-30&till=2026-06-30", "&fran=2026-04-01&till=2026-07-01"):
        shown = browser.get(f"{COMPILED}?vad=skola{days}")
        cells = ["April–juni 2026", "Förskola och skola", "6", "färre än fem", "0", "färre än fem"]
        assert cells_of(shown) == cells
        assert not shown.has("td a")
        assert "ärenden:" not in shown.text


def of_the_school(count: int) -> Staff:
    """A head of the school, which has so many cases, one with a measure and an improvement."""
    school = factories.member("anna", Role.HEAD_OF_UNIT, "grundskola")
    receipts = [factories.send_in(category="skola") for _ in range(count)]
    factories.act(measures.note_measure, school, receipts[0], "Ny rutin.")
    factories.act(commands.link, school, receipts[0], made(school, "grundskola"))
    return school


def cells_of(shown: Document) -> list[str]:
    return [
        plain(cell.get_text(" ", strip=True)).removesuffix(" April–maj 2026")
        for cell in shown.all("tbody td")
    ]
