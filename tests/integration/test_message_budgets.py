"""Budgets of messages: what strangers cause is held, visible and a task; nothing else is stopped."""

import datetime as dt
from typing import Any

import pytest
from flask import Flask
from time_machine import TimeMachineFixture

from portal import config, db
from portal.cases.actions import handling
from portal.cases.enums import ReplyBy, TaskKind
from portal.cases.intake import code_access
from portal.cases.intake.submission import Receipt, submit
from portal.cases.models import Party
from portal.notifications import delivery
from portal.notifications.models import OutboxMessage, State
from portal.notifications.rules import Medium, Problem
from portal.organisation import queries as organisation
from portal.organisation.sections import Limits
from tests import factories

MONDAY = dt.datetime(2026, 3, 2, 8, 0, tzinfo=dt.UTC)
MARIA = "maria@exempel.se"
PHONE = "+46701740605"
OTHER = "+46701740606"
FOREIGN = "+263712345678"


@pytest.fixture(autouse=True)
def monday(inside: Flask, time_machine: TimeMachineFixture) -> TimeMachineFixture:
    """A morning, with limits on and no channel: what is sent is kept."""
    time_machine.move_to(MONDAY, tick=False)
    config.use(config.settings().model_copy(update={"limits": "on", "sms_gateway": "console"}))
    return time_machine


def limit(monkeypatch: pytest.MonkeyPatch, **limits: Any) -> None:
    profile = organisation.profile().model_copy(update={"limits": Limits(**limits)})
    monkeypatch.setattr(organisation, "profile", lambda: profile)


def by_sms(phone: str = PHONE, **more: Any) -> Receipt:
    return factories.send_in(**{"reply_by": ReplyBy.SMS, "phone": phone} | more)


def states() -> list[State]:
    return [row.state for row in factories.letters()]


def media() -> list[Medium]:
    return [row.medium for row in factories.letters()]


def tasks(receipt: Receipt) -> list[TaskKind]:
    return factories.open_tasks(receipt)


def last() -> OutboxMessage:
    return factories.letters()[-1]


def test_the_fourth_sms_to_a_number_waits_until_the_next_morning_as_a_task(
    monday: TimeMachineFixture,
) -> None:
    receipts = [by_sms() for _case in range(4)]
    assert states() == [State.QUEUED] * 3 + [State.HELD]
    assert [tasks(receipt) for receipt in receipts] == [[], [], [], [TaskKind.HELD]]
    delivery.deliver_due()
    assert states() == [State.KEPT] * 3 + [State.HELD]
    monday.move_to(MONDAY + dt.timedelta(hours=23), tick=False)
    assert last().next_try_at == MONDAY + dt.timedelta(hours=23)
    factories.run_jobs()
    delivery.deliver_due()
    assert states() == [State.KEPT] * 4
    assert tasks(receipts[-1]) == []


def test_what_is_over_the_budget_of_the_next_day_too_is_left_to_a_person(monday: TimeMachineFixture) -> None:
    receipts = [by_sms() for _case in range(8)]
    monday.move_to(MONDAY + dt.timedelta(days=1), tick=False)
    factories.run_jobs()
    delivery.deliver_due()
    assert states() == [State.KEPT] * 6 + [State.FAILED] * 2
    assert tasks(receipts[-1]) == [TaskKind.UNDELIVERED]
    assert last().problem == Problem.OVER_BUDGET


def test_the_eleventh_letter_to_an_address_waits_however_the_address_is_written() -> None:
    for number in range(11):
        written = ["maria@exempel.se", "Maria@Exempel.se", f"maria+{number}@exempel.se"][number % 3]
        factories.send_in(email=written)
    assert states() == [State.QUEUED] * 10 + [State.HELD]


def test_recipients_do_not_share_a_budget() -> None:
    for _case in range(3):
        by_sms()
        by_sms(OTHER)
    assert states() == [State.QUEUED] * 6


