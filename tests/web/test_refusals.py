"""Bad input: a clear message at the field and in the summary, what was written kept, nothing stored."""

from collections.abc import Callable
from typing import Any
from urllib.parse import quote_from_bytes, urlencode

import pytest
from flask import Flask
from sqlalchemy import select

from portal import db
from portal.cases.models import Case
from tests.page import Document, Page
from tests.web import steps

NOTHING = {"subject": "Skriv en rubrik. Några ord räcker.", "body": "Berätta vad som hände"}
NO_SUCH_ADDRESS = "Skriv hela adressen, till exempel namn@exempel.se"
UNREADABLE = "Texten innehöll tecken som inte går att läsa. Vi tog bort dem. Läs igenom och skicka."
TWO_ADDRESSES = "Adressen har mer än ett @. Skriv en enda adress, till exempel namn@exempel.se"
Post = Callable[[Page, dict[str, Any]], Document]
STALE = "Sidan hade varit öppen för länge. Allt du skrev finns kvar. Skicka igen."


def sent_by_hand(page: Page, changes: dict[str, Any], status: int = 422) -> Document:
    """Post what no browser would, with a token that holds."""
    fields = page.get(steps.COMPLAINT).form("main form").fields()
    return page.post(steps.COMPLAINT, fields | steps.MAILED | changes, status)


def assert_told(answer: Document, field: str, message: str) -> None:
    """The message stands in the summary, leads to the field, and stands beside it."""
    assert message in answer.errors()
    link = next(link for link in answer.all(".ds-error-summary a") if link["href"] == f"#{field}")
    assert link.get_text() == message
    assert answer.text_of(f"#{field}-error") == message


def assert_kept(answer: Document, written: dict[str, str], *, apart_from: str = "") -> None:
    """All that was right is there to be sent again."""
    for field in {"subject", "body", "email", "name"} - {apart_from}:
        assert steps.kept(answer, field) == written[field], field


@pytest.mark.parametrize(
    ("field", "written", "message"),
    [
        ("subject", "", NOTHING["subject"]),
        ("subject", " \t ", NOTHING["subject"]),
        ("subject", "x" * 201, "Texten är 1 tecken för lång. Den får vara högst 200 tecken."),
        ("body", "", NOTHING["body"]),
        ("body", "\r\n \r\n", NOTHING["body"]),
        ("email", "", "Skriv din e-postadress"),
        ("email", "maja", f"Adressen saknar @. {NO_SUCH_ADDRESS}"),
        ("email", "maja@exempel", "Det saknas en punkt efter @, som i namn@exempel.se"),
        ("email", "maja@exempel..se", "Det är två punkter i rad i adressen. Ta bort den ena."),
        ("email", "maja ek@exempel.se", "Ta bort mellanslaget i adressen"),
        ("email", "maja@exempel.se, eva@exempel.se", TWO_ADDRESSES),
        ("email", "maja@[127.0.0.1]", NO_SUCH_ADDRESS),
        ("email", "m" * 65 + "@exempel.se", NO_SUCH_ADDRESS),
        ("email", "maja@" + "e" * 250 + ".se", "Texten är 4 tecken för lång. Den får vara högst 254 tecken."),
        ("name", "x" * 201, "Texten är 1 tecken för lång. Den får vara högst 200 tecken."),
    ],
)
def test_what_is_wrong_is_told_at_its_field_and_the_rest_is_kept(
    page: Page, field: str, written: str, message: str
) -> None:
    before = steps.stored()
    answer = sent_by_hand(page, {field: written})
    assert answer.errors() == [message]
    assert answer.text_of(".ds-error-summary h2") == "Rätta en sak"
    assert_told(answer, field, message)
    assert_kept(answer, steps.MAILED, apart_from=field)
    assert steps.kept(answer, field).strip() == written.strip()
    assert answer.has("[name=reply_by][value=email][checked]")
    assert steps.stored() == before


def test_several_things_that_are_wrong_are_told_in_the_order_of_the_page(page: Page) -> None:
    answer = sent_by_hand(page, {"subject": "", "body": "", "email": "", "category": "månen"})
    assert answer.text_of(".ds-error-summary h2") == "Rätta fyra saker"
    told = [str(link["href"]) for link in answer.all(".ds-error-summary a")]
    assert told == ["#category", "#subject", "#body", "#email"]
    assert answer.find("title").get_text().startswith("Rätta fyra saker – ")


@pytest.mark.parametrize(
    ("field", "written", "message"),
    [
        ("category", "månen", "Välj ett ämne i listan, eller Vet inte"),
        ("category", "' OR 1=1 --", "Välj ett ämne i listan, eller Vet inte"),
        ("reply_by", "", "Välj hur du vill få svaret"),
        ("reply_by", "brevduva", "Välj hur du vill få svaret"),
        ("reply_by", "Sms", "Välj hur du vill få svaret"),
    ],
)
def test_a_choice_that_is_not_offered_is_refused_and_the_rest_is_kept(
    page: Page, field: str, written: str, message: str
) -> None:
    before = steps.stored()
    answer = sent_by_hand(page, {field: written})
    assert_told(answer, field, message)
    assert_kept(answer, steps.MAILED)
    assert steps.stored() == before


FIELDS = ["subject", "body", "email", "name"]
SIGNS = ["\x00", "\x07", "\x1b", "\x7f", "\x9f", "\ufffe"]
BROKEN = [b"\xed\xa0\x80", b"\xff", b"\xc3", b"\xc0\x80", b"\xf8\x88\x80\x80\x80"]


