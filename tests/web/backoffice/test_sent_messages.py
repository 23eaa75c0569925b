"""The messages of a case on its pages, sending one again, and the page of administrators."""

from typing import Any

import pytest
from flask import Flask

from portal import db
from portal.cases.intake.submission import Receipt
from portal.identity.actors import Role, Staff
from portal.notifications.models import OutboxMessage, State
from portal.notifications.rules import Problem
from tests import factories
from tests.page import Page
from tests.plain_text import plain
from tests.web import steps


def become(**changes: Any) -> int:
    """Change the newest message; returns its id."""
    newest = max(row.id for row in factories.letters())
    with db.transaction() as writer:
        for name, value in changes.items():
            setattr(writer.get_one(OutboxMessage, newest), name, value)
    return newest


def test_staff_see_each_message_and_how_it_went(anna: Staff, sent: Receipt, page: Page) -> None:
    become(state=State.SENT)
    shown = page.get(steps.case_address(factories.number(sent)))
    assert shown.text_of("#meddelanden summary") == "1 meddelande till avsändaren"
    assert not shown.has("#meddelanden[open]")
    line = plain(shown.text_of("#meddelanden li"))
    assert line.startswith("Vi har fått ditt ärende E-post · ")
    assert line.endswith("· skickat")


def test_one_that_did_not_arrive_is_open_with_its_reason_and_can_be_sent_again(
    anna: Staff, sent: Receipt, page: Page
) -> None:
    become(state=State.FAILED, problem=Problem.ADDRESS_REFUSED, reply_code=550)
    shown = page.get(steps.case_address(factories.number(sent)))
    assert shown.text_of("#meddelanden[open] summary").endswith(", 1 kom inte fram")
    assert "Mottagarens server tar inte emot adressen. (550)" in shown.text_of("#meddelanden li")
    after = page.follow(page.submit(shown, "#meddelanden form"))
    assert "Meddelandet skickas igen." in after.text
    assert after.text_of("#meddelanden li").endswith("i kö")
    again = page.follow(page.submit(shown, "#meddelanden form"))
    assert "Meddelandet går inte att skicka igen." in again.text


def test_a_message_of_a_case_out_of_reach_does_not_exist(
    anna: Staff, sent: Receipt, staff_page: steps.SignIn
) -> None:
    message = become(state=State.FAILED)
    stranger = staff_page(factories.member("samir", Role.OFFICER, "gata"))
    address = steps.case_address(factories.number(sent), f"/meddelanden/{message}")
    stranger.post(address, {"csrf_token": steps.token(stranger)}, 404)
    assert factories.letters()[-1].state is State.FAILED


def test_the_sender_sees_what_was_sent_and_nothing_of_our_servers(app: Flask) -> None:
    page = Page(app.test_client())
    receipt = steps.send(page, {"reply_by": "email", "email": "maria@exempel.se"})
    number, code = steps.number_of(receipt), steps.code_of(receipt)
    become(state=State.QUEUED, problem=Problem.OUR_LOGIN, tries=2)
    shown = page.follow(steps.open_case(page, number, code))
    line = shown.text_of(".sent-list li")
    assert line.endswith("Det är försenat. Vi försöker igen.")
    become(state=State.FAILED, problem=Problem.ADDRESS_REFUSED, reply_code=550)
    line = page.get(shown.path).text_of(".sent-list li")
    assert line.endswith("kom inte fram Mottagarens server tar inte emot adressen.")


def test_a_sender_without_messages_sees_no_list(app: Flask) -> None:
    shown = steps.opened(Page(app.test_client()))
    assert not shown.has(".sent-list")


def test_administrators_see_the_outbox_in_figures_and_no_case(
    sent: Receipt, staff_page: steps.SignIn
) -> None:
    page = staff_page(factories.member("eva", Role.ADMINISTRATOR, None))
    assert "Allt har kommit fram" in page.get("/handlaggning/utskick").text
    become(state=State.FAILED, problem=Problem.ADDRESS_REFUSED, reply_code=550)
    shown = page.get("/handlaggning/utskick")
    assert "Mottagarens server tar inte emot adressen. (550)" in shown.text
    assert factories.number(sent) in shown.text
    assert "maja" not in shown.text.lower()
    assert not any("arenden" in href for href in shown.links.values())
    page.get("/handlaggning/", 403)


@pytest.mark.parametrize("role", sorted(set(Role) - {Role.ADMINISTRATOR}))
def test_the_outbox_is_for_administrators_alone(app: Flask, staff_page: steps.SignIn, role: Role) -> None:
    unit = "park" if role is Role.OFFICER else None
    status = 403 if role in (Role.ANALYST, Role.PROCESS_OWNER, Role.ELECTED) else 404
    staff_page(factories.member("eva", role, unit)).get("/handlaggning/utskick", status)
