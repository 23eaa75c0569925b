"""The outbox: what is decided and what is to be sent stand or fall together."""

import re

import pytest
import sqlalchemy as sa
from flask import Flask
from jinja2 import ChoiceLoader, DictLoader
from time_machine import TimeMachineFixture

from portal import db
from portal.cases import queries
from portal.cases.actions import handling, routing
from portal.cases.actions import sender as sender_actions
from portal.cases.enums import Kind, Secrecy, TaskKind
from portal.cases.intake import code_access
from portal.cases.intake.submission import Receipt
from portal.cases.lifecycle import Status
from portal.cases.models import Case
from portal.config import settings
from portal.identity import commands as identity
from portal.identity.actors import Staff
from portal.notifications import outbox, rendering, segments
from portal.notifications.models import Medium, OutboxMessage, State
from tests import factories
from tests.plain_text import plain

OWN = factories.CITIZENS["maria"]
MARIA = "maria@exempel.se"
LETTERS = ["received", "being_handled", "answered", "answered_orally", "closed", "new_code"]
ANSWER = "Gungan lagas på <tisdag> & onsdag."


def asked(**given: object) -> Receipt:
    return factories.send_in(email=MARIA, name="Maria Ek", **given)


def names() -> list[str]:
    return [row.name for row in factories.letters()]


def last() -> OutboxMessage:
    return factories.letters()[-1]


def test_each_step_that_concerns_the_sender_sends_its_letter(inside: Flask) -> None:
    receipt, officer = asked(), factories.member()
    factories.act(handling.take, officer, receipt)
    factories.act(handling.answer, officer, receipt, ANSWER)
    factories.act(handling.close, officer, receipt)
    assert names() == ["received", "being_handled", "answered", "closed"]
    assert {(row.recipient, row.medium, row.state) for row in factories.letters()} == {
        (MARIA, Medium.EMAIL, State.QUEUED)
    }


def test_answering_and_closing_in_one_step_sends_one_letter(inside: Flask) -> None:
    receipt = asked()
    factories.act(handling.answer, factories.member(), receipt, ANSWER, close=True)
    assert names() == ["received", "answered"]
    assert "Ärendet är avslutat. Om du skriver tillbaka öppnas det igen." in (last().text or "")


def test_being_handled_is_told_only_the_first_time(inside: Flask) -> None:
    receipt, anna, samir = asked(), factories.member(), factories.member("samir")
    factories.act(handling.take, anna, receipt)
    factories.act(handling.take, samir, receipt)
    factories.act(handling.answer, samir, receipt, ANSWER)
    factories.act(sender_actions.reply, factories.sender(receipt), receipt, "Tack, men")
    factories.act(handling.take, anna, receipt)
    assert names().count("being_handled") == 1


@pytest.mark.parametrize("step", ["assign", "note"])
def test_what_does_not_concern_the_sender_sends_nothing(inside: Flask, step: str) -> None:
    receipt, officer = asked(), factories.member()
    match step:
        case "assign":
            able = queries.handlers(factories.case(receipt))
            factories.act(handling.assign, officer, receipt, able[0])
        case _:
            factories.act(handling.note, officer, receipt, "Bara vi")
    assert names() == ["received"]
    assert len(factories.entries(receipt)) == 2


def test_what_the_sender_writes_is_acknowledged_without_their_words(inside: Flask) -> None:
    receipt = asked()
    factories.act(sender_actions.reply, factories.sender(receipt), receipt, "En sak till")
    assert names() == ["received", "reply_received"]
    assert "Tack. Vi har fått det du skrev." in (last().text or "")
    assert "En sak till" not in (last().text or "")


def test_a_request_for_a_record_is_acknowledged_when_it_is_marked_and_not_when_it_is_unmarked(
    inside: Flask,
) -> None:
    receipt, officer = asked(), factories.member()
    for record in (True, False):
        factories.act(routing.flag_record, officer, receipt, record)
    assert names() == ["received", "record_request"]
    assert "begäran om allmän handling" in (last().text or "")


def test_who_has_only_a_code_gets_no_letter(inside: Flask) -> None:
    receipt, officer = factories.send_in(), factories.member()
    factories.act(handling.take, officer, receipt)
    factories.act(handling.answer, officer, receipt, ANSWER)
    factories.act(handling.close, officer, receipt)
    assert names() == []


def test_what_is_undone_leaves_no_letter(inside: Flask) -> None:
    receipt, officer = asked(), factories.member()
    with pytest.raises(RuntimeError, match="undone"):
        factories.act(_answer_and_fail, officer, receipt)
    assert names() == ["received"]
    assert factories.case(receipt).status is Status.RECEIVED


def _answer_and_fail(actor: Staff, case: Case) -> None:
    handling.answer(actor, case, ANSWER)
    raise RuntimeError("undone")