def test_an_sms_over_the_budget_takes_the_way_of_an_address_that_is_there() -> None:
    for _case in range(3):
        by_sms()
    receipt = by_sms(email=MARIA)
    assert (last().medium, last().recipient, last().state) == (Medium.EMAIL, MARIA, State.QUEUED)
    assert tasks(receipt) == []


def test_all_strangers_together_have_a_number_of_sms_a_day(monkeypatch: pytest.MonkeyPatch) -> None:
    limit(monkeypatch, stranger_sms_per_day=2)
    for last_digit in range(4):
        by_sms(f"+4670174060{last_digit}")
    factories.send_in(email=MARIA)
    assert states() == [State.QUEUED] * 2 + [State.HELD] * 2 + [State.QUEUED]


def test_what_an_officer_decides_is_never_held_and_uses_up_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    limit(monkeypatch, sms_per_recipient_and_day=2, stranger_sms_per_day=2)
    officer = factories.member()
    first = by_sms()
    for _answer in range(4):
        factories.act(handling.answer, officer, first, f"Svar {_answer}")
    second = by_sms()
    by_sms()
    factories.act(handling.answer, officer, second, "Svar")
    assert states() == [State.QUEUED] * 6 + [State.HELD, State.QUEUED]


def test_the_notices_of_a_signed_in_person_are_never_held(monkeypatch: pytest.MonkeyPatch) -> None:
    limit(monkeypatch, sms_per_recipient_and_day=1, stranger_sms_per_day=1)
    by_sms()
    maria = factories.citizen()
    for _case in range(3):
        with db.transaction():
            submit(factories.new_case(reply_by=ReplyBy.SMS, phone=PHONE), maria)
    assert states() == [State.QUEUED] * 4


def test_links_to_new_codes_are_letters_of_strangers_too(monkeypatch: pytest.MonkeyPatch) -> None:
    limit(monkeypatch, emails_per_recipient_and_day=1)
    receipt = factories.send_in(email=MARIA)
    with db.transaction():
        code_access.request_link(receipt.year, receipt.number, MARIA)
    with db.transaction():
        code_access.answer_requests()
    assert [(row.name, row.state) for row in factories.letters()] == [
        ("received", State.QUEUED),
        ("new_code", State.HELD),
    ]


def test_no_sms_goes_to_a_country_that_the_profile_does_not_list(monkeypatch: pytest.MonkeyPatch) -> None:
    receipt = by_sms(FOREIGN)
    by_sms(FOREIGN, email=MARIA)
    assert media() == [Medium.SMS, Medium.EMAIL]
    config.use(config.settings().model_copy(update={"sms_gateway": "46elks"}))
    delivery.deliver_due()
    first = factories.letters()[0]
    assert (first.state, first.problem) == (State.FAILED, Problem.COUNTRY)
    assert tasks(receipt) == [TaskKind.UNDELIVERED]
    limit(monkeypatch, sms_countries=["+46", "+263"])
    by_sms(FOREIGN, email=MARIA)
    assert last().medium is Medium.SMS


def test_a_number_that_was_stored_before_gets_no_answer_by_sms() -> None:
    receipt = by_sms()
    with db.transaction() as session:
        session.query(Party).one().phone = FOREIGN
        session.query(Party).one().email = MARIA
    factories.act(handling.answer, factories.member(), receipt, "Svar")
    assert (last().medium, last().recipient) == (Medium.EMAIL, MARIA)


def test_the_count_is_forgotten_with_its_day(monday: TimeMachineFixture) -> None:
    by_sms()
    assert last().recipient_mac is not None
    assert last().counted_on == MONDAY.date()
    monday.move_to(MONDAY + dt.timedelta(days=1), tick=False)
    factories.run_jobs()
    delivery.deliver_due()
    assert (last().recipient_mac, last().counted_on, last().state) == (None, None, State.KEPT)


def test_two_at_once_do_not_both_take_the_last_message_of_a_day(
    inside: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    limit(monkeypatch, sms_per_recipient_and_day=1)
    factories.at_once(inside, 4, lambda _place: by_sms())
    assert sorted(states()) == [State.HELD] * 3 + [State.QUEUED]
