"""A personnummer in a text: its writer is asked before it is sent, and may keep it."""

from typing import Any

import pytest
from flask import Flask

from portal import db
from portal.cases.models import Case, Message
from portal.web.number_checks import KEEP_NUMBER
from tests import factories
from tests.page import Document, Page
from tests.plain_text import plain
from tests.web import steps

NUMBER = "19870420-2392"
TEXT = f"Min son {NUMBER} har väntat."
ASKED = (
    "Det ser ut att stå ett personnummer i texten: 19870420-••••. "
    "Ta bort det om det inte behövs. Kryssa annars i rutan."
)
LABEL = "Ja, personnumret ska vara med"


def messages() -> list[str]:
    db.close_read_session()
    return [message.body for message in db.session().query(Message).order_by(Message.id)]


def asked(shown: Document) -> bool:
    return [plain(error) for error in shown.errors()] == [ASKED] and LABEL in shown.text


@pytest.mark.parametrize("field", ["body", "subject"])
def test_a_sender_is_asked_and_may_keep_it(page: Page, field: str) -> None:
    refused = steps.refused(page, {field: TEXT})
    assert asked(refused)
    assert steps.kept(refused, field) == TEXT
    assert messages() == []
    page.follow(page.submit(refused, "main form", changes={f"{KEEP_NUMBER}{field}": "1"}))
    db.close_read_session()
    case = db.session().query(Case).one()
    assert NUMBER in f"{case.public_subject} {messages()[0]}"


def test_each_text_has_its_own_choice(page: Page) -> None:
    refused = steps.refused(page, {"body": TEXT, "subject": "Plats"})
    changes = {f"{KEEP_NUMBER}body": "1", "subject": f"Plats {NUMBER}"}
    again = page.submit(refused, "main form", changes=changes, status=422)
    assert asked(again)
    assert again.find(f"[name={KEEP_NUMBER}body]").has_attr("checked")
    assert not again.find(f"[name={KEEP_NUMBER}subject]").has_attr("checked")
    assert messages() == []


def test_a_sender_may_remove_it(page: Page) -> None:
    refused = steps.refused(page, {"body": TEXT})
    page.follow(page.submit(refused, "main form", changes={"body": "Min son har väntat."}))
    assert messages() == ["Min son har väntat."]


def test_the_choice_is_still_there_when_something_else_is_wrong(page: Page) -> None:
    first = steps.refused(page, {"body": TEXT})
    changes = {"subject": "", f"{KEEP_NUMBER}body": "1"}
    refused = page.submit(first, "main form", changes=changes, status=422)
    assert refused.find(f"[name={KEEP_NUMBER}body]").has_attr("checked")
    assert not asked(refused)


def test_nobody_is_asked_without_one(page: Page) -> None:
    assert LABEL not in steps.refused(page, {"subject": ""}).text


def test_a_reply_is_asked_about(page: Page) -> None:
    shown = steps.opened(page)
    refused = page.submit(shown, "#formular", changes={"body": TEXT}, status=422)
    assert asked(refused)
    page.submit(refused, "#formular", changes={f"{KEEP_NUMBER}body": "1"})
    assert messages()[-1] == TEXT


@pytest.fixture
def officer(app: Flask, staff_page: steps.SignIn) -> Page:
    return staff_page(factories.member("anna"))


@pytest.mark.parametrize("action", ["answer", "note", "request_supplement"])
def test_an_officer_is_asked_too(officer: Page, action: str) -> None:
    number = factories.number(factories.send_in())
    changes: dict[str, Any] = {"body": TEXT}
    refused = steps.act(officer, number, action, changes=changes, status=422)
    assert asked(refused)
    officer.submit(refused, f"form[action$='/{action}']", changes={f"{KEEP_NUMBER}body": "1"})
    assert messages()[-1] == TEXT


def test_a_draft_is_saved_without_a_question(officer: Page) -> None:
    address = steps.case_address(factories.number(factories.send_in()))
    shown = officer.get(address)
    officer.submit(shown, "form[action$='/answer']", changes={"body": TEXT}, button="Spara utkast")
    assert steps.kept(officer.get(address), "answer-body") == TEXT


def test_the_preview_of_an_answer_asks_before_it_is_sent(officer: Page) -> None:
    address = steps.case_address(factories.number(factories.send_in()))
    shown = officer.get(address)
    officer.submit(shown, "form[action$='/answer']", changes={"body": TEXT}, button="Spara utkast")
    preview = officer.get(f"{address}/forhandsgranskning")
    assert LABEL in preview.text
    officer.submit(preview, "form[action$='/answer']", changes={f"{KEEP_NUMBER}body": "1"})
    assert messages()[-1] == TEXT


def test_an_answer_to_many_keeps_it_through_the_preview(officer: Page) -> None:
    numbers = [factories.number(factories.send_in()) for _each in range(2)]
    fields = {"csrf_token": steps.token(officer), "case": numbers, "action": "answer"}
    ask = officer.post("/handlaggning/flera", fields, 200)
    refused = officer.submit(ask, "main form", changes={"body": TEXT}, button="step=preview", status=422)
    assert asked(refused)
    changes = {f"{KEEP_NUMBER}body": "1"}
    preview = officer.submit(refused, "main form", changes=changes, button="step=preview", status=200)
    officer.submit(preview, "main form", button="step=do", status=200)
    assert messages().count(TEXT) == 2
