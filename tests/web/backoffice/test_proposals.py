"""From a proposal to an improvement: on the page of the case, in the form, and on both lists."""

import pytest
from flask import Flask

from portal import clock, db
from portal.cases.actions import protection, routing, secrecy
from portal.cases.enums import HandoverGround, Kind
from portal.cases.intake.submission import Receipt
from portal.cases.measures import actions as measures
from portal.cases.models import Case
from portal.identity.actors import Role, Staff
from portal.organisation import queries as organisation
from tests import factories
from tests.integration.test_improvements import hide, links, made
from tests.page import Document, Page
from tests.web import steps
from tests.web.backoffice.test_improvements import address

MAKE = "Gör en förbättring av förslaget"
BODY = "En skylt vid varje ingång.\n\nSamma dag som lekplatsen stängs."


@pytest.fixture
def head(app: Flask, travel: steps.Travel) -> Staff:
    """The head of the park unit."""
    return factories.member("samir", Role.HEAD_OF_UNIT)


@pytest.fixture
def office(head: Staff, staff_page: steps.SignIn) -> Page:
    """The browser of the head."""
    return staff_page(head)


@pytest.fixture
def receipt(head: Staff) -> Receipt:
    """A case with a proposal."""
    receipt = factories.send_in()
    factories.act(measures.propose, head, receipt, BODY)
    return receipt


def opened(page: Page, receipt: Receipt) -> Document:
    return page.get(steps.case_address(factories.number(receipt)))


def form_address(page: Page, receipt: Receipt) -> str:
    return str(opened(page, receipt).find("[aria-labelledby=atgarder] a")["href"])


def test_a_proposal_becomes_an_improvement_and_both_pages_say_so(office: Page, receipt: Receipt) -> None:
    form = office.get(form_address(office, receipt))
    assert form.find("h1").get_text() == MAKE
    assert steps.kept(form, "title") == "En skylt vid varje ingång."
    assert steps.kept(form, "plan").strip() == BODY
    assert steps.chosen(form, "unit") == "park"
    saved = office.follow(office.submit(form, "main form", changes={"due_on": "2026-06-01"}))
    assert "Förbättringen är sparad, och ärendet är kopplat till den." in saved.text
    assert factories.number(receipt) in saved.text_of("[aria-labelledby=forslag]")
    assert "Samma dag som lekplatsen stängs." in saved.text_of("[aria-labelledby=forslag]")
    for shown in (opened(office, receipt), office.get("/handlaggning/atgarder")):
        assert "Det blev en förbättring: En skylt vid varje ingång." in shown.text
        assert MAKE not in shown.links
    assert "Beslutat" in opened(office, receipt).text_of("[aria-labelledby=atgarder]")


def test_a_proposal_is_linked_to_an_improvement_that_is_there(
    office: Page, head: Staff, receipt: Receipt
) -> None:
    first = office.get(form_address(office, receipt))
    assert not first.has("#finns")
    row = made(head, title="Skyltar i alla parker")
    form = office.get(form_address(office, receipt))
    wrong = office.submit(form, "[aria-labelledby=finns] form", status=422)
    assert wrong.errors() == ["Välj en förbättring i listan"]
    assert steps.kept(wrong, "title") == "En skylt vid varje ingång."
    chosen = {"existing": str(row)}
    saved = office.follow(office.submit(wrong, "[aria-labelledby=finns] form", changes=chosen))
    assert saved.h1 == "Skyltar i alla parker"
    assert "Ärendet är kopplat till förbättringen." in saved.text
    assert "Samma dag som lekplatsen stängs." in saved.text_of("[aria-labelledby=forslag]")
    assert "Det blev en förbättring: Skyltar i alla parker" in opened(office, receipt).text
    late = office.submit(form, "main form", changes={"due_on": "2026-07-01"}, status=422)
    assert "Förslaget har redan blivit en förbättring." in late.errors()[0]
    # The second click leads to the same improvement.
    assert office.follow(office.submit(form, "[aria-labelledby=finns] form", changes=chosen)).h1 == saved.h1
    assert [link.improvement_id for link in links()] == [row]


def test_a_proposal_is_not_linked_to_what_the_writer_may_not_read(
    office: Page, head: Staff, receipt: Receipt
) -> None:
    theirs = made(factories.member("eva", Role.HEAD_OF_UNIT, "aldre"), "aldre")
    own = made(head)
    form = office.get(form_address(office, receipt))
    assert [option["value"] for option in form.all("#existing option")] == ["", str(own)]
    office.submit(form, "[aria-labelledby=finns] form", changes={"existing": str(theirs)}, status=422)
    assert links() == []


