"""One form makes one case: double click, reload, back button, and eight at the same time."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from flask import Flask

from portal import db
from tests.page import Document, Form, Page
from tests.web import steps

SENT_BEFORE = "Du har redan skickat det här formuläret en gång och fått numret KB-2026-000001."


def test_a_double_click_makes_one_case_and_one_receipt(page: Page) -> None:
    form = page.get(steps.COMPLAINT)
    first = page.follow(page.submit(form, "main form", changes=steps.WRITTEN))
    again = page.follow(page.submit(form, "main form", changes=steps.WRITTEN))
    assert steps.count("case") == steps.count("message") == 1
    assert (steps.number_of(again), steps.code_of(again)) == (steps.number_of(first), steps.code_of(first))


def test_reading_the_receipt_again_sends_nothing_again(page: Page) -> None:
    receipt = steps.send(page)
    for _time in range(3):
        assert steps.code_of(steps.latest_receipt(page)) == steps.code_of(receipt)
    assert steps.count("case") == 1


def test_the_back_button_and_the_same_text_is_the_same_case(page: Page) -> None:
    form = page.get(steps.COMPLAINT)
    page.submit(form, "main form", changes=steps.MAILED)
    sent = steps.stored()
    again = page.follow(page.submit(form, "main form", changes=steps.MAILED))
    assert steps.number_of(again) == "KB-2026-000001"
    assert steps.stored() == sent


@pytest.mark.parametrize(
    "changed",
    [
        {"subject": "Gungan är trasig"},
        {"body": "Den knakar."},
        {"email": "maja.ek@exempel.se"},
        {"name": "Maja Ekström"},
    ],
)
def test_the_back_button_and_another_text_asks_before_it_becomes_a_second_case(
    page: Page, travel: steps.Travel, changed: dict[str, str]
) -> None:
    form = page.get(steps.COMPLAINT)
    page.submit(form, "main form", changes=steps.MAILED)
    sent = steps.stored()
    asked = page.submit(form, "main form", changes=steps.MAILED | changed, status=422)
    assert SENT_BEFORE in asked.text
    for field, written in (steps.MAILED | changed).items():
        assert field == "reply_by" or steps.kept(asked, field) == written
    assert steps.stored() == sent
    second = page.follow(page.submit(asked, "main form"))
    assert steps.number_of(second) == "KB-2026-000002"
    assert steps.count("case") == 2


def test_a_form_that_was_refused_and_then_sent_twice_is_one_case(page: Page) -> None:
    asked = steps.refused(page, {"subject": ""})
    for _click in range(2):
        page.submit(asked, "main form", changes=steps.WRITTEN)
    assert steps.count("case") == 1


def test_two_forms_with_the_same_text_are_two_cases(page: Page) -> None:
    codes = {steps.code_of(steps.send(page)) for _form in range(2)}
    assert len(codes) == steps.count("case") == 2


@pytest.mark.parametrize("submission", ["", "kort", "x" * 65, "a b" * 8, "../../etc/passwd", "åäö" * 8])
def test_a_form_whose_mark_is_unusable_gets_a_new_one(page: Page, submission: str) -> None:
    form = page.get(steps.COMPLAINT)
    page.submit(form, "main form", changes=steps.WRITTEN | {"submission": submission})
    assert steps.count("case") == 1


def test_eight_posts_of_one_form_at_once_make_one_case(app: Flask, page: Page) -> None:
    form = page.get(steps.COMPLAINT).form("main form")
    cookie, together = page.client.get_cookie("kontakt"), Barrier(8)
    assert cookie

    def click(_number: int) -> Document:
        client = app.test_client()
        client.set_cookie("kontakt", cookie.value)
        together.wait()
        return posted(Page(client), form)

    with ThreadPoolExecutor(8) as threads:
        answers = list(threads.map(click, range(8)))
    assert {answer.location.rpartition("/")[0] for answer in answers} == {"/kvitto"}
    assert steps.count("case") == steps.count("message") == steps.count("trail") == 1
    assert steps.stored()["number_series"][0][1] == 1


def posted(page: Page, form: Form) -> Document:
    """What a browser sends of the form, and the receipt that it can read afterwards."""
    answer = page.post(form.action, form.fields() | steps.WRITTEN)
    assert steps.number_of(steps.latest_receipt(page)).endswith("-000001")
    db.close_read_session()
    return answer


def test_a_reply_that_is_clicked_twice_is_one_message(page: Page) -> None:
    shown = steps.opened(page)
    for _click in range(2):
        page.submit(shown, "#body", changes={"body": "Vilken tid?"})
    assert steps.count("message") == 2
