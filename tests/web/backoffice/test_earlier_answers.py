"""The answer bank: earlier answers to like cases, without names, and how one gets into the draft."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from portal import db
from portal.audit.models import Read, Reading
from portal.cases.actions import handling, protection, secrecy, subjects
from portal.cases.answers import drafts
from portal.cases.answers.earlier import MAX_SHOWN
from portal.cases.answers.models import AnswerDraft
from portal.cases.intake.submission import Receipt
from portal.files.models import StoredFile
from portal.identity.actors import Role, Staff
from tests import factories
from tests.page import Document, Page
from tests.statements import counted
from tests.web import steps
from tests.web.attachments import posting

SWING = {
    "subject": "Gungställningen rostar sönder",
    "body": "Kättingen på gungställningen har rostat sönder.",
}
ANSWER = "Hej Maja Ek!\n\nVi byter kättingen i veckan, se KB-2026-000001. Ring 0411-57 70 00.\n\nAnna"
MASKED = (
    "Hej [Skriv namn]!\n\nVi byter kättingen i veckan, se [Skriv ärendenummer]. Ring [Skriv telefonnummer]."
)
BUDGET = 18


@pytest.fixture
def asked(app: Flask) -> Receipt:
    """The case that is to be answered."""
    return factories.send_in(**SWING)


Answered = Callable[..., Receipt]


@pytest.fixture
def answered(app: Flask) -> Answered:
    """Send in a case of Maja's and answer it."""

    def answer(
        actor: Staff, text: str = ANSWER, command: Callable[..., Any] = handling.answer, **given: Any
    ) -> Receipt:
        # Letters are written in the context of the application.
        with app.app_context():
            receipt = factories.send_in(**SWING | {"email": "maja@exempel.se", "name": "Maja Ek"} | given)
            factories.act(command, actor, receipt, text)
        return receipt

    return answer


def bank(page: Page, receipt: Receipt) -> Document:
    """The page as the button of the answer form leads to it."""
    shown = page.get(steps.case_address(factories.number(receipt)))
    return page.follow(page.submit(shown, "form[action$='/answer']", button="bank"))


def texts(page: Page, receipt: Receipt) -> list[str]:
    found = page.get(steps.case_address(factories.number(receipt), "/liknande-svar"))
    return [element.get_text() for element in found.all("article .message-body")]


def use(page: Page, receipt: Receipt, status: int = 303, **changes: str) -> Document:
    form = "form[action$='/liknande-svar']:has([name=message])"
    return page.submit(bank(page, receipt), form, changes=changes, status=status)


def kept_text(page: Page, receipt: Receipt) -> str:
    return steps.kept(page.get(steps.case_address(factories.number(receipt))), "answer-body")


def test_an_earlier_answer_is_shown_without_names_and_numbers(
    page: Page, anna: Staff, asked: Receipt, answered: Answered
) -> None:
    answered(anna)
    (text,) = texts(page, asked)
    assert text.startswith(MASKED)
    assert "Anna" not in text


def test_it_is_added_after_the_draft_once_and_cannot_be_sent_with_its_prompts(
    page: Page, anna: Staff, asked: Receipt, answered: Answered
) -> None:
    answered(anna)
    shown = page.get(steps.case_address(factories.number(asked)))
    page.submit(shown, "form[action$='/answer']", changes={"body": "Tack för att du skrev."}, button="save")
    for _click in range(2):
        after = page.follow(use(page, asked))
    assert "Texten finns i ditt utkast." in after.text
    assert kept_text(page, asked).startswith(f"Tack för att du skrev.\n\n{MASKED}")
    assert kept_text(page, asked).count("kättingen") == 1
    assert "Byt ut [Skriv namn] innan du skickar." in after.text
    refused = page.submit(after, "form[action$='/answer']", status=422)
    assert refused.errors() == ["Byt ut [Skriv namn] mot dina egna ord"]


def test_the_text_that_was_being_written_is_kept_on_the_way_to_the_bank(page: Page, asked: Receipt) -> None:
    shown = page.get(steps.case_address(factories.number(asked)))
    page.submit(shown, "form[action$='/answer']", changes={"body": "Halvfärdigt"}, button="bank")
    assert kept_text(page, asked) == "Halvfärdigt"


def test_the_same_topic_comes_first_and_the_same_text_once(
    page: Page, asked: Receipt, answered: Answered
) -> None:
    eva = factories.member("eva", Role.REGISTRAR, None)
    answered(eva, "Ett svar om lekplatsen.", subject="Helt annat", body="Skylten är borta.")
    answered(eva, "Ett svar i ett annat ämne.", category="fritid")
    for _case in range(2):
        answered(eva, "Vi byter kättingen.")
    assert texts(page, asked)[:2] == ["Vi byter kättingen.", "Ett svar om lekplatsen."]


@pytest.mark.parametrize("hide", ["secrecy", "protected", "hidden", "scope", "oral"])
def test_what_may_not_be_shown_is_in_no_bank(
    page: Page, anna: Staff, asked: Receipt, answered: Answered, hide: str
) -> None:
    given = {"category": "gator"} if hide == "scope" else {}
    eva = factories.member("eva", Role.REGISTRAR, None)
    command = handling.answer_orally if hide == "oral" else handling.answer
    receipt = answered(eva, "Vi byter kättingen.", command, **given)
    if hide != "scope":
        assert bool(texts(page, asked)) is (hide != "oral")
    message = newest_message(receipt)
    if hide == "secrecy":
        factories.act(secrecy.mark_secrecy, anna, receipt, "halsa")
    if hide == "protected":
        factories.act(protection.protect, anna, receipt)
    if hide == "hidden":
        factories.act(subjects.hide_sender, anna, receipt)
    assert texts(page, asked) == []
    answered(anna, "Ett annat svar.")
    refused = use(page, asked, 422, message=str(message))
    assert refused.text_of(".ds-error-summary li") == "Texten går inte att använda längre. Välj en annan."
    assert kept_text(page, asked) == ""


