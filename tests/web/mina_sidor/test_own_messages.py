"""The list of messages on Mina sidor: what was sent, where, and whether it arrived."""

from collections.abc import Callable

import pytest
from flask import Flask
from sqlalchemy import update

from portal import db
from portal.cases.actions import handling
from portal.cases.enums import NotifyBy
from portal.cases.intake.submission import Receipt
from portal.identity.actors import Citizen
from portal.notifications.models import OutboxMessage, State
from tests import factories, statements
from tests.page import Page
from tests.plain_text import plain
from tests.web import steps

SignedIn = Callable[[Citizen], Page]
ADDRESS = "/mina-sidor/meddelanden"


@pytest.fixture
def sent(app: Flask, travel: steps.Travel) -> Receipt:
    with app.app_context():
        return mailed("maria")


@pytest.fixture
def maria(sent: Receipt, citizen_page: SignedIn) -> Page:
    return citizen_page(factories.citizen())


def mailed(name: str) -> Receipt:
    """A case of a person who is notified by e-mail."""
    actor, email = factories.citizen(name), f"{name}@exempel.se"
    return factories.send_as(actor, email=email, notify_by=NotifyBy.EMAIL)


def outbox(**values: object) -> None:
    with db.transaction() as session:
        session.execute(update(OutboxMessage).values(**values))


def test_a_message_is_listed_with_its_masked_address_state_and_case(maria: Page) -> None:
    page = maria.get("/mina-sidor")
    listed = maria.get(page.links["Meddelanden"])
    [row] = [plain(row.get_text(" ", strip=True)) for row in listed.all(".case-rows li")]
    assert "Lekplatsen är stängd KB-2026-000001" in row
    assert "På väg E-post · i dag kl. 10.00 till m•••@exempel.se" in row
    assert listed.links["Vi har fått ditt ärende"] == "/mina-sidor/arenden/KB-2026-000001"


def test_a_message_that_did_not_arrive_says_so(maria: Page) -> None:
    outbox(state=State.FAILED, problem="address_refused")
    assert "Kom inte fram" in maria.get(ADDRESS).text


def test_the_address_is_gone_when_the_outbox_has_deleted_it(maria: Page) -> None:
    outbox(recipient=None, text=None, state=State.DELIVERED)
    text = maria.get(ADDRESS).text
    assert "Framme" in text
    assert "•••" not in text


def test_an_address_that_is_no_longer_the_persons_is_not_shown(maria: Page) -> None:
    outbox(recipient="en.annan@exempel.se")
    text = maria.get(ADDRESS).text
    assert "till en tidigare adress" in text
    assert "exempel" not in text


def test_of_a_protected_sender_no_address_is_shown(maria: Page) -> None:
    with db.transaction() as session:
        session.execute(db.sa.text("UPDATE person SET protected = true"))
    assert "•••" not in maria.get(ADDRESS).text


def test_messages_of_others_and_to_staff_are_not_listed(app: Flask, maria: Page) -> None:
    with app.app_context():
        mailed("yusuf")
    assert len(maria.get(ADDRESS).all(".case-rows li")) == 1
    outbox(membership_id=factories.member().membership)
    assert "Vi har inte skickat något än" in maria.get(ADDRESS).text


def test_messages_are_paged_with_as_many_statements(app: Flask, maria: Page, sent: Receipt) -> None:
    anna = factories.member()
    with app.app_context():
        factories.act(handling.take, anna, sent)
        for number in range(30):
            factories.act(handling.answer, anna, sent, f"Svar {number}")
    with statements.counted() as counted:
        first = maria.get(ADDRESS)
    assert len(counted) <= 2
    second = maria.get(first.links["Äldre"])
    rows = len(first.all(".case-rows li")) + len(second.all(".case-rows li"))
    assert rows == len(factories.letters()) == len(first.all(".case-rows li")) + rows - 25
    assert maria.get(second.links["Nyare"]).text == first.text
    maria.get(f"{ADDRESS}?efter=x", 400)
