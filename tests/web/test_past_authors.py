"""Who wrote and did something is shown as they were then, on every page of a case, after any change."""

from collections.abc import Callable

import pytest
from flask import Flask

from portal import db
from portal.cases.actions import handling, routing
from portal.cases.actions import sender as sender_actions
from portal.cases.intake.submission import Receipt, submit
from portal.cases.measures import actions as measures
from portal.identity import queries as people
from portal.identity.actors import Citizen, Role, Staff
from portal.organisation import queries as organisation
from portal.words.dates import breakable
from tests import factories
from tests.page import Page
from tests.staff_changes import CHANGES, end, rename_person, rename_unit
from tests.web import steps

pytestmark = pytest.mark.usefixtures("inside")

Change = Callable[[Staff], None]


@pytest.fixture
def anna(app: Flask, travel: steps.Travel) -> Staff:
    """Anna of the park unit."""
    return factories.member()


@pytest.fixture
def samir(anna: Staff) -> Staff:
    """Samir of the street unit, which has the same board."""
    return factories.member("samir", unit="gata")


@pytest.fixture
def maria(app: Flask) -> Citizen:
    return factories.citizen()


@pytest.fixture
def lived(anna: Staff, samir: Staff, maria: Citizen) -> Receipt:
    """A case of Maria's that Anna took, noted, answered and measured, and then handed to Samir's unit."""
    with db.transaction():
        receipt = submit(factories.new_case(email="maria@exempel.se", name="Maria"), maria)
    factories.act(handling.take, anna, receipt)
    factories.act(handling.note, anna, receipt, "Ringde.")
    factories.act(handling.answer, anna, receipt, "Den 1 juni.")
    factories.act(measures.propose, anna, receipt, "En skylt.")
    factories.act(measures.settle, anna, receipt, 1, measures.MeasureState.DECIDED)
    factories.act(sender_actions.reply, maria, receipt, "Tack.")
    factories.act(routing.hand_over, anna, receipt, organisation.unit("gata"))
    factories.act(handling.take, samir, receipt)
    return receipt


def handed_over(_actor: Staff) -> None:
    """The handover of the fixture is the change."""


AFTERWARDS = [handed_over, *CHANGES, end]


def headings(page: Page, address: str) -> list[str]:
    """The headings of messages and measures on a page, without those of the sender."""
    texts = [breakable(tag.get_text(" ", strip=True)) for tag in page.get(address).all("article h3")]
    return [heading for heading in texts if "Anna" in heading]


@pytest.mark.parametrize("change", AFTERWARDS)
def test_the_sender_reads_who_answered_as_they_were(
    lived: Receipt, anna: Staff, maria: Citizen, citizen_page: Callable[[Citizen], Page], change: Change
) -> None:
    change(anna)
    page = citizen_page(maria)
    address = f"/mina-sidor/arenden/{factories.number(lived)}"
    assert headings(page, address) == ["Svar från Anna, Parkenheten · handläggare"]
    lines = [" ".join(tag.get_text().split()) for tag in page.get(address).all(".timeline li")]
    assert lines[-2].startswith("Anna började handlägga")
    assert lines[-2].endswith("· handläggare, Parkenheten")
    assert "Anna Ek" not in page.get(address).text


@pytest.mark.parametrize("change", AFTERWARDS)
def test_the_holder_of_the_code_reads_the_same(
    app: Flask, page: Page, anna: Staff, samir: Staff, change: Change
) -> None:
    receipt = factories.send_in()
    factories.act(handling.answer, anna, receipt, "Den 1 juni.")
    change(anna)
    assert receipt.code
    shown = page.follow(steps.open_case(page, factories.number(receipt), receipt.code))
    assert "Svar från Anna, Parkenheten · handläggare" in " ".join(shown.text.split())


