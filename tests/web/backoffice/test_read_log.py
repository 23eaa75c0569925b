"""The read log: a row each time staff are shown a case's text or its sender, and none for anything else."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
import sqlalchemy as sa
from flask import Flask

from portal import crypto, db
from portal.audit import read_log
from portal.audit.models import Read, Reading
from portal.cases.actions import handling, protection
from portal.cases.intake.submission import Receipt
from portal.cases.measures import actions as measures
from portal.config import settings
from portal.identity.actors import Staff
from portal.web import pdf
from tests import factories
from tests.page import Page
from tests.statements import counted
from tests.web import steps

pytestmark = pytest.mark.parametrize("database_url", ["sqlite", "postgresql"], indirect=True)
# Whatever is written to the log is refused, on either database.
REFUSE = {
    "sqlite": "CREATE TRIGGER refuse BEFORE INSERT ON read_log BEGIN SELECT RAISE(ABORT, 'full'); END",
    "postgresql": "ALTER TABLE read_log ADD CONSTRAINT refuse CHECK (false) NOT VALID",
}
ALLOW = {"sqlite": "DROP TRIGGER refuse", "postgresql": "ALTER TABLE read_log DROP CONSTRAINT refuse"}


def rows() -> list[tuple[int, Read]]:
    """Each row's case, and how it was shown."""
    db.close_read_session()
    return [
        (row.case_id, row.what) for row in db.session().scalars(sa.select(Reading).order_by(Reading.id)).all()
    ]


def post(page: Page, receipt: Receipt, action: str, status: int = 303, **fields: str) -> None:
    """Post to a case with a token that holds, without opening the case for it."""
    token = steps.token(page)
    page.post(
        steps.case_address(factories.number(receipt), f"/{action}"), {"csrf_token": token, **fields}, status
    )


@contextmanager
def refused_log() -> Iterator[None]:
    """Nothing can be written to the read log meanwhile."""
    db.close_read_session()
    dialect = db.engine().dialect.name
    with db.engine().begin() as connection:
        connection.exec_driver_sql(REFUSE[dialect])
    try:
        yield
    finally:
        db.close_read_session()
        with db.engine().begin() as connection:
            connection.exec_driver_sql(ALLOW[dialect])


def test_three_openings_a_note_a_take_and_a_refused_answer_are_three_rows(page: Page, sent: Receipt) -> None:
    for _time in range(3):
        page.get(steps.case_address(factories.number(sent)))
    post(page, sent, "note", body="En anteckning")
    post(page, sent, "take")
    post(page, sent, "answer", 422, body="")
    assert rows() == [(sent.case, Read.CASE)] * 3


def test_an_answer_that_comes_too_late_belongs_to_its_opening(page: Page, sent: Receipt, anna: Staff) -> None:
    page.get(steps.case_address(factories.number(sent)))
    factories.act(handling.answer, anna, sent, "Svar", close=True)
    post(page, sent, "request_supplement", 409, body="Var?")
    assert rows() == [(sent.case, Read.CASE)]


def test_the_page_that_a_redirect_leads_to_is_a_display(page: Page, sent: Receipt) -> None:
    page.follow(steps.act(page, factories.number(sent), "take"))
    assert rows() == [(sent.case, Read.CASE)] * 2


def test_a_refused_action_on_a_case_that_was_never_opened_is_one(page: Page, sent: Receipt) -> None:
    for _time in range(2):
        post(page, sent, "note", 422, body="")
    assert rows() == [(sent.case, Read.CASE)]


def test_a_print_and_a_pdf_are_one_row_each(page: Page, sent: Receipt) -> None:
    page.get(steps.case_address(factories.number(sent), "/utskrift"))
    assert rows() == [(sent.case, Read.PRINT)]
    page.client.get(steps.case_address(factories.number(sent), "/arende.pdf"))
    assert rows() == [(sent.case, Read.PRINT), (sent.case, Read.PDF)][: 1 + pdf.available()]


def test_a_revealed_sender_is_one_row(app: Flask, page: Page, sent: Receipt, anna: Staff) -> None:
    page.get(steps.case_address(factories.number(sent)))
    factories.act(protection.protect, anna, sent)
    post(page, sent, "avsandare", 409)
    with app.app_context():
        factories.act(handling.take, anna, sent)
    post(page, sent, "avsandare", 200)
    assert rows() == [(sent.case, Read.CASE), (sent.case, Read.SENDER)]


