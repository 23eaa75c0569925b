"""The database is away for a moment in the middle of a batch: what is known of its messages is not lost."""

import datetime as dt
from collections.abc import Callable
from random import Random
from threading import Event
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from structlog.testing import capture_logs
from time_machine import TimeMachineFixture

from portal import clock, db
from portal.cases.enums import ReplyBy
from portal.database.errors import DatabaseUnavailable, Outage
from portal.notifications.channels import PermanentFailure
from portal.notifications.delivery import claims, dispatch, settlement
from portal.notifications.delivery.dispatch import Letter
from portal.notifications.delivery.lanes import Lane
from portal.notifications.models import OutboxMessage, State
from portal.notifications.rules import Medium, Problem
from tests import factories
from tests.integration.test_lanes import AWAY, HOUR, MINUTE, MONDAY, PHONE, Network, monday, rows, states

__all__ = ["monday"]
MARIA, YUSUF, EVA = "maria@exempel.se", "yusuf@exempel.se", "eva@exempel.se"
GONE = DatabaseUnavailable(Outage.AWAY)


class Gateway(Network):
    """The same with ids, as the gateway of text messages gives them."""

    def send(self, letter: Letter, using: Any) -> str:  # type: ignore[override]
        super().send(letter, using)
        return f"s{self.attempts}"


@pytest.fixture
def gateway(inside: Flask, monday: TimeMachineFixture) -> Gateway:
    """A gateway, and three text messages for it."""
    for _case in range(3):
        factories.send_in(reply_by=ReplyBy.SMS, phone=PHONE)
    return Gateway()


def sms_lane(gateway: Gateway) -> Lane:
    return Lane(Medium.SMS, gateway, Random(1))


def fail_at(
    monkeypatch: pytest.MonkeyPatch, module: Any, name: str, call: int, fault: Exception = GONE
) -> list[None]:
    """Let one call of a function raise; returns a list that grows by each call."""
    really: Callable[..., Any] = getattr(module, name)
    calls: list[None] = []

    def failing(*given: Any) -> Any:
        calls.append(None)
        if len(calls) == call:
            raise fault
        return really(*given)

    monkeypatch.setattr(module, name, failing)
    return calls


def turn_away(delivering: Lane) -> None:
    """A turn that the database ends."""
    with pytest.raises(DatabaseUnavailable):
        delivering.turn()
    db.close_read_session()


@pytest.mark.parametrize("call", [1, 2])
def test_a_text_message_that_was_accepted_is_written_when_the_database_is_back(
    gateway: Gateway, monkeypatch: pytest.MonkeyPatch, call: int
) -> None:
    delivering = sms_lane(gateway)
    fail_at(monkeypatch, settlement, "settle", call)
    turn_away(delivering)
    assert gateway.attempts == call
    while delivering.turn():
        pass
    assert [(row.state, row.gateway_id) for row in rows()] == [
        (State.SENT, f"s{place}") for place in (1, 2, 3)
    ]
    assert gateway.attempts == 3


