"""Other cases that resemble one, on a page of their own: of the same sender, and with the same words."""

import pytest
from flask import Flask

from portal import db
from portal.cases import queries
from portal.cases.enums import ReplyBy
from portal.cases.groups import relations
from portal.cases.intake.submission import Receipt, submit
from portal.identity.actors import Staff
from tests import factories
from tests.cases import pair
from tests.page import Page
from tests.web import steps

SWING = {
    "subject": "Gungställningen rostar sönder",
    "body": "Kättingen på gungställningen har rostat sönder.",
}
OPEN = {"reply_by": ReplyBy.PORTAL}


@pytest.fixture
def cases(app: Flask) -> dict[str, Receipt]:
    """Two cases of Maria, one of them with the words of another sender, and an unrelated one."""
    with app.app_context():
        maria = factories.citizen()
        with db.transaction():
            mine = {
                "swing": submit(factories.new_case(**SWING, **OPEN), maria),
                "lamp": submit(
                    factories.new_case(subject="Belysning", body="Lyktan blinkar.", **OPEN), maria
                ),
            }
        mine["same"] = factories.send_in(**SWING)
        return mine | {"other": factories.send_in(subject="Öppettider", body="När?")}


def shown(page: Page, receipt: Receipt) -> list[tuple[str, str]]:
    """How each of the listed cases resembles this one, as the link on the page of the case leads to them."""
    case = page.get(steps.case_address(factories.number(receipt)))
    rows = page.get(case.links["Visa liknande ärenden"]).all("#liknande li")
    return [(row.select("p")[0].get_text(), row.select(".tags span")[-1].get_text()) for row in rows]


def test_a_case_shows_others_of_its_sender_and_others_with_its_words(
    page: Page, cases: dict[str, Receipt]
) -> None:
    assert shown(page, cases["swing"]) == [
        ("Samma avsändare", factories.number(cases["lamp"])),
        ("Samma ord", factories.number(cases["same"])),
    ]
    assert shown(page, cases["other"]) == []


def test_a_case_that_belongs_with_this_one_stands_among_its_neighbours_alone(
    app: Flask, page: Page, cases: dict[str, Receipt], anna: Staff
) -> None:
    with app.app_context():
        pair(relations.relate, anna, cases["swing"], cases["same"])
    assert shown(page, cases["swing"]) == [("Samma avsändare", factories.number(cases["lamp"]))]


def test_a_protected_sender_is_nobodys_same(page: Page, cases: dict[str, Receipt]) -> None:
    with db.transaction():
        found = queries.case_by_id(factories.System(), cases["lamp"].case)
        assert found
        assert found.party
        found.party.protected = True
    assert shown(page, cases["swing"]) == [("Samma ord", factories.number(cases["same"]))]
    assert shown(page, cases["lamp"]) == []


def test_what_the_reader_may_not_see_has_no_similar_cases_and_is_none(
    app: Flask, cases: dict[str, Receipt], staff_page: steps.SignIn
) -> None:
    samir = staff_page(factories.member("samir", unit="gata"))
    samir.get(steps.case_address(factories.number(cases["swing"]), "/liknande"), 404)
    with app.app_context():
        own = factories.send_in(category="gator", **SWING)
    assert shown(samir, own) == []


def test_the_list_says_so_when_it_is_empty_and_is_no_reading(page: Page, cases: dict[str, Receipt]) -> None:
    listed = page.get(steps.case_address(factories.number(cases["other"]), "/liknande"))
    assert "Inga liknande ärenden" in listed.text
    page.get(steps.case_address(factories.number(cases["swing"]), "/liknande"))
    assert steps.count("read_log") == 0
