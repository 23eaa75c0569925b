"""The outbox: what is decided and what is to be sent stand or fall together."""

import re

import pytest
import sqlalchemy as sa
from flask import Flask
from jinja2 import ChoiceLoader, DictLoader

from portal import db
from portal.cases import commands, opening, queries
from portal.cases.lifecycle import Status
from portal.cases.models import Case
from portal.cases.submission import Receipt
from portal.cases.terms import TaskKind
from portal.identity import commands as identity
from portal.identity.actors import Role, Staff
from portal.notifications import outbox
from portal.notifications.models import Medium, OutboxMessage, State
from tests import build

OWN = build.CITIZENS["maria"]
MARIA = "maria@exempel.se"
LETTERS = ["received", "being_handled", "answered", "answered_orally", "closed", "new_code"]
ANSWER = "Gungan lagas på <tisdag> & onsdag."


def asked(**given: object) -> Receipt:
    return build.send_in(email=MARIA, name="Maria Ek", **given)


def names() -> list[str]:
    return [row.name for row in build.letters()]


def last() -> OutboxMessage:
    return build.letters()[-1]


def test_each_step_that_concerns_the_sender_sends_its_letter(inside: Flask) -> None:
    receipt, officer = asked(), build.member()
    build.act(commands.take, officer, receipt)
    build.act(commands.answer, officer, receipt, ANSWER)
    build.act(commands.close, officer, receipt)
    assert names() == ["received", "being_handled", "answered", "closed"]
    assert {(row.recipient, row.medium, row.state) for row in build.letters()} == {
        (MARIA, Medium.EMAIL, State.QUEUED)
    }


def test_answering_and_closing_in_one_step_sends_one_letter(inside: Flask) -> None:
    receipt = asked()
    build.act(commands.answer, build.member(), receipt, ANSWER, close=True)
    assert names() == ["received", "answered"]
    assert "Ärendet är avslutat. Skriver du tillbaka öppnas det igen." in (last().text or "")


def test_being_handled_is_told_only_the_first_time(inside: Flask) -> None:
    receipt, anna, samir = asked(), build.member(), build.member("samir")
    build.act(commands.take, anna, receipt)
    build.act(commands.take, samir, receipt)
    build.act(commands.answer, samir, receipt, ANSWER)
    build.act(commands.reply, build.sender(receipt), receipt, "Tack, men")
    build.act(commands.take, anna, receipt)
    assert names().count("being_handled") == 1


@pytest.mark.parametrize("step", ["assign", "note", "reply"])
def test_what_does_not_concern_the_sender_sends_nothing(inside: Flask, step: str) -> None:
    receipt, officer = asked(), build.member()
    match step:
        case "assign":
            able = queries.handlers(build.case(receipt))
            build.act(commands.assign, officer, receipt, able[0])
        case "note":
            build.act(commands.note, officer, receipt, "Bara vi")
        case _:
            build.act(commands.reply, build.sender(receipt), receipt, "En sak till")
    assert names() == ["received"]
    assert len(build.entries(receipt)) == 2


def test_who_has_only_a_code_gets_no_letter(inside: Flask) -> None:
    receipt, officer = build.send_in(), build.member()
    build.act(commands.take, officer, receipt)
    build.act(commands.answer, officer, receipt, ANSWER)
    build.act(commands.close, officer, receipt)
    assert names() == []


def test_what_is_undone_leaves_no_letter(inside: Flask) -> None:
    receipt, officer = asked(), build.member()
    with pytest.raises(RuntimeError, match="undone"):
        build.act(_answer_and_fail, officer, receipt)
    assert names() == ["received"]
    assert build.case(receipt).status is Status.RECEIVED


def _answer_and_fail(actor: Staff, case: Case) -> None:
    commands.answer(actor, case, ANSWER)
    raise RuntimeError("undone")


def brought_to(message: str) -> Receipt:
    """A case whose last letter is this one."""
    receipt, officer = asked(), build.member()
    if message == "being_handled":
        build.act(commands.take, officer, receipt)
    if message == "answered_orally":
        build.act(commands.answer_orally, officer, receipt, ANSWER)
    if message in ("answered", "closed"):
        build.act(commands.answer, officer, receipt, ANSWER)
    if message == "closed":
        build.act(commands.close, officer, receipt)
    if message == "new_code":
        with db.transaction():
            opening.ask_for_link(receipt.year, receipt.number, MARIA)
    return receipt


