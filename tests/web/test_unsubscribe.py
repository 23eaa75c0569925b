"""Unsubscribing by the link of a letter: by its page, and by a mail program without one."""

from datetime import timedelta

import pytest
import sqlalchemy as sa
from flask import Flask

from portal import db
from portal.cases import queries
from portal.cases.enums import NotifyBy, ReplyBy
from portal.cases.intake.submission import Receipt
from portal.identity.actors import System
from portal.notifications import tokens
from portal.notifications.models import OutboxMessage
from portal.notifications.tokens import Purpose
from tests import factories
from tests.cases import told
from tests.page import Page
from tests.web import steps

ONE_CLICK = {"List-Unsubscribe": "One-Click"}


@pytest.fixture
def receipt(app: Flask) -> Receipt:
    with app.app_context():
        return factories.send_in(email="maria@exempel.se", language="sv")


def address(purpose: Purpose = Purpose.UNSUBSCRIBE) -> str:
    return f"/avanmal/{tokens.make(purpose, factories.letters()[-1].id)}"


def notified_by(receipt: Receipt) -> NotifyBy:
    return factories.case(receipt).notify_by


def test_the_page_says_what_it_means_and_its_button_turns_messages_off(page: Page, receipt: Receipt) -> None:
    asked = page.get(address())
    assert asked.h1 == "Vill du sluta få meddelanden?"
    assert factories.number(receipt) in asked.text
    done = page.submit(asked, "main form", status=200)
    assert done.h1 == "Vi skickar inga fler meddelanden"
    assert notified_by(receipt) is NotifyBy.NONE
    assert told(receipt)[-1] == "MessagesDeclined"


def test_looking_at_the_link_turns_nothing_off(app: Flask, receipt: Receipt) -> None:
    before = steps.stored()
    for method in ("GET", "HEAD", "OPTIONS"):
        app.test_client().open(address(), method=method)
    assert steps.stored() == before


@pytest.mark.parametrize("kind", ["application/x-www-form-urlencoded", "multipart/form-data"])
def test_a_mail_program_unsubscribes_without_a_page(app: Flask, receipt: Receipt, kind: str) -> None:
    answer = app.test_client().post(address(), data=ONE_CLICK, content_type=kind)
    assert answer.status_code == 200
    assert notified_by(receipt) is NotifyBy.NONE


def test_a_used_link_gives_the_same_answer_and_changes_nothing_more(page: Page, receipt: Receipt) -> None:
    first, again = (page.post(address(), ONE_CLICK, 200) for _try in range(2))
    assert (first.h1, first.text) == (again.h1, again.text)
    assert told(receipt).count("MessagesDeclined") == 1
    assert page.get(address()).h1 == first.h1


def test_nothing_of_the_case_is_shown_but_its_number(page: Page, app: Flask) -> None:
    with app.app_context():
        factories.send_in(email="maria@exempel.se", name="Maria", subject="Hemligt", body="Mycket hemligt")
    shown = page.get(address()).text + page.post(address(), ONE_CLICK, 200).text
    for secret in ("Maria", "maria@", "emligt"):
        assert secret not in shown


@pytest.mark.parametrize("token", ["gissad", "1-" + "0" * 20, "9" * 500])
def test_a_guessed_link_leads_nowhere(page: Page, receipt: Receipt, token: str) -> None:
    page.get(f"/avanmal/{token}", 404)
    page.post(f"/avanmal/{token}", ONE_CLICK, 404)
    assert notified_by(receipt) is NotifyBy.EMAIL


def test_a_token_for_something_else_leads_nowhere(page: Page, receipt: Receipt) -> None:
    for purpose in (Purpose.BOUNCE, Purpose.REPORT):
        page.get(address(purpose), 404)


def test_the_page_is_in_the_language_of_the_case_unless_its_reader_has_chosen(app: Flask, page: Page) -> None:
    with app.app_context():
        factories.send_in(email="mary@example.org", language="en")
    shown = page.get(address())
    assert (shown.h1, shown.find("html")["lang"]) == ("Do you want to stop the messages?", "en")
    assert "Svenska" in shown.links
    chosen = page.follow(page.get(shown.links["Svenska"], 303))
    assert chosen.h1 == "Vill du sluta få meddelanden?"


def test_a_text_message_can_be_declined_too(app: Flask, page: Page) -> None:
    with app.app_context():
        receipt = factories.send_in(reply_by=ReplyBy.SMS, phone="+46701740605")
    page.post(address(), ONE_CLICK, 200)
    assert notified_by(receipt) is NotifyBy.NONE


def test_a_large_post_is_refused(app: Flask, receipt: Receipt) -> None:
    answer = app.test_client().post(address(), data={"List-Unsubscribe": "x" * 5_000})
    assert (answer.status_code, notified_by(receipt)) == (413, NotifyBy.EMAIL)


def test_the_letter_of_an_earlier_address_turns_nothing_off(app: Flask, receipt: Receipt) -> None:
    with db.transaction():
        case = queries.case_by_id(System(), receipt.case)
        assert case
        assert case.party
        case.party.email = "maria.ny@exempel.se"
    assert app.test_client().post(address(), data=ONE_CLICK).status_code == 200
    assert notified_by(receipt) is NotifyBy.EMAIL


@pytest.mark.parametrize(("hours", "way"), [(-1, NotifyBy.NONE), (1, NotifyBy.EMAIL)])
def test_a_letter_whose_address_is_cleared_counts_if_the_reader_has_not_changed_since(
    app: Flask, receipt: Receipt, hours: int, way: NotifyBy
) -> None:
    with db.transaction() as writer:
        (letter,) = writer.scalars(sa.select(OutboxMessage))
        letter.recipient = None
        case = queries.case_by_id(System(), receipt.case)
        assert case
        case.reader_changed_at = letter.created_at + timedelta(hours=hours)
    assert app.test_client().post(address(), data=ONE_CLICK).status_code == 200
    assert notified_by(receipt) is way
