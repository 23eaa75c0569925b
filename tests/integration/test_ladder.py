"""A message that was not delivered is sent by the sender's other way, and then left to staff."""

import datetime as dt

import pytest
from flask import Flask
from time_machine import TimeMachineFixture

from portal import config, db
from portal.cases import queries
from portal.cases.enums import NotifyBy, TaskKind
from portal.cases.intake.submission import Receipt, submit
from portal.identity.actors import System
from portal.identity.models import Person
from portal.notifications import ladder
from portal.notifications.models import OutboxMessage, State
from portal.notifications.rules import NOTICE, Medium
from tests import factories

MONDAY = dt.datetime(2026, 3, 2, 8, 0, tzinfo=dt.UTC)
PHONE = "+46701740605"


@pytest.fixture(autouse=True)
def monday(inside: Flask, time_machine: TimeMachineFixture) -> None:
    time_machine.move_to(MONDAY, tick=False)
    config.use(config.settings().model_copy(update={"sms_gateway": "46elks"}))


def from_maria(phone: str | None = PHONE) -> Receipt:
    """A case of a signed-in person who gave an e-mail address, and has a telephone of her own."""
    maria = factories.citizen()
    with db.transaction() as writer:
        writer.get_one(Person, maria.person).phone = phone
    with db.transaction():
        return submit(factories.new_case(email="maria@exempel.se"), maria)


def fail(row: OutboxMessage, state: State = State.FAILED) -> list[OutboxMessage]:
    """End a message in this state; returns the messages that were queued because of it."""
    before = {each.id for each in factories.letters()}
    with db.transaction() as writer:
        failed = writer.get_one(OutboxMessage, row.id)
        failed.state = state
        ladder.after_failure(failed)
    return [each for each in factories.letters() if each.id not in before]


def test_a_letter_that_was_refused_is_followed_by_a_text_message_with_number_and_link_alone() -> None:
    receipt = from_maria()
    (letter,) = factories.letters()
    (notice,) = fail(letter)
    assert (notice.name, notice.medium, notice.recipient) == (NOTICE, Medium.SMS, PHONE)
    assert (notice.state, notice.instead_of_id) == (State.QUEUED, letter.id)
    assert factories.number(receipt) in (notice.text or "")
    assert factories.open_tasks(receipt) == []


def test_when_the_other_way_fails_too_a_person_has_to_act_and_nothing_more_is_sent() -> None:
    receipt = from_maria()
    (letter,) = factories.letters()
    (notice,) = fail(letter)
    assert fail(notice) == []
    assert factories.open_tasks(receipt) == [TaskKind.UNDELIVERED]


def test_without_another_way_a_person_has_to_act_at_once() -> None:
    receipt = from_maria(phone=None)
    (letter,) = factories.letters()
    assert fail(letter) == []
    assert factories.open_tasks(receipt) == [TaskKind.UNDELIVERED]


@pytest.mark.parametrize(
    ("state", "task"),
    [
        (State.UNCERTAIN, TaskKind.UNCERTAIN),
        (State.UNREADABLE, TaskKind.UNRENDERED),
    ],
)
def test_what_may_have_arrived_or_cannot_be_read_goes_by_no_other_way(state: State, task: TaskKind) -> None:
    receipt = from_maria()
    (letter,) = factories.letters()
    assert fail(letter, state) == []
    assert factories.open_tasks(receipt) == [task]


def test_a_message_about_a_contested_reader_goes_to_nobody_else() -> None:
    receipt = from_maria()
    with db.transaction():
        found = queries.case_by_id(System(), receipt.case)
        assert found
        found.reader_contested_at = MONDAY
    (letter,) = factories.letters()
    assert fail(letter) == []
    assert factories.open_tasks(receipt) == [TaskKind.UNDELIVERED]


@pytest.mark.parametrize("name", ["new_code", "reader_changed", "on_mina_sidor"])
def test_a_message_about_who_reads_the_case_is_sent_to_its_own_address_alone(name: str) -> None:
    receipt = from_maria()
    (letter,) = factories.letters()
    with db.transaction() as writer:
        writer.get_one(OutboxMessage, letter.id).name = name
    assert fail(letter) == []
    assert factories.open_tasks(receipt) == [TaskKind.UNDELIVERED]


def test_no_text_message_goes_to_a_country_that_the_profile_leaves_out() -> None:
    from_maria(phone="+12025550123")
    (letter,) = factories.letters()
    assert fail(letter) == []


def test_nobody_who_has_declined_messages_gets_one_by_another_way() -> None:
    receipt = from_maria()
    (letter,) = factories.letters()
    declined(receipt)
    assert fail(letter) == []
    assert factories.open_tasks(receipt) == [TaskKind.UNDELIVERED]


def declined(receipt: Receipt) -> None:
    with db.transaction():
        found = queries.case_by_id(System(), receipt.case)
        assert found
        found.notify_by = NotifyBy.NONE
