"""A lost code: a one-time link to the address on the case."""

import re
from typing import Any

import pytest
from flask import Flask

from portal import db
from portal.cases.intake import code_access
from portal.notifications.models import OutboxMessage
from tests.page import Document, Page
from tests.web import steps

NUMBER = "KB-2026-000001"


@pytest.fixture
def old(app: Flask) -> str:
    """The code of a case with an address."""
    return steps.code_of(steps.send(Page(app.test_client()), steps.MAILED))


def ask(page: Page, number: str = NUMBER, email: str = "maja@exempel.se", status: int = 303) -> Document:
    changes = {"number": number, "email": email}
    answer = page.submit(page.get("/folj/ny-kod"), "main form", changes=changes, status=status)
    with page.client.application.app_context(), db.transaction():
        code_access.answer_requests()
    return answer


def letters() -> list[str]:
    """The letters with a link, the latest last."""
    db.close_read_session()
    found = db.session().query(OutboxMessage).filter_by(name="new_code").order_by(OutboxMessage.id)
    return [str(letter.text) for letter in found]


def link(letter: str) -> str:
    found = re.search(r"/folj/ny-kod/[A-Za-z0-9_-]+", letter)
    assert found
    return found[0]


def test_the_link_shows_a_new_code_that_opens_the_case_when_the_old_one_does_not(
    page: Page, old: str
) -> None:
    assert page.follow(ask(page)).h1 == "Titta i din e-post"
    assert steps.open_case(page, NUMBER, old).location.startswith("/folj/")
    shown = page.submit(page.get(link(letters()[0])), "main form", status=200)
    new = steps.code_of(shown)
    assert (steps.number_of(shown), new == old) == (NUMBER, False)
    steps.open_case(page, NUMBER, old, status=422)
    assert page.follow(steps.open_case(page, NUMBER, new)).h1 == steps.WRITTEN["subject"]


def test_whoever_had_opened_the_case_with_the_old_code_is_shut_out(app: Flask, old: str) -> None:
    page, other = Page(app.test_client()), Page(app.test_client())
    steps.open_case(other, NUMBER, old)
    steps.latest(other)
    ask(page)
    page.submit(page.get(link(letters()[0])), "main form", status=200)
    other.get("/folj/arende", 303)


def test_looking_at_the_link_spends_nothing_and_the_button_spends_it_once(
    app: Flask, page: Page, old: str
) -> None:
    ask(page)
    address = link(letters()[0])
    before = steps.stored()
    for scanner in (Page(app.test_client()), page, page):
        confirm = scanner.get(address)
    scanner.client.head(address)
    assert steps.stored() == before
    page.submit(confirm, "main form", status=200)
    spent = steps.stored()
    gone = page.submit(confirm, "main form", status=410)
    assert gone.h1 == page.get(address, 410).h1 == "Länken gäller inte längre"
    assert not gone.has("[data-code]")
    assert steps.stored() == spent


def test_the_link_needs_its_token_and_lasts_when_it_is_missing(page: Page, old: str) -> None:
    ask(page)
    address = link(letters()[0])
    asked = page.post(address, {}, 422)
    assert steps.count("code_link") == 1
    assert page.submit(asked, "main form", status=200).has("[data-code]")


def test_the_link_lasts_a_day(page: Page, old: str, travel: steps.Travel) -> None:
    ask(page)
    travel.shift(24 * 3600 - 1)
    page.get(link(letters()[0]))
    travel.shift(1)
    page.get(link(letters()[0]), 410)


@pytest.mark.parametrize("token", ["gissad", "a" * 300, "%00", "<script>", "å"])
def test_a_link_that_never_was_is_gone(page: Page, token: str) -> None:
    assert page.get(f"/folj/ny-kod/{token}", 410).h1 == "Länken gäller inte längre"
    page.post(f"/folj/ny-kod/{token}", {"csrf_token": steps.token(page)}, 410)


def test_the_answer_is_the_same_whether_or_not_there_is_such_a_case(page: Page, old: str) -> None:
    steps.send(page)
    wrong = [
        (NUMBER, "eva@exempel.se"),
        ("KB-2026-009999", "maja@exempel.se"),
        ("nonsens", "maja@exempel.se"),
    ]
    wrong += [("KB-2026-000002", "maja@exempel.se"), ("KB-2026\x00", "maja@exempel.se")]
    before = steps.stored()
    answers = [ask(page, *pair) for pair in wrong]
    assert steps.stored() == before
    answers.append(ask(page))
    assert len(letters()) == 1
    assert {told(answer) for answer in answers} == {told(answers[-1])}
    assert {page.follow(answer).html for answer in answers} == {page.follow(answers[-1]).html}


def told(answer: Document) -> tuple[Any, ...]:
    return answer.status, answer.location, answer.response.text, *sorted(answer.response.headers.keys())


def test_the_address_may_be_written_in_capitals(page: Page, old: str) -> None:
    ask(page, email="MAJA@Exempel.SE")
    assert len(letters()) == 1


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"number": ""}, [("#number", "Skriv ditt ärendenummer")]),
        ({"email": ""}, [("#email", "Skriv din e-postadress")]),
        (
            {"email": "maja"},
            [("#email", "Adressen saknar @. Skriv hela adressen, till exempel namn@exempel.se")],
        ),
        (
            {"number": "", "email": "a\x00@b.se"},
            [
                ("#number", "Skriv ditt ärendenummer"),
                ("#email", "Skriv hela adressen, till exempel namn@exempel.se"),
            ],
        ),
    ],
)
def test_what_is_wrong_is_told_and_the_rest_kept(
    page: Page, old: str, changes: dict[str, str], told: list[tuple[str, str]]
) -> None:
    written, before = {"number": NUMBER, "email": "maja@exempel.se"} | changes, steps.stored()
    asked = ask(page, **written, status=422)
    assert [(link["href"], link.get_text()) for link in asked.all(".ds-error-summary a")] == told
    assert {field: steps.kept(asked, field) for field in written} == written
    assert steps.stored() == before


def test_asking_without_a_token_sends_nothing_and_keeps_what_was_written(page: Page, old: str) -> None:
    before = steps.stored()
    page.get("/folj/ny-kod")
    asked = page.post("/folj/ny-kod", {"number": NUMBER, "email": "maja@exempel.se"}, 422)
    assert (steps.kept(asked, "number"), steps.kept(asked, "email")) == (NUMBER, "maja@exempel.se")
    assert "Sidan hade varit öppen för länge." in asked.text
    assert steps.stored() == before
