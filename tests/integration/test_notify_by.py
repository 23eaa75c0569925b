"""Where a sender reads a case, how they are notified, and what that means for the answer clock."""

import datetime as dt
from typing import Any

import pytest
from flask import Flask
from time_machine import TimeMachineFixture

from portal import clock, db
from portal.cases import queries
from portal.cases.actions import handling, routing
from portal.cases.actions import sender as sender_actions
from portal.cases.enums import NotifyBy, ReaderChange, ReplyBy
from portal.cases.intake.submission import Receipt, submit
from portal.cases.lifecycle import Status
from portal.cases.models import Case
from portal.identity import commands as identity
from portal.identity.actors import Actor, Citizen, System
from tests import factories

EMAIL, PHONE = "maria@exempel.se", "+46701740605"
MONDAY = dt.datetime(2026, 3, 2, 9, 0, tzinfo=clock.STOCKHOLM)
MAILED: dict[str, Any] = {"reply_by": ReplyBy.PORTAL, "notify_by": NotifyBy.EMAIL, "email": EMAIL}


def send_in(person: Citizen | None = None, **given: Any) -> Receipt:
    with db.transaction():
        return submit(factories.new_case(**given), person)


def names() -> list[str]:
    return [letter.name for letter in factories.letters()]


def change(actor: Citizen, receipt: Receipt, way: NotifyBy, **addresses: str | None) -> None:
    both: dict[str, str | None] = {"email": None, "phone": None}
    factories.act(sender_actions.change_address, actor, receipt, way, **both | addresses)


def test_who_reads_on_mina_sidor_is_notified_of_all_that_happens(inside: Flask) -> None:
    maria, anna = factories.citizen(), factories.member()
    receipt = send_in(maria, **MAILED)
    factories.act(handling.take, anna, receipt)
    factories.act(handling.request_supplement, anna, receipt, "Vilken lekplats?")
    factories.act(sender_actions.reply, maria, receipt, "Den vid ån.")
    factories.act(handling.answer, anna, receipt, "Den öppnar i maj.")
    factories.act(handling.close, anna, receipt)
    assert names() == ["received", "being_handled", "supplement", "reply_received", "answered", "closed"]
    for letter in factories.letters():
        assert (letter.medium, letter.recipient) == ("email", EMAIL)
        assert f"/mina-sidor/arenden/{factories.number(receipt)}" in str(letter.text)
        assert "Den öppnar i maj." not in str(letter.text)


def test_what_waits_for_an_earlier_address_is_not_sent_there_and_a_notice_goes_to_the_new_one(
    inside: Flask,
) -> None:
    maria = factories.citizen()
    receipt = send_in(maria, **MAILED)
    new = "maria.ny@exempel.se"
    factories.act(sender_actions.change_address, maria, receipt, NotifyBy.EMAIL, new, None)
    waiting = [(row.name, row.recipient, row.state.value) for row in factories.letters()]
    assert waiting == [
        ("received", EMAIL, "withheld"),
        ("protected", new, "queued"),
        ("reader_changed", EMAIL, "queued"),
    ]


@pytest.mark.parametrize(
    ("given", "way"),
    [
        ({"reply_by": ReplyBy.CODE}, NotifyBy.NONE),
        ({"reply_by": ReplyBy.EMAIL, "email": EMAIL}, NotifyBy.EMAIL),
        ({"reply_by": ReplyBy.SMS, "phone": PHONE}, NotifyBy.SMS),
        ({"reply_by": ReplyBy.PORTAL}, NotifyBy.NONE),
        (MAILED, NotifyBy.EMAIL),
        ({"reply_by": ReplyBy.PORTAL, "notify_by": NotifyBy.SMS, "phone": PHONE}, NotifyBy.SMS),
    ],
)
def test_a_case_keeps_the_way_that_was_chosen(inside: Flask, given: dict[str, Any], way: NotifyBy) -> None:
    receipt = send_in(factories.citizen(), **given)
    assert factories.case(receipt).notify_by is way
    assert len(factories.letters()) == (way is not NotifyBy.NONE)


@pytest.mark.parametrize(
    ("given", "waits"),
    [
        (MAILED, True),
        ({"email": EMAIL}, True),
        ({"reply_by": ReplyBy.SMS, "phone": PHONE}, True),
        ({"reply_by": ReplyBy.CODE}, False),
        ({"reply_by": ReplyBy.PORTAL}, False),
        ({"reply_by": ReplyBy.EMAIL}, False),
    ],
    ids=["portal and e-mail", "e-mail", "sms", "code", "portal alone", "no address"],
)
def test_the_clock_waits_only_for_a_sender_who_gets_to_know_of_the_question(
    inside: Flask, time_machine: TimeMachineFixture, given: dict[str, Any], waits: bool
) -> None:
    time_machine.move_to(MONDAY, tick=False)
    maria = factories.citizen()
    receipt = send_in(maria, **given)
    due = factories.case(receipt).due_answer
    until = dt.date(2026, 3, 6)
    factories.act(handling.request_supplement, factories.member(), receipt, "Vilken?", until=until)
    asked = factories.case(receipt)
    assert (asked.status, asked.supplement_due) == (Status.AWAITING_CITIZEN, until)
    assert (asked.paused_on is not None, asked.contacted_at) == (waits, MONDAY)
    assert ("supplement" in names()) is waits
    time_machine.move_to(MONDAY + dt.timedelta(days=2), tick=False)
    sender: Actor = factories.sender(receipt) if receipt.code else maria
    factories.act(sender_actions.reply, sender, receipt, "Den vid ån.")
    after = factories.case(receipt)
    assert (after.status, after.paused_on, after.supplement_due) == (Status.IN_PROGRESS, None, None)
    assert (after.due_answer == due, bool(after.pauses)) == (not waits, waits)


