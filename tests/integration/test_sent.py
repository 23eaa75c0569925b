"""The messages of a case: what is known of each, and which of them may be sent again, by whom."""

import datetime as dt

import pytest
from flask import Flask
from time_machine import TimeMachineFixture

from portal import db
from portal.cases import queries
from portal.cases.enums import NotifyBy, TaskKind
from portal.cases.intake.submission import Receipt
from portal.identity.actors import Staff, System
from portal.notifications import ladder
from portal.notifications.models import OutboxMessage, State
from portal.notifications.rules import BOUND_TO_ADDRESS, Problem
from portal.notifications.sent import messages as sent
from tests import factories, statements

MONDAY = dt.datetime(2026, 3, 2, 8, 0, tzinfo=dt.UTC)
MARIA = "maria@exempel.se"


@pytest.fixture(autouse=True)
def monday(inside: Flask, time_machine: TimeMachineFixture) -> None:
    time_machine.move_to(MONDAY, tick=False)


def failed_case(**changes: object) -> tuple[Receipt, int]:
    """A case whose receipt did not arrive, and the id of that message."""
    receipt = factories.send_in(email=MARIA)
    (letter,) = factories.letters()
    with db.transaction() as writer:
        row = writer.get_one(OutboxMessage, letter.id)
        row.state, row.problem, row.reply_code, row.tries = State.FAILED, Problem.ADDRESS_REFUSED, 550, 3
        for name, value in changes.items():
            setattr(row, name, value)
        if row.state in ladder.TASKS:
            ladder.after_failure(row)
    return receipt, letter.id


def resend(actor: Staff, receipt: Receipt, message: int) -> bool:
    with db.transaction():
        case = queries.case_by_id(actor, receipt.case)
        assert case
        return sent.resend(actor, case, message)


def test_the_list_tells_what_became_of_each_message_without_decrypting_any() -> None:
    receipt, message = failed_case()
    with statements.counted() as found:
        (line,) = sent.messages_to_sender(factories.case(receipt))
    assert (line.id, line.name, line.state) == (message, "received", State.FAILED)
    assert (line.problem, line.reply_code, line.has_text) == (Problem.ADDRESS_REFUSED, 550, True)
    (query,) = [each for each in found if "FROM outbox" in each]
    assert "outbox.recipient" not in query
    assert "outbox.subject" not in query


def test_a_message_to_staff_is_not_among_those_to_the_sender() -> None:
    officer = factories.member()
    receipt, message = failed_case(membership_id=officer.membership)
    assert sent.messages_to_sender(factories.case(receipt)) == []
    assert not resend(officer, receipt, message)


@pytest.mark.parametrize("name", sorted(BOUND_TO_ADDRESS))
def test_the_reader_of_today_sees_nothing_of_what_went_to_an_earlier_address(name: str) -> None:
    receipt, _message = failed_case(name=name)
    assert sent.messages_to_reader(factories.case(receipt)) == []


@pytest.mark.parametrize("state", [State.FAILED, State.UNCERTAIN, State.CANCELLED])
def test_what_was_not_delivered_is_queued_again_as_if_it_were_new(state: State) -> None:
    officer = factories.member()
    receipt, message = failed_case(state=state)
    assert resend(officer, receipt, message)
    (row,) = factories.letters()
    assert (row.state, row.tries, row.problem, row.reply_code) == (State.QUEUED, 0, None, None)
    assert (row.next_try_at, row.recipient) == (MONDAY, MARIA)
    assert factories.entries(receipt)[-1].event == "MessageResent"


def test_the_task_is_finished_when_no_failed_message_is_left() -> None:
    officer = factories.member()
    receipt, message = failed_case()
    assert factories.open_tasks(receipt) == [TaskKind.UNDELIVERED]
    assert resend(officer, receipt, message)
    assert factories.open_tasks(receipt) == []


def test_the_second_click_sends_nothing_more() -> None:
    officer = factories.member()
    receipt, message = failed_case()
    assert [resend(officer, receipt, message), resend(officer, receipt, message)] == [True, False]
    events = [entry.event for entry in factories.entries(receipt)]
    assert events.count("MessageResent") == 1


@pytest.mark.parametrize("state", sorted(set(State) - sent.RESENDABLE))
def test_what_has_arrived_or_is_on_its_way_is_not_sent_again(state: State) -> None:
    officer = factories.member()
    receipt, message = failed_case(state=state)
    assert not resend(officer, receipt, message)


def test_a_message_whose_text_is_cleared_is_not_sent_again() -> None:
    receipt, message = failed_case(text=None, recipient=None)
    assert not resend(factories.member(), receipt, message)


@pytest.mark.parametrize("name", sorted(BOUND_TO_ADDRESS))
def test_a_link_that_is_for_one_address_is_not_sent_again(name: str) -> None:
    receipt, message = failed_case(name=name)
    assert not resend(factories.member(), receipt, message)


def test_nothing_is_sent_again_while_the_reader_is_contested() -> None:
    receipt, message = failed_case()
    with db.transaction():
        case = queries.case_by_id(System(), receipt.case)
        assert case
        case.reader_contested_at = MONDAY
    assert not resend(factories.member(), receipt, message)


def test_nothing_is_sent_again_to_those_who_have_declined_messages() -> None:
    receipt, message = failed_case()
    with db.transaction():
        case = queries.case_by_id(System(), receipt.case)
        assert case
        case.notify_by = NotifyBy.NONE
    assert not resend(factories.member(), receipt, message)


def test_it_goes_to_the_address_of_today() -> None:
    officer = factories.member()
    receipt, message = failed_case()
    with db.transaction():
        case = queries.case_by_id(System(), receipt.case)
        assert case
        assert case.party
        case.party.email = "maria.ny@exempel.se"
    assert resend(officer, receipt, message)
    (row,) = factories.letters()
    assert row.recipient == "maria.ny@exempel.se"


@pytest.mark.parametrize(
    ("changes", "medium"), [({"notify_by": NotifyBy.SMS}, "sms"), ({"hide_sender": True}, "email")]
)
def test_by_another_way_or_of_a_hidden_sender_a_notice_goes_instead_of_the_text(
    changes: dict[str, object], medium: str
) -> None:
    officer = factories.member()
    receipt, message = failed_case(text="Svaret på din fråga")
    with db.transaction():
        case = queries.case_by_id(System(), receipt.case)
        assert case
        assert case.party
        case.party.phone = "+46701740605"
        case.party.email = MARIA if medium == "email" else None
        for name, value in changes.items():
            setattr(case, name, value)
    assert resend(officer, receipt, message)
    failed, notice = factories.letters()
    assert (failed.state, notice.state, notice.instead_of_id) == (State.WITHHELD, State.QUEUED, failed.id)
    assert (notice.medium, "Svaret" in (notice.text or "")) == (medium, False)
    assert not resend(officer, receipt, message)


def test_a_message_of_another_case_is_not_sent_again() -> None:
    _other, message = failed_case()
    receipt = factories.send_in()
    assert not resend(factories.member(), receipt, message)
