"""The list of cases without a handler, and the page that places one: who sees it, and what it never shows."""

from collections.abc import Callable

import pytest
from flask import Flask

from portal import db
from portal.cases.actions import handling, routing
from portal.cases.intake.submission import Receipt
from portal.identity import commands as identity
from portal.identity import queries as people
from portal.identity.actors import Role, Staff
from portal.organisation import queries as organisation
from tests import factories
from tests.page import Document, Page
from tests.web import steps

Send = Callable[..., Receipt]
LIST = "/handlaggning/utan-handlaggare"
SUBJECT, BODY, NAME = "Gungan är trasig", "Rosten syns överallt.", "Maja Ek"


@pytest.fixture
def registrar(app: Flask, travel: steps.Travel) -> Staff:
    return factories.member("eva", Role.REGISTRAR, None)


@pytest.fixture
def page(registrar: Staff, staff_page: steps.SignIn) -> Page:
    """The browser of Eva, a registrar."""
    return staff_page(registrar)


@pytest.fixture
def sent(app: Flask, travel: steps.Travel) -> Send:
    """Sends a case of Maja's in, about a topic."""

    def send(category: str = "gator") -> Receipt:
        with app.app_context():
            more = {"name": NAME, "email": "maja@exempel.se"}
            return factories.send_in(category=category, subject=SUBJECT, body=BODY, **more)

    return send


def address(receipt: Receipt) -> str:
    return f"{LIST}/{factories.number(receipt)}"


def head_of(administration: str) -> Staff:
    with db.transaction():
        found = organisation.administration(administration)
        assert found
        scope = identity.MembershipScope(administration=found.id)
        number = factories.NUMBERS["samir"]
        return people.as_staff(identity.add_member("Samir", number, Role.HEAD_OF_ADMINISTRATION, scope))


def assert_shows_nothing_sent(shown: Document) -> None:
    for text in (SUBJECT, BODY, NAME, "maja@exempel.se"):
        assert text not in shown.html


def test_the_menu_counts_and_the_list_shows_number_age_unit_and_topic(page: Page, sent: Send) -> None:
    receipt = sent()
    queue = page.get("/handlaggning/")
    assert queue.links["Utan handläggare 1"] == LIST
    shown = page.get(LIST)
    assert shown.h1 == "Utan handläggare"
    assert shown.text_of(".views [aria-current]") == "Utan handläggare 1"
    assert f"Placera {factories.number(receipt)}" in shown.links
    assert "Gatuenheten" in shown.text
    assert "Gator" in shown.text
    assert_shows_nothing_sent(shown)


def test_nothing_that_was_sent_is_shown_of_a_case_with_secrecy_and_its_page_is_not_found(
    staff_page: steps.SignIn, sent: Send
) -> None:
    page, receipt = staff_page(head_of("social")), sent("aldre")
    shown = page.get(LIST)
    assert f"Placera {factories.number(receipt)}" in shown.links
    form = page.get(address(receipt))
    for document in (shown, form):
        assert_shows_nothing_sent(document)
        assert not document.has(f"a[href$='/arenden/{factories.number(receipt)}']")
    for tail in ("", "/utskrift", "/liknande"):
        page.get(steps.case_address(factories.number(receipt), tail), 404)
    assert steps.count("read_log") == 0


def test_a_case_is_placed_and_has_left_the_list(page: Page, staff_page: steps.SignIn, sent: Send) -> None:
    factories.member("anna", unit="park")
    receipt = sent()
    form = page.get(address(receipt))
    options = [tag.get_text() for tag in form.all("#to option")]
    assert options == ["Välj", "Parkenheten", "Anna"]
    done = page.follow(page.submit(form, "main form", changes={"to": "park"}))
    assert done.text_of(".ds-alert[data-color=success]") == f"{factories.number(receipt)} är placerat."
    assert "Alla ärenden har en handläggare" in done.text
    anna = staff_page(factories.member("anna", unit="park"))
    assert anna.get(steps.case_address(factories.number(receipt))).h1 == SUBJECT


def test_a_case_is_given_to_a_handler(page: Page, sent: Send) -> None:
    anna, receipt = factories.member("anna", unit="park"), sent()
    page.submit(page.get(address(receipt)), "main form", changes={"to": f"park-{anna.membership}"})
    assert factories.case(receipt).officer_id == anna.membership


@pytest.mark.parametrize("chosen", ["", "gata", "bygg", "finns-inte", "park-4711"])
def test_another_choice_is_refused_and_the_form_comes_back(page: Page, chosen: str, sent: Send) -> None:
    factories.member("anna", unit="park")
    factories.member("samir", unit="bygg")
    receipt = sent()
    fields = {"to": chosen, "version": "1", "csrf_token": steps.token(page)}
    refused = page.post(address(receipt), fields, 422)
    assert "Välj en enhet eller en handläggare i listan" in refused.text
    assert factories.case(receipt).handling_unit.key == "gata"


def test_without_a_unit_to_choose_the_page_says_so_and_another_board_is_no_choice(
    page: Page, sent: Send
) -> None:
    factories.member("samir", unit="bygg")
    receipt = sent()
    shown = page.get(address(receipt))
    assert not shown.has("#to")
    assert "Ingen enhet i nämnden har en handläggare" in shown.text
    assert "Till en annan nämnd går det inte" in shown.text
    fields = {"to": "bygg", "version": "1", "csrf_token": steps.token(page)}
    page.post(address(receipt), fields, 422)
    assert factories.case(receipt).handling_unit.key == "gata"