def test_a_request_for_a_record_is_pressed_by_its_next_step_while_nobody_is_notified(inside: Flask) -> None:
    receipt, anna = send_in(), factories.member()
    factories.act(routing.flag_record, anna, receipt, True)
    factories.act(handling.request_supplement, anna, receipt, "Vilken handling?")
    case = factories.case(receipt)
    assert case.due_answer is None
    assert case.keep_by == case.next_step_on is not None


def test_a_sender_changes_how_they_are_notified_and_the_earlier_address_is_told(inside: Flask) -> None:
    maria, anna = factories.citizen(), factories.member()
    receipt = send_in(maria, **MAILED)
    change(maria, receipt, NotifyBy.SMS, phone=PHONE)
    case = factories.case(receipt)
    assert (case.reply_by, case.notify_by, case.reader_change) == (
        ReplyBy.PORTAL,
        NotifyBy.SMS,
        ReaderChange.NEW_ADDRESS,
    )
    factories.act(handling.take, anna, receipt)
    told = [(letter.name, letter.recipient) for letter in factories.letters()]
    assert told == [
        ("received", EMAIL),
        ("protected", PHONE),
        ("reader_changed", EMAIL),
        ("being_handled", PHONE),
    ]


@pytest.mark.parametrize(
    ("way", "reads"),
    [(NotifyBy.SMS, ReplyBy.SMS), (NotifyBy.NONE, ReplyBy.PORTAL)],
)
def test_who_read_in_their_mailbox_reads_where_the_new_choice_leads(
    inside: Flask, way: NotifyBy, reads: ReplyBy
) -> None:
    maria = factories.citizen()
    receipt = send_in(maria, email=EMAIL)
    change(maria, receipt, way, phone=PHONE)
    assert factories.case(receipt).reply_by is reads
    assert names()[-1] == "reader_changed"


@pytest.mark.parametrize("who", ["citizen", "code", "system"])
def test_messages_are_declined_once_and_the_address_is_kept(inside: Flask, who: str) -> None:
    maria = factories.citizen()
    receipt = send_in(None if who == "code" else maria, **(MAILED if who != "code" else {"email": EMAIL}))
    actor: Actor = {"citizen": maria, "code": factories.sender(receipt), "system": System()}[who]
    for _click in range(2):
        factories.act(sender_actions.decline_messages, actor, receipt)
    factories.act(handling.take, factories.member(), receipt)
    case = factories.case(receipt)
    assert (case.notify_by, case.party and case.party.email) == (NotifyBy.NONE, EMAIL)
    assert names() == ["received"]
    events = [entry.event for entry in factories.entries(receipt)]
    assert events == ["CaseReceived", "MessagesDeclined", "CaseTaken"]


def adopt(maria: Citizen, receipt: Receipt) -> Case:
    with db.transaction():
        case = queries.case_by_id(factories.sender(receipt), receipt.case)
        assert case
        sender_actions.adopt(maria, case)
    return factories.case(receipt)


@pytest.mark.parametrize(
    ("saved", "notified"),
    [
        (None, (NotifyBy.NONE, None)),
        (NotifyBy.NONE, (NotifyBy.NONE, None)),
        (NotifyBy.EMAIL, (NotifyBy.EMAIL, EMAIL)),
    ],
)
def test_a_case_that_is_added_by_its_code_follows_the_persons_choice(
    inside: Flask, saved: NotifyBy | None, notified: tuple[NotifyBy, str | None]
) -> None:
    maria, receipt = factories.citizen(), send_in()
    if saved:
        with db.transaction():
            identity.save_contact_choices(maria.person, saved, EMAIL, PHONE)
    case = adopt(maria, receipt)
    assert (case.reply_by, case.notify_by, case.party and case.party.email) == (ReplyBy.PORTAL, *notified)


def test_a_case_with_an_address_keeps_it_when_it_is_added_to_mina_sidor(inside: Flask) -> None:
    maria, receipt = factories.citizen(), send_in(email="maja@exempel.se")
    with db.transaction():
        identity.save_contact_choices(maria.person, NotifyBy.NONE, None, None)
    case = adopt(maria, receipt)
    assert (case.notify_by, case.party and case.party.email) == (NotifyBy.EMAIL, "maja@exempel.se")