def test_the_queue_and_similar_cases_are_no_reading(page: Page, sent: Receipt) -> None:
    for address in ("/handlaggning/", "/handlaggning/?vy=newest&typ=fraga", "/handlaggning/?q=finnsinte"):
        page.get(address)
    page.get(steps.case_address(factories.number(sent), "/liknande"))
    page.get("/handlaggning/atgarder")
    assert rows() == []


def test_the_list_of_measures_logs_each_case_once(page: Page, anna: Staff, sent: Receipt) -> None:
    other = factories.send_in(subject="Rutschen")
    for receipt in (sent, sent, other):
        factories.act(measures.note_measure, anna, receipt, "Skylten är uppe.")
    page.get("/handlaggning/atgarder")
    assert sorted(rows()) == [(sent.case, Read.LIST), (other.case, Read.LIST)]


def test_a_search_logs_the_cases_with_a_snippet_in_one_statement(page: Page, sent: Receipt) -> None:
    other = factories.send_in(subject="Skylten", body="En skylt till.")
    factories.send_in(subject="Badet", body="Kallt vatten.")
    factories.send_in(category="gator", body="En skylt som Anna inte ser.")
    with counted() as statements:
        shown = page.get("/handlaggning/", query_string={"q": "SKYLT  "})
    assert len(shown.all(".hit")) == 2
    assert sorted(rows()) == sorted([(sent.case, Read.LIST), (other.case, Read.LIST)])
    assert [line.split()[2] for line in statements if line.startswith("INSERT")] == ["read_log"]


def test_the_question_is_kept_as_a_hmac_that_only_the_same_question_gives(page: Page, sent: Receipt) -> None:
    page.get("/handlaggning/", query_string={"q": "Skylt  säger"})
    db.close_read_session()
    (question,) = db.session().scalars(sa.select(Reading.question)).all()
    assert question == read_log.question_hash("skylt säger")
    assert question != read_log.question_hash("skylt")
    assert question != crypto.mac("another key", read_log.QUESTION, "skylt säger")
    assert settings().index_keys not in ("", "another key")


def test_the_pages_that_answer_many_log_whose_senders_they_name(page: Page, sent: Receipt) -> None:
    other = factories.send_in(subject="Rutschen")
    fields = {"csrf_token": steps.token(page), "case": [factories.number(sent), factories.number(other)]}
    page.post("/handlaggning/flera", fields | {"action": "close"}, 200)
    assert rows() == []
    with counted() as statements:
        shown = page.post("/handlaggning/flera", fields | {"action": "answer"}, 200)
    assert "Maja Ek" in shown.text
    assert rows() == [(sent.case, Read.LIST), (other.case, Read.LIST)]
    assert len([line for line in statements if line.startswith("INSERT")]) == 1


@pytest.mark.parametrize("part", ["", "/utskrift", "?q=skylt"])
def test_no_log_no_text(app: Flask, page: Page, sent: Receipt, part: str) -> None:
    app.testing = False
    address = (
        f"/handlaggning/{part}" if part.startswith("?") else steps.case_address(factories.number(sent), part)
    )
    assert "skylt" in page.get(address).text
    with refused_log():
        answer = page.client.get(address)
    assert answer.status_code == 500
    assert "skylt" not in answer.text
    assert "Maja" not in answer.text


def test_an_outsider_adds_no_row(app: Flask, sent: Receipt, staff_page: steps.SignIn) -> None:
    samir = staff_page(factories.member("samir", unit="gata"))
    for part in ("", "/utskrift", "/liknande"):
        samir.get(steps.case_address(factories.number(sent), part), 404)
    post(samir, sent, "avsandare", 404)
    assert rows() == []


def test_a_page_locks_no_row(page: Page, sent: Receipt) -> None:
    for part in ("", "/utskrift", "/liknande"):
        with counted() as statements:
            page.get(steps.case_address(factories.number(sent), part))
        assert not [line for line in statements if "FOR UPDATE" in line]