def test_a_case_that_changed_is_shown_again_with_the_choice(page: Page, sent: Send) -> None:
    factories.member("anna", unit="park")
    receipt = sent()
    form = page.get(address(receipt))
    with db.transaction() as writer:
        case = writer.get_one(type(factories.case(receipt)), receipt.case)
        case.record_request = True
    late = page.submit(form, "main form", changes={"to": "park"}, status=409)
    assert "Ärendet ändrades medan du valde." in late.text
    assert steps.chosen(late, "to") == "park"
    page.submit(late, "main form", status=303)
    assert factories.case(receipt).handling_unit.key == "park"


def test_who_comes_second_sees_the_list_and_changes_nothing(page: Page, sent: Send) -> None:
    factories.member("anna", unit="park")
    receipt = sent()
    form = page.get(address(receipt))
    page.submit(form, "main form", changes={"to": "park"})
    second = page.submit(form, "main form", changes={"to": "park"}, status=409)
    assert "Ärendet finns inte i listan." in second.text
    assert [entry.event for entry in factories.entries(receipt)] == ["CaseReceived", "CasePlaced"]


def test_a_case_with_a_handler_answers_as_one_that_does_not_exist(page: Page, sent: Send) -> None:
    factories.member("anna", unit="park")
    receipt = sent("parker")
    missing = page.get(f"{LIST}/KB-2026-009999", 404)
    assert page.get(address(receipt), 404).text == missing.text
    fields = {"to": "park", "version": "1", "csrf_token": steps.token(page)}
    gone = page.post(f"{LIST}/KB-2026-009999", fields, 409)
    assert page.post(address(receipt), fields, 409).text == gone.text


def test_registrars_leave_it_to_the_head_of_the_administration(
    page: Page, staff_page: steps.SignIn, sent: Send
) -> None:
    receipt, head = sent(), head_of("samhallsbyggnad")
    page.get(address(receipt), 404)
    assert "Utan handläggare 0" in page.get("/handlaggning/").links
    assert "Utan handläggare 1" in staff_page(head).get("/handlaggning/").links


def test_an_officer_has_no_such_list(staff_page: steps.SignIn, sent: Send) -> None:
    page, receipt = staff_page(factories.member()), sent()
    assert not [label for label in page.get("/handlaggning/").links if label.startswith("Utan handläggare")]
    page.get(LIST, 404)
    page.get(address(receipt), 404)
    page.post(address(receipt), {"to": "park", "csrf_token": steps.token(page)}, 404)


def test_a_form_without_its_token_places_nothing(page: Page, sent: Send) -> None:
    factories.member("anna", unit="park")
    receipt = sent()
    page.post(address(receipt), {"to": "park", "version": "1"}, 422)
    assert factories.case(receipt).handling_unit.key == "gata"


def test_a_task_without_a_handler_has_no_button(page: Page, sent: Send) -> None:
    receipt = sent()
    shown = page.get(steps.case_address(factories.number(receipt)))
    assert "Ärendet har ingen handläggare." in shown.text
    assert not shown.has("form[action*='/uppgifter/']")


@pytest.fixture
def left(app: Flask, travel: steps.Travel) -> Receipt:
    """A case whose officer and contact person Anna has left, before any worker has looked at it."""
    anna, receipt = factories.member(), factories.send_in()
    factories.act(handling.take, anna, receipt)
    factories.act(routing.name_contact, anna, receipt, people.membership(anna.membership))
    with db.transaction():
        identity.end_membership(anna.membership or 0)
    return receipt


def test_an_ended_membership_is_no_officer_on_staff_pages(left: Receipt, staff_page: steps.SignIn) -> None:
    page = staff_page(factories.member("samir"))
    queue = page.get("/handlaggning/?vy=unassigned")
    assert [tag.get_text(strip=True) for tag in queue.all("td.handler")] == ["Ingen"]
    names = [tag.get_text() for tag in queue.all("[name=handlaggare] option")]
    assert "Jag" in names
    assert "Anna" not in "".join(names)
    shown = page.get(steps.case_address(factories.number(left)))
    assert "Kontaktperson" not in [tag.get_text() for tag in shown.all("dt")]


def test_the_sender_reads_the_name_of_the_unit_once_the_officer_has_left(
    app: Flask, travel: steps.Travel, page: Page
) -> None:
    visitor = Page(page.client)
    opened = steps.opened(visitor, {"category": "parker"})
    assert "Skicka till Parkenheten" in opened.text
    anna = factories.member()
    with db.transaction() as writer:
        case = next(iter(writer.query(type(factories.case(_only())))))
        case.officer_id = case.contact_id = anna.membership
    assert "Skicka till Anna" in steps.latest(visitor).text
    with db.transaction():
        identity.end_membership(anna.membership or 0)
    shown = steps.latest(visitor)
    assert "Skicka till Parkenheten" in shown.text
    assert "Anna" not in shown.text


def _only() -> Receipt:
    """The receipt of the only case there is."""
    return Receipt(1, 2026, 1, None, True)