def test_it_is_written_even_when_the_outage_was_longer_than_the_lease(
    gateway: Gateway, monday: TimeMachineFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    delivering = sms_lane(gateway)
    fail_at(monkeypatch, settlement, "settle", 1)
    turn_away(delivering)
    monday.move_to(MONDAY + HOUR, tick=False)
    delivering.turn()
    assert (states(), gateway.attempts) == ([State.SENT] * 3, 3)


def test_what_another_worker_has_taken_over_meanwhile_is_left_to_it(
    gateway: Gateway, monday: TimeMachineFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    delivering = sms_lane(gateway)
    fail_at(monkeypatch, settlement, "settle", 1)
    turn_away(delivering)
    monday.move_to(MONDAY + HOUR, tick=False)
    sms_lane(Gateway()).turn()
    delivering.turn()
    assert (states()[0], gateway.attempts) == (State.UNCERTAIN, 1)


def test_a_refusal_that_could_not_be_written_is_not_sent_again(
    gateway: Gateway, monkeypatch: pytest.MonkeyPatch
) -> None:
    delivering = sms_lane(gateway)
    gateway.failure = PermanentFailure(Problem.MESSAGE_REFUSED, 403)
    fail_at(monkeypatch, settlement, "settle", 1)
    turn_away(delivering)
    while delivering.turn():
        pass
    assert (states(), gateway.attempts) == ([State.FAILED] * 3, 3)


def test_an_outcome_that_can_never_be_written_stops_no_other(
    gateway: Gateway, monkeypatch: pytest.MonkeyPatch
) -> None:
    delivering = sms_lane(gateway)
    fail_at(monkeypatch, settlement, "settle", 1, KeyError("odd"))
    with capture_logs() as lines:
        delivering.turn()
    assert states() == [State.SENDING, State.SENT, State.SENT]
    assert [(line["event"], line["outbox"]) for line in lines] == [("delivery.error", rows()[0].id)]


@pytest.mark.parametrize("call", [1, 2])
def test_messages_that_were_not_begun_are_given_back_and_need_not_wait_for_their_lease(
    gateway: Gateway, monkeypatch: pytest.MonkeyPatch, call: int
) -> None:
    delivering = sms_lane(gateway)
    fail_at(monkeypatch, claims, "begin", call)
    turn_away(delivering)
    assert gateway.attempts == call - 1
    while delivering.turn():
        pass
    assert (states(), gateway.attempts) == ([State.SENT] * 3, 3)


def test_they_are_given_back_at_the_end_of_the_worker_too(
    gateway: Gateway, monkeypatch: pytest.MonkeyPatch
) -> None:
    stop = Event()
    fail_at(monkeypatch, claims, "begin", 2)

    def pause() -> float:
        stop.set()
        return 0

    sms_lane(gateway).run(stop, Event(), pause)
    assert states() == [State.SENT, State.QUEUED, State.QUEUED]


def test_the_letter_that_ends_an_outage_is_written_though_the_others_cannot_be_brought_forward_yet(
    inside: Flask, monday: TimeMachineFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    for to in (MARIA, YUSUF, EVA):
        factories.send_in(email=to)
    network = Network()
    network.failure = AWAY
    delivering = Lane(Medium.EMAIL, network, Random(1))
    delivering.turn()
    assert delivering.breaker.is_open
    later = sa.update(OutboxMessage).where(OutboxMessage.id != rows()[0].id)
    with db.transaction() as writer:
        writer.execute(later.values(next_try_at=MONDAY + HOUR))
    network.failure = None
    monday.move_to(MONDAY + MINUTE, tick=False)
    calls = fail_at(monkeypatch, claims, "bring_forward", 1)
    turn_away(delivering)
    assert states() == [State.SENT, State.QUEUED, State.QUEUED]
    delivering.turn()
    monday.move_to(clock.now() + dt.timedelta(seconds=5), tick=False)
    while delivering.turn():
        pass
    assert (states(), len(calls)) == ([State.SENT] * 3, 2)


@pytest.mark.parametrize("fault", [GONE, KeyError("odd")])
def test_a_text_message_whose_country_cannot_be_looked_up_did_not_leave_and_is_not_uncertain(
    gateway: Gateway, monday: TimeMachineFixture, monkeypatch: pytest.MonkeyPatch, fault: Exception
) -> None:
    delivering = sms_lane(gateway)
    fail_at(monkeypatch, dispatch, "sms_reaches", 1, fault)
    if fault is GONE:
        turn_away(delivering)
    delivering.turn()
    assert rows()[0].state is (State.SENT if fault is GONE else State.QUEUED)
    assert gateway.attempts == (3 if fault is GONE else 2)
    monday.move_to(MONDAY + 5 * MINUTE, tick=False)
    while delivering.turn():
        pass
    assert (states(), gateway.attempts) == ([State.SENT] * 3, 3)
