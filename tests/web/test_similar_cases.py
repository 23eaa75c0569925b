"""Other cases that resemble one, on its page: of the same sender, and with the same words."""

import pytest
from flask import Flask

from portal import db
from portal.cases import queries
from portal.cases.actions import relations
from portal.cases.enums import ReplyBy
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
def anna() -> Staff:
    return factories.member()


@pytest.fixture
def cases(app: Flask) -> dict[str, Receipt]:
    """Two of Maria's, one of them with the words of somebody else's, and one about nothing of that."""
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


@pytest.fixture
def page(cases: dict[str, Receipt], anna: Staff, staff_page: steps.SignIn) -> Page:
    return staff_page(anna)


def shown(page: Page, receipt: Receipt) -> list[tuple[str, str]]:
    """How each of the cases in the panel resembles this one."""
    panel = page.get(steps.case_address(factories.number(receipt))).all("[aria-labelledby=liknande] li")
    return [(row.find("span").get_text(), row.find("a").get_text()) for row in panel]


def test_a_case_shows_others_of_its_sender_and_others_with_its_words(
    page: Page, cases: dict[str, Receipt]
) -> None:
    assert shown(page, cases["swing"]) == [
        ("Samma avsändare:", factories.number(cases["lamp"])),
        ("Samma ord:", factories.number(cases["same"])),
    ]
    assert shown(page, cases["other"]) == []


def test_a_case_that_belongs_with_this_one_stands_among_its_neighbours_alone(
    app: Flask, page: Page, cases: dict[str, Receipt], anna: Staff
) -> None:
    with app.app_context():
        pair(relations.relate, anna, cases["swing"], cases["same"])
    assert shown(page, cases["swing"]) == [("Samma avsändare:", factories.number(cases["lamp"]))]


def test_a_protected_sender_is_nobodys_same(page: Page, cases: dict[str, Receipt]) -> None:
    with db.transaction():
        found = queries.case_by_id(factories.System(), cases["lamp"].case)
        assert found
        assert found.party
        found.party.protected = True
    assert shown(page, cases["swing"]) == [("Samma ord:", factories.number(cases["same"]))]
    assert shown(page, cases["lamp"]) == []