@pytest.mark.parametrize("part", ["", "/utskrift"])
@pytest.mark.parametrize("change", AFTERWARDS)
def test_staff_read_who_wrote_and_did_something_as_they_were(
    lived: Receipt, anna: Staff, samir: Staff, staff_page: steps.SignIn, change: Change, part: str
) -> None:
    change(anna)
    page = staff_page(samir)
    address = steps.case_address(factories.number(lived), part)
    assert headings(page, address)[:2] == [
        "Anna, Parkenheten · handläggare · bara för personal",
        "Svar från Anna, Parkenheten · handläggare",
    ]
    text = " ".join(page.get(address).text.split())
    assert "Anna, Parkenheten, " in text
    assert "Beslutat: Anna, Parkenheten, " in text
    assert "Anna svarade" in text
    assert ("Anna svarade (handläggare, Parkenheten)" in text) == bool(part)
    # The list of handlers and of those who are here names them as they are now.
    past = " ".join(tag.get_text() for tag in page.get(address).all("article, .timeline, table"))
    assert "Anna Ek" not in past


def test_the_trail_names_a_unit_as_it_was_called(
    lived: Receipt, samir: Staff, staff_page: steps.SignIn
) -> None:
    shown = staff_page(samir).get(steps.case_address(factories.number(lived)))
    assert "Anna lämnade över till Gatuenheten" in shown.text


def test_whoever_is_late_reads_who_was_first_as_they_were(
    app: Flask, anna: Staff, samir: Staff, staff_page: steps.SignIn
) -> None:
    receipt = factories.send_in()
    page = staff_page(factories.member("eva", Role.REGISTRAR, None))
    shown = page.get(steps.case_address(factories.number(receipt)))
    factories.act(handling.answer, anna, receipt, "Den 1 juni.")
    rename_person(anna)
    rename_unit(anna)
    refused = page.submit(shown, "form[action$='/answer']", changes={"body": "Mitt svar."}, status=409)
    text = " ".join(refused.text.split())
    assert "Svar från Anna, Parkenheten · handläggare" in text
    assert "Anna svarade i dag kl. 10.00 · handläggare, Parkenheten" in text


def test_mina_sidor_says_who_gave_the_last_answer_and_from_where(
    lived: Receipt, anna: Staff, maria: Citizen, citizen_page: Callable[[Citizen], Page]
) -> None:
    with db.transaction():
        receipt = submit(factories.new_case(email="maria@exempel.se", name="Maria"), maria)
    factories.act(handling.answer, anna, receipt, "Den 1 juni.")
    factories.act(handling.assign, anna, receipt, people.membership(factories.member("samir").membership))
    rename_person(anna)
    assert "Anna på Parkenheten svarade måndag 4 maj" in citizen_page(maria).get("/mina-sidor").text


def test_a_letter_names_the_author_and_not_the_handler(app: Flask, anna: Staff, samir: Staff) -> None:
    receipt = factories.send_in(email="maja@exempel.se", name="Maja")
    factories.act(handling.take, anna, receipt)
    factories.act(handling.answer, factories.member("eva", Role.REGISTRAR, None), receipt, "Den 1 juni.")
    taken, answered = (letter.text or "" for letter in factories.letters()[-2:])
    assert "Anna på Parkenheten har börjat ta hand om ditt klagomål." in taken
    assert "Eva på Medborgarservice har svarat på ditt klagomål." in answered


def test_the_preview_shows_the_author_as_the_sender_will_read_them(
    app: Flask, anna: Staff, staff_page: steps.SignIn
) -> None:
    receipt = factories.send_in(email="maja@exempel.se", name="Maja")
    page = staff_page(factories.member("eva", Role.REGISTRAR, None))
    shown = page.get(steps.case_address(factories.number(receipt)))
    changes = {"body": "Den 1 juni."}
    preview = page.follow(
        page.submit(shown, "form[action$='/answer']", changes=changes, button="Förhandsgranska")
    )
    assert "Svar från Eva, Medborgarservice" in preview.text
    assert "Eva på Medborgarservice har svarat" in preview.text