def brought_to(message: str) -> Receipt:
    """A case whose last letter is this one."""
    receipt, officer = asked(), factories.member()
    if message == "being_handled":
        factories.act(handling.take, officer, receipt)
    if message == "answered_orally":
        factories.act(handling.answer_orally, officer, receipt, ANSWER)
    if message in ("answered", "closed"):
        factories.act(handling.answer, officer, receipt, ANSWER)
    if message == "closed":
        factories.act(handling.close, officer, receipt)
    if message == "new_code":
        with db.transaction():
            code_access.request_link(receipt.year, receipt.number, MARIA)
            code_access.answer_requests()
    return receipt


@pytest.mark.parametrize("message", LETTERS)
def test_every_letter_is_rendered_with_subject_text_and_html(inside: Flask, message: str) -> None:
    receipt = brought_to(message)
    row = last()
    assert (row.name, row.state, row.language) == (message, State.QUEUED, "sv")
    subject, text, html = row.subject or "", row.text or "", row.html or ""
    assert factories.number(receipt) in subject
    assert len(subject.splitlines()) == 1
    for body in (text, html):
        assert factories.number(receipt) in body
        assert "http://localhost:8000/folj" in body
        assert "Burlövs kommun" in body
    assert html.lower().startswith("<!doctype html>")
    assert not re.search(r"{{|{%|%\(|None|Undefined", subject + text + html)


@pytest.mark.parametrize("message", LETTERS)
def test_no_letter_holds_the_code_or_the_senders_own_words(inside: Flask, message: str) -> None:
    receipt = brought_to(message)
    row = last()
    whole = f"{row.subject}{row.text}{row.html}"
    for secret in (receipt.code, "Lekplatsen är stängd", "Ingen skylt säger varför."):
        assert secret not in whole


def test_an_answer_stands_in_the_letter_and_is_escaped_in_html(inside: Flask) -> None:
    brought_to("answered")
    assert ANSWER in (last().text or "")
    assert "Gungan lagas på &lt;tisdag&gt; &amp; onsdag." in (last().html or "")


def test_an_answer_in_a_secret_topic_stays_in_the_case(inside: Flask) -> None:
    receipt, officer = asked(category="aldre"), factories.member(unit="aldre")
    factories.act(handling.answer, officer, receipt, ANSWER)
    assert "Gungan" not in f"{last().subject}{last().text}{last().html}"
    assert "Svaret står inte i mejlet." in (last().text or "")


@pytest.mark.parametrize("hidden", ["the sender", "the person", "the name", "the case", "no topic"])
def test_an_answer_to_somebody_who_is_to_be_hidden_stays_in_the_case(inside: Flask, hidden: str) -> None:
    receipt, officer = asked(), factories.member("eva")
    with db.transaction():
        case, maria = db.session().get_one(Case, receipt.case), identity.find_or_add("Maria", OWN)
        assert case.party
        case.party.person_id, maria.protected = maria.id, hidden == "the person"
        case.party.protected, case.hide_sender = hidden == "the sender", hidden == "the name"
        case.secrecy = Secrecy.MARKED if hidden == "the case" else None
        case.category_id = None if hidden == "no topic" else case.category_id
    factories.act(handling.answer, officer, receipt, ANSWER)
    assert "Gungan" not in f"{last().subject}{last().text}{last().html}"


def test_what_was_said_aloud_is_read_in_the_case_alone_and_may_be_contradicted(inside: Flask) -> None:
    brought_to("answered_orally")
    assert "Gungan" not in f"{last().subject}{last().text}{last().html}"
    assert "Om det inte stämmer" in (last().text or "")


def test_every_letter_has_an_id_of_its_own_at_the_portals_address(inside: Flask) -> None:
    brought_to("closed")
    ids = [row.message_id for row in factories.letters()]
    assert len(ids) == len(set(ids)) == 3
    assert all(re.fullmatch(r"<[0-9a-f-]{36}@localhost>", each) for each in ids)


def test_recipient_and_bodies_are_unreadable_in_the_file(inside: Flask) -> None:
    brought_to("answered")
    rows = db.session().execute(sa.text("SELECT recipient, subject, text, html FROM outbox")).all()
    stored = b"".join(bytes(cell) for row in rows for cell in row)
    assert len(rows) == 2
    assert MARIA.encode() not in stored
    assert b"Gungan" not in stored


def break_template(app: Flask, name: str, text: str) -> None:
    """A template of this application with something wrong in it."""
    original = app.jinja_env.loader
    assert original
    app.jinja_env.loader = ChoiceLoader([DictLoader({name: text}), original])


