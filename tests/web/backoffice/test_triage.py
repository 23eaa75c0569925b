"""Triage: what a row of the queue says of a case, and cases that are given away without leaving the list."""

import pytest
from flask import Flask

from portal import db
from portal.cases.actions import handling, secrecy
from portal.cases.actions import sender as sender_actions
from portal.cases.enums import Kind
from portal.cases.intake.submission import Receipt
from portal.identity.actors import Role, Staff
from tests import factories
from tests.page import Document, Page
from tests.plain_text import plain
from tests.web import steps
from tests.web.backoffice.test_bulk_actions import ADDRESS, numbers, whys

QUEUE = "/handlaggning/"


@pytest.fixture
def samir(app: Flask, travel: steps.Travel) -> Staff:
    with app.app_context():
        return factories.member("samir")


@pytest.fixture
def eva(samir: Staff, staff_page: steps.SignIn) -> Page:
    return staff_page(factories.member("eva", Role.REGISTRAR, None))


@pytest.fixture
def two(eva: Page) -> list[Receipt]:
    return [factories.send_in(subject="Gungan"), factories.send_in(subject="Rutschen")]


def give(page: Page, cases: list[str], button: str, status: int = 303, **chosen: str) -> Document:
    """Mark cases in the queue, choose in the bar and press a button; the list gives the versions."""
    form = page.get(QUEUE).form("form.queue-form").fields()
    fields = {"csrf_token": steps.token(page), "case": cases, "seen": form["seen"], "action": button}
    return page.post(f"{ADDRESS}?vy=unassigned", fields | chosen, status)


def officer(page: Page, name: str) -> str:
    """The value of the bar's option with this name."""
    options = page.get(QUEUE).all("#bar-officer option")
    return next(str(option["value"]) for option in options if option.get_text() == name)


def line(page: Page, at: str = QUEUE) -> str:
    return plain(page.get(at).text_of(".case-line"))


def test_a_row_says_unit_level_secrecy_and_who_was_not_satisfied(eva: Page, samir: Staff) -> None:
    receipt = factories.send_in(kind=Kind.COMPLAINT)
    with db.transaction():
        factories.case(receipt).level = 3
    row = eva.get(QUEUE).text_of("tbody tr")
    assert "Parkenheten" in row
    assert "nivå 3" in line(eva)
    assert "Sekretess" not in row
    assert "Inte nöjd" not in row
    steps.act(eva, factories.number(receipt), "answer", changes={"body": "Vi beklagar. Tack."})
    factories.act(sender_actions.not_satisfied, factories.sender(receipt), receipt, "Nej.")
    assert "Inte nöjd" in line(eva)
    factories.act(secrecy.mark_secrecy, samir, receipt, "halsa")
    # Only those who may read the case see that it has secrecy.
    assert factories.number(receipt) not in eva.get(QUEUE).text


def test_secrecy_is_in_the_row_of_who_reads_the_case(samir: Staff, staff_page: steps.SignIn) -> None:
    receipt = factories.send_in()
    factories.act(secrecy.mark_secrecy, samir, receipt, "halsa")
    assert "Sekretess" in line(staff_page(samir))


def test_the_unit_is_not_repeated_to_those_who_work_in_it(samir: Staff, staff_page: steps.SignIn) -> None:
    factories.send_in()
    assert "Parkenheten" not in staff_page(samir).get(QUEUE).text_of("td.handler")


def test_marked_cases_are_assigned_from_the_list(eva: Page, samir: Staff, two: list[Receipt]) -> None:
    shown = give(eva, numbers(two), "assign", officer=str(samir.membership))
    assert shown.response.headers["Location"].endswith("?vy=unassigned")
    assert [factories.case(each).officer_id for each in two] == [samir.membership] * 2
    assert "2 ärenden är fördelade. Nu hos: Samir." in eva.get(QUEUE).text


def test_marked_cases_are_handed_over_from_the_list(eva: Page, two: list[Receipt]) -> None:
    give(eva, numbers(two), "hand_over", to="unit-gata")
    assert {factories.case(each).handling_unit.key for each in two} == {"gata"}
    assert "Nu hos: Gatuenheten." in eva.get(QUEUE).text


def test_another_authority_asks_for_the_ground_and_keeps_the_choice(eva: Page, two: list[Receipt]) -> None:
    shown = give(eva, numbers(two), "hand_over", 409, to="unit-aldre")
    assert shown.form("main form").fields()["to"] == ["unit-aldre"]
    assert len(whys(shown)) == 2
    assert {factories.case(each).handling_unit.key for each in two} == {"park"}


def test_a_case_that_has_changed_meanwhile_is_left(eva: Page, samir: Staff, two: list[Receipt]) -> None:
    form = eva.get(QUEUE).form("form.queue-form").fields()
    factories.act(handling.take, samir, two[0])
    fields = {"csrf_token": steps.token(eva), "case": numbers(two), "seen": form["seen"], "action": "assign"}
    shown = eva.post(ADDRESS, fields | {"officer": officer(eva, "Eva (du)")}, 409)
    assert list(whys(shown)) == [factories.number(two[0])]
    assert "1 ärende är fördelat." in shown.text


def test_without_a_choice_the_page_asks(eva: Page, two: list[Receipt]) -> None:
    shown = give(eva, numbers(two), "assign", 200, officer="")
    assert shown.h1 == "Fördela 2 ärenden"


@pytest.mark.parametrize("chosen", ["999999", "x", "-1"])
def test_an_unknown_officer_is_refused_with_the_cases_kept(
    eva: Page, two: list[Receipt], chosen: str
) -> None:
    shown = give(eva, numbers(two), "assign", 422, officer=chosen)
    assert shown.form("main form").fields()["case"] == numbers(two)


def test_what_is_chosen_in_the_bar_is_no_part_of_another_action(eva: Page, two: list[Receipt]) -> None:
    shown = give(eva, numbers(two), "answer", 200, officer="1", to="unit-gata")
    assert shown.h1 == "Svara i 2 ärenden"


def test_only_those_who_distribute_have_the_choices(samir: Staff, staff_page: steps.SignIn) -> None:
    factories.send_in()
    fields = ("#bar-officer", "#bar-to")
    shown = staff_page(samir).get(QUEUE)
    assert [len(shown.all(field)) for field in fields] == [0, 0]
    assert shown.all("button[value=assign]")
    head = staff_page(factories.member("eva", Role.HEAD_OF_UNIT)).get(QUEUE)
    assert [len(head.all(field)) for field in fields] == [1, 1]
    # A head assigns within the unit.
    assert {option.get_text() for option in head.all("#bar-officer option")} <= {
        "Välj handläggare",
        "Samir",
        "Eva (du)",
    }


def test_a_second_click_on_what_one_does_not_see_any_more_is_as_the_first(
    samir: Staff, staff_page: steps.SignIn
) -> None:
    cases = [factories.number(factories.send_in())]
    page = staff_page(samir)
    fields = {"csrf_token": steps.token(page), "case": cases, "action": "hand_over", "to": "category-gator"}
    for _click in range(2):
        page.post(ADDRESS, fields, 303)
        assert "1 ärende är överlämnat. Nytt ämne: Gator och belysning." in page.get(QUEUE).text
