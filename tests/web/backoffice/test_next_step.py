"""The day of the next step on the pages of staff and of the sender, where no promise presses."""

from datetime import date

import pytest
from flask import Flask

from portal.cases.actions import extensions, handling, routing
from portal.cases.intake.submission import Receipt
from portal.identity.actors import Staff
from tests import factories
from tests.page import Document, Page
from tests.page_checks import value
from tests.web import steps

# Monday is 4 May; a request for a public record is looked at again the next day.
PROPOSED, CHOSEN = "2026-05-05", "2026-05-20"


@pytest.fixture
def unpromised(sent: Receipt, anna: Staff) -> Receipt:
    """A case of Anna's that is promised no day: a request for a public record."""
    factories.act(routing.flag_record, anna, sent, True)
    return sent


def act(page: Page, receipt: Receipt, action: str, status: int = 303, **changes: str) -> Document:
    return steps.act(page, factories.number(receipt), action, changes=changes, status=status)


def follow(page: Page, receipt: Receipt) -> Document:
    return page.follow(steps.open_case(page, factories.number(receipt), receipt.code or ""))


def test_the_day_presses_on_the_page_and_in_the_queue(page: Page, unpromised: Receipt) -> None:
    shown = page.get(steps.case_address(factories.number(unpromised)))
    assert shown.text_of(".due-line[data-state=soon]") == "Nästa steg tisdag 5 maj, 1 arbetsdag kvar"
    row = page.get("/handlaggning/").text_of("td.due")
    assert row == "tis 5 maj nästa steg, 1 arbetsdag kvar"


@pytest.mark.parametrize("action", ["message_sender", "record_call", "request_supplement"])
def test_a_contact_proposes_a_day_and_keeps_the_one_that_is_chosen(
    page: Page, unpromised: Receipt, action: str
) -> None:
    shown = page.get(steps.case_address(factories.number(unpromised)))
    assert value(shown.find(f"#{action}-next_step"), "value") == PROPOSED
    act(page, unpromised, action, body="Vi letar.", next_step=CHOSEN)
    case = factories.case(unpromised)
    assert (case.next_step_on, case.next_step_shared) == (date(2026, 5, 20), False)


@pytest.mark.parametrize(
    ("day", "error"),
    [
        ("", "Skriv dagen som 2026-05-18"),
        ("i morgon", "Skriv dagen som 2026-05-18"),
        ("0001-01-01", "Skriv dagen som 2026-05-18"),
        ("9999-12-31", "Skriv dagen som 2026-05-18"),
        ("2026-05-04", "Välj en dag som inte har varit"),
        ("2026-05-14", "Välj en arbetsdag"),
        ("2027-05-07", "Välj en dag inom ett år"),
    ],
)
@pytest.mark.parametrize("action", ["message_sender", "set_next_step"])
def test_a_day_that_cannot_be_used_is_said_at_its_field_and_nothing_is_lost(
    page: Page, unpromised: Receipt, action: str, day: str, error: str
) -> None:
    before = factories.case(unpromised).version
    text = {"body": "Vi letar."} if action == "message_sender" else {}
    shown = act(page, unpromised, action, 422, next_step=day, **text)
    assert error in shown.text
    assert value(shown.find(f"#{action}-next_step"), "value") == day
    assert "body" not in text or "Vi letar." in shown.text
    assert factories.case(unpromised).version == before


def test_no_form_asks_for_a_day_where_the_answer_presses(page: Page, sent: Receipt) -> None:
    shown = page.get(steps.case_address(factories.number(sent)))
    assert shown.has("#message_sender-body")
    assert not shown.has("[name=next_step], [name=share], form[action$='/set_next_step']")
    act(page, sent, "message_sender", body="Vi har börjat.")
    assert factories.case(sent).next_step_on is None


def test_a_question_without_a_last_day_is_pressed_and_the_day_can_be_moved(
    page: Page, sent: Receipt, anna: Staff
) -> None:
    factories.act(handling.request_supplement, anna, sent, "Vilken gunga?")
    shown = page.get(steps.case_address(factories.number(sent)))
    assert shown.text_of(".due-line") == "Nästa steg måndag 11 maj, 5 arbetsdagar kvar"
    act(page, sent, "set_next_step", next_step=CHOSEN)
    assert factories.case(sent).next_step_on == date(2026, 5, 20)


def test_a_told_day_is_ticked_when_it_is_moved(page: Page, unpromised: Receipt, anna: Staff) -> None:
    factories.act(extensions.set_next_step, anna, unpromised, date(2026, 5, 20), share=True)
    shown = page.get(steps.case_address(factories.number(unpromised)))
    assert shown.has("#set_next_step-share[checked]")
    assert "Avsändaren har fått veta dagen." in shown.text
    assert not page.get(steps.case_address(factories.number(unpromised))).has(
        "#message_sender-share[checked]"
    )


def test_the_sender_sees_the_day_only_when_told_and_while_it_is_ahead(
    app: Flask, unpromised: Receipt, anna: Staff, travel: steps.Travel
) -> None:
    page = Page(app.test_client())
    assert "Vi hör av oss igen" not in follow(page, unpromised).text
    factories.act(extensions.set_next_step, anna, unpromised, date(2026, 5, 20), share=True)
    told = follow(page, unpromised).text
    assert "Vi hör av oss igen senast onsdag 20 maj" in told
    assert "berättade när vi hör av oss igen" in told
    travel.move_to("2026-05-21 08:00:00Z")
    assert "senast onsdag 20 maj" not in follow(page, unpromised).text