@pytest.mark.parametrize("part", ["subject.txt", "body.txt", "body.html"])
@pytest.mark.parametrize(
    "text", ["{{ nobody_gave_this }}", "{{ 1 / 0 }}", "{% broken", "{% include 'gone' %}"]
)
@pytest.mark.own_app
def test_a_letter_that_cannot_be_written_becomes_a_task_and_the_answer_stands(
    inside: Flask, part: str, text: str
) -> None:
    receipt, officer = asked(), factories.member()
    break_template(inside, f"email/answered/{part}", text)
    factories.act(handling.answer, officer, receipt, ANSWER)
    case = factories.case(receipt)
    assert (case.status, case.messages[-1].body) == (Status.ANSWERED, ANSWER)
    assert [entry.event for entry in factories.entries(receipt)] == ["CaseReceived", "CaseAnswered"]
    row = last()
    assert (row.name, row.state, row.recipient) == ("answered", State.UNRENDERED, MARIA)
    assert (row.subject, row.text, row.html) == (None, None, None)
    assert factories.open_tasks(receipt) == [TaskKind.UNRENDERED]


@pytest.mark.own_app
def test_the_case_comes_in_though_its_receipt_letter_cannot_be_written(inside: Flask) -> None:
    break_template(inside, "email/received/body.html", "{{ nobody_gave_this }}")
    first, second = asked(), asked()
    assert (first.number, second.number) == (1, 2)
    assert [row.state for row in factories.letters()] == [State.UNRENDERED] * 2


@pytest.mark.own_app
def test_two_letters_that_cannot_be_written_are_one_open_task(inside: Flask) -> None:
    receipt, officer = asked(), factories.member()
    break_template(inside, "email/answered/body.txt", "{{ nobody_gave_this }}")
    factories.act(handling.answer, officer, receipt, "Ett")
    factories.act(handling.answer, officer, receipt, "Två")
    (task,) = factories.case(receipt).open_tasks
    factories.act(handling.finish_task, officer, receipt, task.id)
    factories.act(handling.answer, officer, receipt, "Tre")
    (again,) = factories.case(receipt).open_tasks
    assert again.id != task.id


@pytest.mark.own_app
def test_what_went_wrong_is_logged_without_the_address_or_the_words(
    inside: Flask, caplog: pytest.LogCaptureFixture
) -> None:
    receipt = asked()
    break_template(inside, "email/answered/body.txt", "{{ nobody_gave_this }}")
    factories.act(handling.answer, factories.member(), receipt, ANSWER)
    assert "answered" in caplog.text
    assert "jinja2.exceptions.UndefinedError" in caplog.text
    assert MARIA not in caplog.text
    assert "Gungan" not in caplog.text


def test_the_newest_letters_come_first_and_one_is_found_by_its_id(inside: Flask) -> None:
    brought_to("closed")
    assert [row.name for row in outbox.latest_messages(2)] == ["closed", "answered"]
    newest = outbox.latest_messages(1)[0]
    assert outbox.get_message(newest.id) is newest
    assert outbox.get_message(4711) is None


# ---- Summer: the answer may come later than the receipt promises


SUMMER = "2026-06-26 08:00:00Z"
EXEMPTION = "I sommar, till och med söndag 16 augusti, kan svaret komma senare. Då får du veta en ny dag."


def test_a_receipt_by_letter_tells_of_summer_where_it_may_come(
    inside: Flask, time_machine: TimeMachineFixture
) -> None:
    time_machine.move_to("2026-03-02 08:00:00Z", tick=False)
    asked()
    assert "sommar" not in f"{last().text}{last().html}"
    time_machine.move_to(SUMMER, tick=False)
    asked()
    assert f"Du får svar senast fredag 10 juli.\n{EXEMPTION}\n\nDu kan följa" in (last().text or "")
    for text in (plain(last().text), plain(last().html)):
        assert EXEMPTION in text
        assert text.index("Du får svar senast") < text.index(EXEMPTION)


def test_a_receipt_by_text_message_tells_of_summer_in_a_single_message(
    inside: Flask, time_machine: TimeMachineFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    time_machine.move_to(SUMMER, tick=False)
    factories.send_in(reply_by="sms", phone="+46701740605")
    text = last().text or ""
    assert "I sommar kan svaret komma senare." in text
    assert segments.count(text).parts == 1
    longer = settings().model_copy(update={"base_url": "https://" + "kontakt." * 6 + "exempel.se"})
    monkeypatch.setattr(rendering, "settings", lambda: longer)
    factories.send_in(reply_by="sms", phone="+46701740605")
    assert "sommar" not in (last().text or "")
    assert "Svar senast fredag 10 juli." in (last().text or "")


def test_a_receipt_without_a_promised_answer_tells_of_no_exemption(
    inside: Flask, time_machine: TimeMachineFixture
) -> None:
    time_machine.move_to(SUMMER, tick=False)
    asked(kind=Kind.PRAISE, answer_wanted=False)
    assert "sommar" not in (last().text or "")