@pytest.mark.parametrize("field", FIELDS)
def test_signs_that_cannot_be_read_are_taken_out_and_the_next_try_goes_through(
    page: Page, field: str
) -> None:
    before, written = steps.stored(), steps.MAILED[field]
    for sign in SIGNS:
        answer = sent_by_hand(page, {field: written[:4] + sign + written[4:]})
        assert_told(answer, field, UNREADABLE)
        assert_kept(answer, steps.MAILED)
    assert steps.stored() == before
    assert page.submit(answer, "main form").location.startswith("/kvitto/")


@pytest.mark.parametrize("break_", ["\r\n", "\n", "\r", "\u2028", "\x0b", "\x85"])
def test_a_line_break_cannot_carry_a_header_into_a_letter(page: Page, break_: str) -> None:
    before = steps.stored()
    header = f"{break_}Bcc: eva@exempel.se"
    answer = sent_by_hand(page, {"email": f"{steps.MAILED['email']}{header}"})
    assert_told(answer, "email", TWO_ADDRESSES)
    assert steps.stored() == before
    # In a line of text it is a space, which begins no header.
    sent_by_hand(page, {"subject": f"Hej{header}", "name": f"Maja{header}"}, 303)
    db.close_read_session()
    case = db.session().scalars(select(Case)).one()
    assert case.party is not None
    assert (case.public_subject, case.party.name) == ("Hej Bcc: eva@exempel.se", "Maja Bcc: eva@exempel.se")


@pytest.mark.parametrize("field", FIELDS)
def test_half_a_sign_or_another_encoding_is_taken_out_and_the_next_try_goes_through(
    page: Page, field: str
) -> None:
    fields, before = page.get(steps.COMPLAINT).form("main form").fields() | steps.MAILED, steps.stored()
    others = [f"{name}={quote_from_bytes(written(value))}" for name, value in fields.items() if name != field]
    for broken in BROKEN:
        mine = f"{field}={quote_from_bytes(written(fields[field]) + broken)}"
        answer = as_urlencoded(page, "&".join([*others, mine]).encode())
        assert_told(answer, field, UNREADABLE)
        assert_kept(answer, steps.MAILED)
    assert steps.stored() == before
    assert page.submit(answer, "main form").location.startswith("/kvitto/")


def written(value: Any) -> bytes:
    one = value[0] if isinstance(value, list) else value
    return one if isinstance(one, bytes) else str(one).encode()


def as_urlencoded(page: Page, body: bytes, status: int = 422) -> Document:
    kind = "application/x-www-form-urlencoded"
    return page._open("POST", steps.COMPLAINT, status, data=body, content_type=kind)


def test_bytes_that_no_browser_sends_cost_nobody_their_text(page: Page) -> None:
    fields = page.get(steps.COMPLAINT).form("main form").fields() | steps.MAILED
    fields.pop("subject")
    raw = urlencode(fields, doseq=True).encode() + b"&subject=Lek\xe5plats"
    answer = as_urlencoded(page, raw)
    assert_told(answer, "subject", UNREADABLE)
    assert steps.kept(answer, "body") == steps.MAILED["body"]


@pytest.mark.parametrize("body", [b"", b"{}", b"[1]", b"5", b"--grns\r\n\r\n", b"%", b"&&&=&"])
def test_what_is_no_form_is_asked_for_again(page: Page, body: bytes) -> None:
    assert as_urlencoded(page, body).h1 == "Lämna ett klagomål"
    assert steps.count("case") == 0


@pytest.mark.parametrize("token", [None, "", "gissad", "IjEi.aaaa.bbbb"])
def test_without_its_token_a_form_asks_again_with_the_text_kept(page: Page, token: str | None) -> None:
    form, before = page.get(steps.COMPLAINT), steps.stored()
    answer = page.submit(form, "main form", changes=steps.MAILED | {"csrf_token": token}, status=422)
    assert STALE in answer.text
    assert answer.errors() == []
    assert_kept(answer, steps.MAILED)
    assert steps.stored() == before
    assert page.submit(answer, "main form").location.startswith("/kvitto/")
    assert steps.count("case") == 1


def test_a_form_that_was_open_for_a_day_asks_again_with_the_text_kept(
    page: Page, travel: steps.Travel
) -> None:
    form = page.get(steps.COMPLAINT)
    travel.shift(24 * 3600 + 1)
    answer = page.submit(form, "main form", changes=steps.MAILED, status=422)
    assert STALE in answer.text
    assert_kept(answer, steps.MAILED)
    page.submit(answer, "main form")
    assert steps.count("case") == 1


def test_a_form_without_its_cookie_asks_again_with_the_text_kept(app: Flask, page: Page) -> None:
    form, other = page.get(steps.COMPLAINT), Page(app.test_client())
    answer = other.submit(form, "main form", changes=steps.MAILED, status=422)
    assert_kept(answer, steps.MAILED)
    other.submit(answer, "main form")
    assert steps.count("case") == 1


def test_a_robot_that_fills_in_the_hidden_field_is_asked_to_send_again(page: Page) -> None:
    before = steps.stored()
    answer = steps.refused(page, steps.MAILED | {"website": "https://billigt.example"})
    assert "Ett dolt fält var ifyllt. Vi har tömt det. Skicka igen." in answer.text
    assert_kept(answer, steps.MAILED)
    assert steps.kept(answer, "website") == ""
    assert steps.stored() == before
    assert page.submit(answer, "main form").location.startswith("/kvitto/")
