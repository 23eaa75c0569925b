"""A handover to another authority on the pages: the form that asks, the shut door, the old board's page."""

import pytest
from flask import Flask

from portal import db
from portal.cases.actions import handling, routing, secrecy, subjects
from portal.cases.authority.placement import place
from portal.cases.enums import HandoverGround, Kind, Secrecy
from portal.cases.intake.submission import Receipt
from portal.cases.locations.rules import Location
from portal.cases.measures import actions as measures
from portal.cases.models import Case
from portal.formats.places.coordinates import Spot
from portal.identity.actors import Role, Staff
from portal.organisation import queries as organisation
from portal.organisation.models import Unit
from tests import factories
from tests.factories import records_officer
from tests.page import Document, Page
from tests.plain_text import plain
from tests.web import steps

NOTE = "Ni känner skolan."
ASKED = "Ärendet går till en annan nämnd eller verksamhetsgren. Se vad som följer med och välj grund."
FORM = "form[action$='/hand_over']"


def hand_over(page: Page, sent: Receipt, status: int = 303, **fields: str) -> Document:
    return steps.act(page, factories.number(sent), "hand_over", changes=fields, status=status)


def gone(page: Page, sent: Receipt, ground: str = "no_secrecy") -> None:
    """To the school, after the question."""
    asked = hand_over(page, sent, 422, to="unit-grundskola", note=NOTE)
    page.submit(asked, FORM, changes={"ground": ground})


def grounds(shown: Document) -> list[str]:
    """The values that can be chosen."""
    return [str(each["value"]) for each in shown.all("[name=ground]")]


def is_secret(receipt: Receipt, provision: str) -> None:
    with db.transaction() as writer:
        case = writer.get(Case, receipt.case)
        assert case
        case.secrecy = Secrecy.MARKED
        case.secrecy_provision = provision


def test_a_case_leaves_its_board_after_a_question_that_shows_what_goes_along(
    page: Page, anna: Staff, sent: Receipt
) -> None:
    factories.act(handling.note, anna, sent, "Bara för oss.")
    assert not page.get(steps.case_address(factories.number(sent))).has("[name=ground]")
    asked = hand_over(page, sent, 422, to="unit-grundskola", note=NOTE)
    assert asked.errors() == [ASKED]
    assert asked.find(".ds-error-summary a")["href"] == "#hand_over-ground"
    assert asked.find("#hand_over-ground")["value"] == "no_secrecy"
    assert asked.find("#hand_over-to [selected]")["value"] == "unit-grundskola"
    assert steps.kept(asked, "hand_over-note") == NOTE
    assert not asked.has("[name=ground][checked]")
    rows = [row.get_text(" ", strip=True) for row in asked.all(".outgoing li")]
    assert ["Följer med" in rows[0], "Stannar kvar." in rows[1], "Bara för oss." in rows[1]] == [True] * 3
    shown = page.follow(page.submit(asked, FORM, changes={"ground": "no_secrecy"}))
    assert (shown.path, "Ärendet är överlämnat." in shown.text) == ("/handlaggning/", True)


def test_the_old_door_is_shut_and_the_new_one_open(
    page: Page, sent: Receipt, staff_page: steps.SignIn
) -> None:
    gone(page, sent)
    address = steps.case_address(factories.number(sent))
    for part in ("", "/liknande", "/utskrift", "/arende.pdf"):
        page.get(address + part, 404)
    shown = staff_page(factories.member("eva", unit="grundskola")).get(address)
    assert NOTE in shown.text
    assert "Utbildnings- och kulturnämnden" in shown.text_of(".facts")


def test_page_and_paper_name_the_board_that_answers_not_that_of_who_handles(
    sent: Receipt, staff_page: steps.SignIn
) -> None:
    with db.transaction() as writer:
        case = writer.get_one(Case, sent.case)
        desk = organisation.unit("medborgarservice")
        assert desk
        place(case, case.category, case.responsible_unit, writer.get_one(Unit, desk.id))
    page = staff_page(factories.member("eva", Role.REGISTRAR, None))
    for part in ("", "/utskrift"):
        shown = page.get(steps.case_address(factories.number(sent), part))
        terms = {tag.get_text(strip=True): tag for tag in shown.all("dt")}
        board = terms["Nämnd"].find_next_sibling("dd")
        assert board
        assert board.get_text(strip=True) == "Tekniska nämnden"
        assert "Kommunstyrelsen" not in shown.text


def test_a_case_with_secrecy_says_what_remains(page: Page, sent: Receipt) -> None:
    is_secret(sent, "OSL 26:1")
    asked = hand_over(page, sent, 422, to="unit-grundskola", note=NOTE)
    assert "Ärendet har sekretess. Välj samtycke eller en bestämmelse." in asked.errors()[0]
    assert "be avsändaren skriva till rätt nämnd" in asked.errors()[0]
    assert grounds(asked) == ["consent", "provision-nodvandigt", "provision-uppgiftsskyldighet"]
    assert steps.kept(asked, "hand_over-note") == NOTE


