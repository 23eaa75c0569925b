"""Each state of the pages of staff has words of its own."""

from datetime import date

import pytest
from flask import Flask

from portal.cases.actions import extensions, handling
from portal.cases.deadlines import SOON
from portal.cases.intake.submission import Receipt
from portal.cases.queue import listing
from portal.cases.queue.filters import View
from portal.identity.actors import Role, Staff
from portal.words import dates
from tests import factories
from tests.page import Document, Page
from tests.web import steps


def heads(shown: Document) -> str:
    return shown.text_of(".empty h2")


def test_each_view_says_in_its_own_words_that_it_is_empty(page: Page, anna: Staff) -> None:
    said = {
        view: heads(page.get("/handlaggning/", query_string={"vy": view})) for view in listing.views(anna)
    }
    assert set(said) == set(View)
    assert len(set(said.values())) == len(said)
    assert said[View.OVERDUE] == "Inget är försenat"
    assert f"högst {dates.number_word(SOON)} arbetsdagar" in page.get("/handlaggning/?vy=due_soon").text


def test_amber_and_its_view_use_one_number(
    anna: Staff, sent: Receipt, staff_page: steps.SignIn, travel: steps.Travel
) -> None:
    seen = {}
    for day in (8, 11, 12, 13):
        travel.move_to(f"2026-05-{day:02}T08:00:00+00:00")
        page = staff_page(anna)
        due = page.get("/handlaggning/").find("td.due")
        in_view = page.get("/handlaggning/?vy=due_soon").has("td.due")
        assert (due["data-state"] == "soon") is in_view
        seen[due.get_text(" ", strip=True).rpartition("maj ")[2]] = in_view
    assert (seen[f"{SOON} arbetsdagar kvar"], seen[f"{SOON + 1} arbetsdagar kvar"]) == (True, False)


def test_a_moved_day_is_on_the_row_with_its_reason(page: Page, anna: Staff, sent: Receipt) -> None:
    factories.act(extensions.extend, anna, sent, date(2026, 5, 25), "Vi väntar på besiktningen")
    assert page.get("/handlaggning/").text_of(".moved") == "Ny dag: Vi väntar på besiktningen"
    factories.act(extensions.extend, anna, sent, date(2026, 5, 27), "Vi väntar. " * 20)
    assert page.get("/handlaggning/").text_of(".moved").endswith("…")


def test_an_anonymous_sender_has_nothing_to_protect(app: Flask, page: Page, sent: Receipt) -> None:
    protects = "form[action$='/protect']"
    assert page.get(steps.case_address(factories.number(sent))).has(protects)
    anonymous = factories.send_in()
    assert not page.get(steps.case_address(factories.number(anonymous))).has(protects)


def test_a_reader_has_no_empty_panel(app: Flask, sent: Receipt, staff_page: steps.SignIn) -> None:
    shown = staff_page(factories.records_officer("park")).get(steps.case_address(factories.number(sent)))
    assert all(group.find(["a", "form"]) for group in shown.all(".reach"))
    assert "Till invånaren" not in shown.text


def test_what_cannot_be_done_with_any_of_them_has_no_button(page: Page, sent: Receipt) -> None:
    fields = {"csrf_token": steps.token(page), "action": "close", "case": factories.number(sent)}
    asked = page.post("/handlaggning/flera", fields, 200)
    assert asked.h1 == "Inget av ärendena går att avsluta: de är inte besvarade"
    assert not asked.has("main button")
    assert asked.find("main a.ds-button")["data-variant"] == "secondary"


def test_an_answer_that_came_too_late_says_once_where_it_is(page: Page, anna: Staff, sent: Receipt) -> None:
    number = factories.number(sent)
    shown = page.get(steps.case_address(number))
    factories.act(handling.take, factories.member("samir"), sent)
    late = page.post(steps.case_address(number, "/answer"), answer_fields(shown), 409)
    assert "Svaret är inte skickat. Din text är sparad som utkast." in late.text
    assert "inget är sparat" not in late.text.lower()


def answer_fields(shown: Document) -> dict[str, str]:
    form = shown.find("form[action$='/answer']")
    hidden = {str(field["name"]): str(field.get("value", "")) for field in form.select("input[type=hidden]")}
    return hidden | {"body": "Parken öppnar i maj."}


def test_a_role_that_reads_no_case_is_named(app: Flask, staff_page: steps.SignIn) -> None:
    shown = staff_page(factories.member("eva", Role.ANALYST, None)).get("/handlaggning/", 403)
    assert shown.h1 == "Din roll läser inga ärenden"
    assert "Du arbetar som analytiker." in shown.text


def test_a_lost_address_keeps_the_menu_of_staff(page: Page) -> None:
    for address in ("/handlaggning/finns-inte", steps.case_address("KB-2026-000099")):
        lost = page.get(address, 404)
        assert lost.h1 == "Sidan finns inte"
        assert lost.links["Ärenden"] == "/handlaggning/"
    assert not page.get("/finns-inte", 404).has(".staff-menu")


@pytest.mark.parametrize("name", ["Samir", "Anna"])
def test_an_assignment_says_who_handles_the_case_now(
    page: Page, sent: Receipt, anna: Staff, name: str
) -> None:
    other = anna if name == "Anna" else factories.member(name.lower())
    shown = page.follow(
        steps.act(page, factories.number(sent), "assign", changes={"officer": str(other.membership)})
    )
    assert f"{name} handlägger nu ärendet." in shown.text