def test_what_a_sender_suggests_becomes_one_from_the_page_of_the_case(office: Page) -> None:
    receipt = factories.send_in(kind=Kind.SUGGESTION, subject="En bänk vid dammen")
    form = office.get(opened(office, receipt).links[MAKE])
    # The sender's own words would be read by people who may not read the case.
    assert steps.kept(form, "title") == ""
    assert "Skriv inget om enskilda personer." in form.text_of(".ds-field:has(#title)")
    written = {"due_on": "2026-06-01", "title": "Bänkar vid dammar"}
    saved = office.follow(office.submit(form, "main form", changes=written))
    assert "Förslag" in saved.text_of("[aria-labelledby=arenden]")
    assert [link.case_id for link in links()] == [receipt.case]
    assert MAKE not in opened(office, factories.send_in()).links


def test_a_second_tab_says_that_the_proposal_is_one_already_and_keeps_the_text(
    office: Page, receipt: Receipt
) -> None:
    where = form_address(office, receipt)
    first, second = office.get(where), office.get(where)
    office.submit(first, "main form", changes={"due_on": "2026-06-01"})
    late = office.submit(
        second, "main form", changes={"due_on": "2026-07-01", "title": "Skyltar"}, status=422
    )
    assert late.errors() == [
        "Förslaget har redan blivit en förbättring. Den finns bland ärendets förbättringar."
    ]
    assert steps.kept(late, "title") == "Skyltar"
    assert office.get(where, 422).errors() == late.errors()
    assert len(links()) == 1


def test_a_case_that_has_left_the_board_keeps_what_was_written(
    office: Page, head: Staff, receipt: Receipt
) -> None:
    form = office.get(form_address(office, receipt))
    school = organisation.category("skola")
    factories.act(routing.hand_over, head, receipt, school, HandoverGround.NO_SECRECY)
    gone = office.submit(form, "main form", changes={"due_on": "2026-07-01", "title": "Skyltar"}, status=422)
    assert "Ärendet kan ha lämnats till en annan nämnd" in gone.errors()[0]
    assert steps.kept(gone, "title") == "Skyltar"
    assert links() == []


@pytest.mark.parametrize("hidden", ["secrecy", "protected", "wish", "contested"])
def test_texts_of_a_case_or_sender_that_is_protected_are_not_copied(
    office: Page, head: Staff, receipt: Receipt, hidden: str
) -> None:
    match hidden:
        case "secrecy":
            factories.act(secrecy.mark_secrecy, head, receipt, "halsa")
        case "protected":
            factories.act(protection.protect, head, receipt)
        case _:
            set_on_case(receipt, hidden)
    form = office.get(form_address(office, receipt))
    assert steps.kept(form, "title") == steps.kept(form, "plan").strip() == ""
    assert steps.chosen(form, "unit") == "park"


def set_on_case(receipt: Receipt, hidden: str) -> None:
    """The sender's wish to be hidden from staff, or a reader that is contested."""
    with db.transaction() as writer:
        case = writer.get_one(Case, receipt.case)
        if hidden == "wish":
            case.hide_sender = True
        else:
            case.reader_contested_at = clock.now()


@pytest.mark.parametrize("query", ["arende=KB-2026-009999", "arende=x", "forslag=99", "forslag=x"])
def test_what_does_not_exist_for_the_reader_is_not_found(office: Page, receipt: Receipt, query: str) -> None:
    known = "" if query.startswith("arende") else f"arende={factories.number(receipt)}&"
    office.get(f"/handlaggning/forbattringar/ny?{known}{query}", 404)


def test_who_may_not_read_the_case_does_not_read_its_proposal(
    office: Page, receipt: Receipt, staff_page: steps.SignIn
) -> None:
    form = office.get(form_address(office, receipt))
    office.submit(form, "main form", changes={"due_on": "2026-06-01"})
    improvement = links()[0].improvement_id
    hide(receipt)
    registrar = staff_page(factories.member("anna", Role.REGISTRAR, None))
    assert not registrar.get(address(improvement)).has("[aria-labelledby=forslag]")


def test_registrars_make_no_improvement_of_a_proposal(receipt: Receipt, staff_page: steps.SignIn) -> None:
    page = staff_page(factories.member("anna", Role.REGISTRAR, None))
    assert MAKE not in opened(page, receipt).links
    page.get(f"/handlaggning/forbattringar/ny?arende={factories.number(receipt)}&forslag=1", 404)