def test_a_ground_that_is_not_offered_is_refused(page: Page, sent: Receipt) -> None:
    is_secret(sent, "OSL 26:1")
    asked = hand_over(page, sent, 422, to="unit-grundskola")
    fields = asked.form(FORM).fields()
    address = steps.case_address(factories.number(sent), "/hand_over")
    for ground in ("provision-generalklausulen", "provision-annan", "reorganised", "x"):
        refused = page.post(address, fields | {"ground": ground, "note": NOTE}, 422)
        assert refused.errors() == ["Grunden går inte att välja här. Välj en i listan."]
        assert steps.kept(refused, "hand_over-note") == NOTE
        assert "generalklausulen" not in " ".join(grounds(refused))


def test_the_unit_that_has_the_case_already_is_said(page: Page, sent: Receipt) -> None:
    refused = hand_over(page, sent, 422, to="unit-park", note=NOTE)
    assert refused.errors() == ["Ärendet finns redan där. Välj något annat."]
    assert steps.kept(refused, "hand_over-note") == NOTE


def test_the_sender_reads_who_answers_and_that_the_promise_holds(
    app: Flask, page: Page, sent: Receipt
) -> None:
    gone(page, sent)
    browser = Page(app.test_client())
    assert sent.code
    shown = browser.follow(steps.open_case(browser, factories.number(sent), sent.code))
    assert "Utbildnings- och kulturnämnden svarar nu. Löftet gäller: senast" in shown.text
    assert "Ärendet lämnades över. Utbildnings- och kulturnämnden svarar nu." in shown.text
    assert NOTE not in shown.text


@pytest.fixture
def keeper(sent: Receipt) -> Staff:
    return records_officer("park", "samir")


def test_the_old_boards_records_officer_reads_what_was_there(
    page: Page, sent: Receipt, keeper: Staff, staff_page: steps.SignIn
) -> None:
    factories.act(measures.propose, factories.member(), sent, "En skylt samma dag.")
    gone(page, sent)
    school = factories.member("eva", unit="grundskola")
    factories.act(handling.answer, school, sent, "Skolans svar.")
    reader = staff_page(keeper)
    before = steps.count("read_log")
    shown = reader.get(steps.case_address(factories.number(sent)))
    assert "Utbildnings- och kulturnämnden svarar för ärendet sedan" in shown.text
    facts = shown.text_of(".facts")
    assert ("Tekniska nämnden" in facts, "Grundskoleenheten" in facts) == (True, True)
    assert ("Det som följer med har ingen sekretess" in facts, NOTE in shown.text) == (True, True)
    assert "En skylt samma dag." in shown.text
    assert "Skolans svar." not in shown.text
    assert "Besvarat" not in shown.text
    assert not shown.has("main form")
    assert steps.count("read_log") == before + 1


def test_the_old_boards_page_has_the_marks_of_that_board_and_none_since(
    page: Page, sent: Receipt, keeper: Staff, staff_page: steps.SignIn, anna: Staff
) -> None:
    (first,) = [message.id for message in factories.case(sent).messages]
    factories.act(secrecy.mark_message, anna, sent, message=first, provision="halsa")
    gone(page, sent, "consent")
    school = factories.member("eva", unit="grundskola")
    reader, address = staff_page(keeper), steps.case_address(factories.number(sent))
    mark = reader.get(address).text_of(".message .secrecy")
    assert mark == "Sekretessmarkerat enligt OSL 21:1, 4 maj 2026, Tekniska nämnden"
    factories.act(secrecy.mark_message, school, sent, message=first, provision="skola")
    assert not reader.get(address).has(".message .secrecy")


def test_the_old_boards_records_officer_finds_it_nowhere_else(
    page: Page, sent: Receipt, keeper: Staff, staff_page: steps.SignIn
) -> None:
    gone(page, sent)
    reader, number = staff_page(keeper), factories.number(sent)
    for address in ("/handlaggning/", "/handlaggning/?q=lekplatsen"):
        assert number not in reader.get(address).text
    for part in ("/liknande", "/utskrift", "/arende.pdf"):
        reader.get(steps.case_address(number, part), 404)


def test_a_records_officer_of_another_board_gets_404(
    page: Page, sent: Receipt, staff_page: steps.SignIn
) -> None:
    gone(page, sent)
    staff_page(records_officer("aldre", "samir")).get(steps.case_address(factories.number(sent)), 404)


def test_the_old_boards_page_has_the_place_as_it_was_when_the_case_left(
    app: Flask, travel: steps.Travel, staff_page: steps.SignIn
) -> None:
    here = Location("Storgatan 12", Spot(55.63791, 13.09423), 19)
    report = factories.send_in(kind=Kind.FAULT_REPORT, category="gator", location=here)
    keeper = records_officer("gata", "samir")
    school, ground = organisation.unit("grundskola"), HandoverGround.NO_SECRECY
    registrar = factories.member("anna", Role.REGISTRAR, None)
    factories.act(routing.hand_over, registrar, report, school, ground=ground)
    officer = factories.member("eva", unit="grundskola")
    factories.act(handling.take, officer, report)
    factories.act(subjects.correct_place, officer, report, Location("Lundavägen 3"), "Storgatan 12.")
    shown = staff_page(keeper).get(steps.case_address(factories.number(report))).text_of(".facts")
    assert "Storgatan 12" in shown
    assert "55.63791, 13.09423 (på ungefär 19 meter när)" in plain(shown)
    assert "Lundavägen" not in shown