@pytest.mark.parametrize("message", LETTERS)
def test_every_letter_is_rendered_with_subject_text_and_html(inside: Flask, message: str) -> None:
    receipt = brought_to(message)
    row = last()
    assert (row.name, row.state, row.language) == (message, State.QUEUED, "sv")
    subject, text, html = row.subject or "", row.text or "", row.html or ""
    assert build.number(receipt) in subject
    assert len(subject.splitlines()) == 1
    for body in (text, html):
        assert build.number(receipt) in body
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
    receipt, officer = asked(category="aldre"), build.member(unit="aldre")
    build.act(commands.answer, officer, receipt, ANSWER)
    assert "Gungan" not in f"{last().subject}{last().text}{last().html}"
    assert "Svaret står inte i mejlet." in (last().text or "")


@pytest.mark.parametrize("hidden", ["the sender", "the person", "the name", "the case", "no topic"])
def test_an_answer_to_somebody_who_is_to_be_hidden_stays_in_the_case(inside: Flask, hidden: str) -> None:
    receipt, officer = asked(), build.member("eva", Role.REGISTRAR, None)
    with db.transaction():
        case, maria = db.session().get_one(Case, receipt.case), identity.find_or_add("Maria", OWN)
        assert case.party
        case.party.person_id, maria.protected = maria.id, hidden == "the person"
        case.party.protected, case.hide_sender = hidden == "the sender", hidden == "the name"
        case.secrecy_level = "absolut" if hidden == "the case" else None
        case.category_id = None if hidden == "no topic" else case.category_id
    build.act(commands.answer, officer, receipt, ANSWER)
    assert "Gungan" not in f"{last().subject}{last().text}{last().html}"


def test_what_was_said_aloud_is_read_in_the_case_alone_and_may_be_contradicted(inside: Flask) -> None:
    brought_to("answered_orally")
    assert "Gungan" not in f"{last().subject}{last().text}{last().html}"
    assert "Stämmer det inte" in (last().text or "")


def test_every_letter_has_an_id_of_its_own_at_the_portals_address(inside: Flask) -> None:
    brought_to("closed")
    ids = [row.message_id for row in build.letters()]
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
def test_a_letter_that_cannot_be_written_becomes_a_task_and_the_answer_stands(
    inside: Flask, part: str, text: str
) -> None:
    receipt, officer = asked(), build.member()
    break_template(inside, f"email/answered/{part}", text)
    build.act(commands.answer, officer, receipt, ANSWER)
    case = build.case(receipt)
    assert (case.status, case.messages[-1].body) == (Status.ANSWERED, ANSWER)
    assert [entry.event for entry in build.entries(receipt)] == ["CaseReceived", "CaseAnswered"]
    row = last()
    assert (row.name, row.state, row.recipient) == ("answered", State.UNRENDERED, MARIA)
    assert (row.subject, row.text, row.html) == (None, None, None)
    assert [task.kind for task in queries.tasks(officer, case)] == [TaskKind.UNRENDERED]


def test_the_case_comes_in_though_its_receipt_letter_cannot_be_written(inside: Flask) -> None:
    break_template(inside, "email/received/body.html", "{{ nobody_gave_this }}")
    first, second = asked(), asked()
    assert (first.number, second.number) == (1, 2)
    assert [row.state for row in build.letters()] == [State.UNRENDERED] * 2


def test_two_letters_that_cannot_be_written_are_one_open_task(inside: Flask) -> None:
    receipt, officer = asked(), build.member()
    break_template(inside, "email/answered/body.txt", "{{ nobody_gave_this }}")
    build.act(commands.answer, officer, receipt, "Ett")
    build.act(commands.answer, officer, receipt, "Två")
    (task,) = queries.tasks(officer, build.case(receipt))
    build.act(commands.finish_task, officer, receipt, task.id)
    build.act(commands.answer, officer, receipt, "Tre")
    (again,) = queries.tasks(officer, build.case(receipt))
    assert again.id != task.id


def test_what_went_wrong_is_logged_without_the_address_or_the_words(
    inside: Flask, caplog: pytest.LogCaptureFixture
) -> None:
    receipt = asked()
    break_template(inside, "email/answered/body.txt", "{{ nobody_gave_this }}")
    build.act(commands.answer, build.member(), receipt, ANSWER)
    assert "answered" in caplog.text
    assert "nobody_gave_this" in caplog.text
    assert MARIA not in caplog.text
    assert "Gungan" not in caplog.text


def test_the_newest_letters_come_first_and_one_is_found_by_its_id(inside: Flask) -> None:
    brought_to("closed")
    assert [row.name for row in outbox.latest(2)] == ["closed", "answered"]
    newest = outbox.latest(1)[0]
    assert outbox.one(newest.id) is newest
    assert outbox.one(4711) is None