def newest_message(receipt: Receipt) -> int:
    return max(message.id for message in factories.case(receipt).messages)


def test_each_case_whose_answer_is_shown_is_in_the_read_log_in_one_statement(
    page: Page, anna: Staff, asked: Receipt, answered: Answered
) -> None:
    shown = [answered(anna, f"Svar {number} om kättingen.").case for number in range(MAX_SHOWN + 2)]
    address = steps.case_address(factories.number(asked), "/liknande-svar")
    page.get(address)
    with counted() as statements:
        page.get(address)
    assert len(statements) <= BUDGET, "\n".join(statements)
    assert [line.split()[2] for line in statements if line.startswith("INSERT")] == ["read_log"]
    db.close_read_session()
    rows = db.session().execute(sa.select(Reading.case_id, Reading.what)).all()
    assert len(rows) == 2 * MAX_SHOWN
    assert {row.case_id for row in rows} <= set(shown)
    assert {row.what for row in rows} == {Read.LIST}


def choose(page: Page, receipt: Receipt, of: Receipt) -> Document:
    """Choose the answer of a case without the page that lists it, and follow to the page of the case."""
    posted = {"csrf_token": steps.token(page), "message": str(newest_message(of))}
    return page.follow(
        page.post(steps.case_address(factories.number(receipt), "/liknande-svar"), posted, 303)
    )


def test_an_answer_that_is_fetched_without_its_page_is_in_the_read_log(
    page: Page, anna: Staff, asked: Receipt, answered: Answered
) -> None:
    receipt = answered(anna)
    choose(page, asked, receipt)
    db.close_read_session()
    kinds = db.session().scalars(sa.select(Reading.what).filter_by(case_id=receipt.case)).all()
    assert kinds == [Read.LIST]


def test_a_chosen_text_keeps_the_files_of_the_draft_and_the_warning_that_the_case_has_changed(
    app: Flask, page: Page, anna: Staff, asked: Receipt, answered: Answered, travel: steps.Travel
) -> None:
    receipt = answered(anna)
    with db.transaction():
        drafts.save_draft(anna, factories.case(asked), "Hej", files='{"handles": [], "alts": {}}')
    travel.shift(timedelta(minutes=5))
    eva = factories.member("eva", Role.REGISTRAR, None)
    with app.app_context():
        factories.act(handling.note, eva, asked, "Ring skolan.")
    travel.shift(timedelta(minutes=5))
    after = choose(page, asked, receipt)
    assert "Ärendet har ändrats sedan du sparade utkastet." in after.text
    db.close_read_session()
    assert db.session().scalars(sa.select(AnswerDraft.files)).all() == ['{"handles": [], "alts": {}}']


def test_templates_that_fit_come_first_and_are_filled_in(page: Page, asked: Receipt) -> None:
    shown = bank(page, asked)
    assert next(heading.get_text() for heading in shown.all("main h2")) == "Svarsmallar"
    assert "Inga tidigare svar" in shown.text
    page.submit(shown, "form[action$='/liknande-svar']:has([name=template])")
    text = kept_text(page, asked)
    assert text
    assert "{" not in text


def test_a_text_that_does_not_fit_is_refused_and_the_draft_stays(
    page: Page, anna: Staff, asked: Receipt, answered: Answered
) -> None:
    answered(anna)
    long = "Ord. " * 3_990
    shown = page.get(steps.case_address(factories.number(asked)))
    page.submit(shown, "form[action$='/answer']", changes={"body": long}, button="save")
    refused = use(page, asked, 422)
    assert refused.text_of(".ds-error-summary li") == "Texten får inte plats. Korta ned utkastet först."
    assert kept_text(page, asked).startswith("Ord. Ord.")


def test_who_only_reads_is_shown_answers_and_no_button(
    anna: Staff, asked: Receipt, answered: Answered, staff_page: steps.SignIn
) -> None:
    answered(anna)
    reader = staff_page(factories.records_officer("park"))
    shown = reader.get(steps.case_address(factories.number(asked), "/liknande-svar"))
    assert shown.all("article")
    assert not shown.has("form[action$='/liknande-svar']")


def test_a_case_out_of_sight_has_no_bank(asked: Receipt, staff_page: steps.SignIn) -> None:
    samir = staff_page(factories.member("samir", unit="gata"))
    samir.get(steps.case_address(factories.number(asked), "/liknande-svar"), 404)


def test_a_chosen_text_lets_the_files_of_the_draft_wait_as_long_as_the_draft(
    anna: Staff, asked: Receipt, answered: Answered, travel: steps.Travel, staff_page: steps.SignIn
) -> None:
    receipt, page = answered(anna), staff_page(anna)
    path = steps.case_address(factories.number(asked))
    shown = page.get(path)
    shown.find("form[action$='/answer']")["action"] = f"{path}/utkast"
    draft = "form[action$='/utkast']"
    posting.post(page, shown, {"body": "Hej", "save": "1"}, ("karta.txt", b"Karta"), form=draft)
    before = expires()
    travel.shift(timedelta(days=20))
    choose(staff_page(anna), asked, receipt)
    assert expires() == before + timedelta(days=20)


def expires() -> datetime:
    """When the only upload expires."""
    db.close_read_session()
    until = db.session().scalars(sa.select(StoredFile.expires_at)).one()
    assert until
    return until
