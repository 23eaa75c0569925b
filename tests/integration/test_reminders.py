"""The reminder of a supplement: once, half-way, and only where it reaches the sender."""

import datetime as dt

import pytest
from flask import Flask
from time_machine import TimeMachineFixture

from portal import clock, db
from portal.cases.actions import handling, sender
from portal.cases.enums import ReplyBy
from portal.cases.intake.submission import Receipt
from portal.cases.models import Case
from portal.identity.actors import Staff
from portal.operations.reminders import remind_senders
from tests import factories

MARIA = "maria@exempel.se"
QUESTION = "Vilken gata gäller det?"
# A Monday: half-way to the Monday two weeks later is the Monday between.
ASKED, REMINDED, LAST = dt.date(2026, 3, 2), dt.date(2026, 3, 9), dt.date(2026, 3, 16)


@pytest.fixture(autouse=True)
def asked_day(time_machine: TimeMachineFixture) -> TimeMachineFixture:
    time_machine.move_to(at(ASKED, 9), tick=False)
    return time_machine


@pytest.fixture
def anna(inside: Flask) -> Staff:
    # Each job is seen by the worker for the first time, so that a daily one is due the next day.
    factories.run_jobs()
    return factories.member()


def at(day: dt.date, hour: int) -> dt.datetime:
    return dt.datetime(day.year, day.month, day.day, hour, tzinfo=clock.STOCKHOLM)


def asked(anna: Staff, until: dt.date | None = LAST, **given: object) -> Receipt:
    receipt = factories.send_in(**(given or {"email": MARIA}))
    factories.act(handling.request_supplement, anna, receipt, QUESTION, until=until)
    return receipt


def letters(receipt: Receipt) -> list[str]:
    case = factories.case(receipt).id
    return [row.name for row in factories.letters() if row.case_id == case]


def events(receipt: Receipt) -> list[str]:
    return [entry.event for entry in factories.entries(receipt)]


def run(travel: TimeMachineFixture, day: dt.date, hour: int = 9) -> None:
    travel.move_to(at(day, hour), tick=False)
    factories.run_jobs()


def test_a_sender_is_reminded_once_half_way_to_the_last_day(
    anna: Staff, asked_day: TimeMachineFixture
) -> None:
    receipt = asked(anna)
    version = factories.case(receipt).version
    for day in range(1, 14):
        run(asked_day, ASKED + dt.timedelta(days=day))
        has_come = ASKED + dt.timedelta(days=day) >= REMINDED
        assert letters(receipt).count("supplement_reminder") == int(has_come)
    assert events(receipt).count("SupplementReminded") == 1
    case = factories.case(receipt)
    assert (case.supplement_reminded_on, case.supplement_due, case.paused_on) == (REMINDED, LAST, ASKED)
    assert case.version == version + 1


def test_a_reminder_says_until_when_and_where(anna: Staff, asked_day: TimeMachineFixture) -> None:
    receipt = asked(anna)
    run(asked_day, REMINDED)
    letter = factories.letters()[-1]
    assert letter.name == "supplement_reminder"
    assert letter.text
    assert "Vi väntar på ditt svar" in letter.text
    assert "16 mars" in letter.text.replace("\u00a0", " ")
    assert factories.number(receipt) in (letter.subject or "")
    assert QUESTION not in letter.text


def test_a_reminder_waits_for_an_open_day(anna: Staff, asked_day: TimeMachineFixture) -> None:
    # Half-way is Saturday the 7th.
    receipt = asked(anna, until=dt.date(2026, 3, 12))
    run(asked_day, dt.date(2026, 3, 7))
    run(asked_day, dt.date(2026, 3, 8))
    assert "SupplementReminded" not in events(receipt)
    run(asked_day, dt.date(2026, 3, 9))
    assert "SupplementReminded" in events(receipt)


def test_a_day_on_which_the_worker_was_away_is_caught_up(anna: Staff, asked_day: TimeMachineFixture) -> None:
    receipt = asked(anna)
    run(asked_day, LAST)
    assert events(receipt).count("SupplementReminded") == 1


def test_after_the_last_day_no_one_is_reminded(anna: Staff, asked_day: TimeMachineFixture) -> None:
    receipt = asked(anna)
    run(asked_day, LAST + dt.timedelta(days=1))
    assert "SupplementReminded" not in events(receipt)


def test_without_a_last_day_or_with_too_short_a_time_no_one_is_reminded(
    anna: Staff, asked_day: TimeMachineFixture
) -> None:
    receipts = [asked(anna, until=None), asked(anna, until=ASKED + dt.timedelta(days=1))]
    for day in range(1, 14):
        run(asked_day, ASKED + dt.timedelta(days=day))
    assert all("SupplementReminded" not in events(receipt) for receipt in receipts)


def test_a_sender_who_cannot_be_reached_is_not_reminded(anna: Staff, asked_day: TimeMachineFixture) -> None:
    anonymous = asked(anna, reply_by=ReplyBy.CODE)
    contested = asked(anna)
    with db.transaction() as writer:
        writer.get_one(Case, factories.case(contested).id).reader_contested_at = clock.now()
    run(asked_day, REMINDED)
    assert "SupplementReminded" not in events(anonymous) + events(contested)


def test_a_sender_who_has_replied_is_not_reminded_until_the_next_question(
    anna: Staff, asked_day: TimeMachineFixture
) -> None:
    receipt = asked(anna)
    run(asked_day, REMINDED)
    factories.act(sender.reply, factories.sender(receipt), receipt, "Storgatan")
    run(asked_day, REMINDED + dt.timedelta(days=1))
    assert events(receipt).count("SupplementReminded") == 1
    factories.act(handling.request_supplement, anna, receipt, "Vilket nummer?", until=dt.date(2026, 3, 24))
    run(asked_day, dt.date(2026, 3, 17))
    assert events(receipt).count("SupplementReminded") == 2


@pytest.mark.parametrize(("hour", "reminded"), [(2, False), (8, False), (9, True), (19, True), (20, False)])
def test_nobody_is_woken_by_a_reminder_that_a_worker_catches_up(
    anna: Staff, asked_day: TimeMachineFixture, hour: int, reminded: bool
) -> None:
    receipt = asked(anna)
    asked_day.move_to(at(REMINDED, hour), tick=False)
    assert bool(remind_senders()) is reminded
    assert ("SupplementReminded" in events(receipt)) is reminded
