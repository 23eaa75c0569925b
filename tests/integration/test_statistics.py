"""Which cases the figures are of, on both databases."""

from datetime import date, timedelta

import pytest
from flask import Flask
from time_machine import TimeMachineFixture

from portal import db
from portal.cases.actions import handling
from portal.cases.actions import sender as sender_actions
from portal.cases.enums import Kind
from portal.identity.actors import Role, System
from portal.statistics.kept import period_start
from portal.statistics.queries import statistics
from portal.statistics.records import promise_records
from portal.statistics.rules import Figures, PromiseShare
from portal.statistics.tallies import PromiseRecord
from tests import factories

TODAY = date(2026, 5, 20)
MONDAY = date(2026, 3, 2)
DAY = timedelta(days=1)


@pytest.fixture(autouse=True)
def _today(inside: Flask, time_machine: TimeMachineFixture) -> None:
    time_machine.move_to("2026-05-20 08:00:00Z", tick=False)


def counted() -> list[PromiseRecord]:
    return list(promise_records(System(), period_start(TODAY)))


def total() -> Figures | None:
    db.close_read_session()
    return statistics(System()).figures


def test_a_round_is_what_the_database_says_in_swedish_dates() -> None:
    receipt = factories.past(MONDAY)
    factories.act(handling.answer, factories.member(), receipt, "I dag.")
    [found] = counted()
    assert found == PromiseRecord(
        Kind.COMPLAINT, MONDAY, date(2026, 3, 16), answered=TODAY, contact_due=None, contacted=TODAY
    )


def test_an_answer_after_midnight_in_sweden_is_of_the_new_day(time_machine: TimeMachineFixture) -> None:
    receipt = factories.past(MONDAY)
    time_machine.move_to("2026-03-16 23:30:00Z", tick=False)
    factories.act(handling.answer, factories.member(), receipt, "I natt.")
    assert [each.answered for each in counted()] == [date(2026, 3, 17)]


def test_the_figures_are_of_twelve_full_months_and_the_running_one() -> None:
    assert period_start(TODAY) == date(2025, 5, 1)
    assert period_start(date(2028, 2, 29)) == date(2027, 2, 1)
    for day in (date(2025, 4, 30), date(2025, 5, 2), TODAY):
        factories.past(day)
    assert sorted(each.started for each in counted()) == [date(2025, 5, 2), TODAY]


def test_a_case_taken_back_is_not_counted() -> None:
    receipts = [factories.past(MONDAY, MONDAY + 2 * DAY) for _place in range(4)] + [factories.past(MONDAY)]
    assert total() == Figures(5, 4, 2, None, PromiseShare(4, 5, waiting=1), None)
    factories.act(sender_actions.withdraw, factories.sender(receipts[-1]), receipts[-1])
    assert total() is None


def test_a_case_that_waits_for_its_sender_is_marked() -> None:
    receipt = factories.past(MONDAY, email="maja@exempel.se")
    assert [each.paused for each in counted()] == [False]
    factories.act(handling.request_supplement, factories.member(), receipt, "Vilken?")
    db.close_read_session()
    assert [each.paused for each in counted()] == [True]


def test_each_promise_of_a_case_counts_and_the_case_once() -> None:
    receipt = factories.past(MONDAY, MONDAY + DAY)
    factories.act(sender_actions.reply, factories.sender(receipt), receipt, "Det hjälpte inte.")
    db.close_read_session()
    now, before = counted()
    assert (before.started, before.answered, before.reopened) == (MONDAY, MONDAY + DAY, False)
    assert (now.started, now.answered, now.reopened) == (TODAY, None, True)


def test_a_case_that_is_opened_five_times_is_not_five_cases() -> None:
    receipt = factories.past(MONDAY, MONDAY)
    for _time in range(5):
        factories.act(sender_actions.reply, factories.sender(receipt), receipt, "Nej.")
        factories.act(handling.answer, factories.member(), receipt, "Jo.")
    db.close_read_session()
    assert len(counted()) == 6
    assert total() is None


def test_what_is_secret_is_counted_with_the_rest_of_its_kind() -> None:
    for _place in range(5):
        factories.past(MONDAY, category="aldre")
    assert total() == Figures(5, 0, None, None, PromiseShare(0, 5, waiting=5), None)


def test_the_figures_are_of_what_the_actor_may_see() -> None:
    receipts = [factories.past(MONDAY, MONDAY + DAY, category="parker") for _place in range(5)]
    for _place in range(5):
        factories.past(MONDAY, category="aldre")
    seen = {
        "all": System(),
        "their unit": factories.member(),
        "no case": factories.member("samir", Role.ANALYST, None),
        "one case": factories.sender(receipts[0]),
    }
    received = {name: statistics(actor).figures for name, actor in seen.items()}
    assert {name: found.received if found else None for name, found in received.items()} == {
        "all": 10,
        "their unit": 5,
        "no case": None,
        "one case": None,
    }
