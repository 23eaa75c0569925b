"""The worker against a real SMS gateway: sent once, tried again, given up, and never sent twice by chance."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import replace

import pytest
from flask import Flask
from time_machine import TimeMachineFixture
from werkzeug import Response

from portal import config
from portal.cases.enums import ReplyBy, TaskKind
from portal.cases.intake.submission import Receipt
from portal.notifications import delivery
from portal.notifications.delivery import dispatch
from portal.notifications.models import OutboxMessage, State
from portal.notifications.rules import Problem
from tests import factories
from tests.stubs.sms_gateway import DRIP, DROP, HANG, SmsGateway

MONDAY = dt.datetime(2026, 3, 2, 8, 0, tzinfo=dt.UTC)
MARIA = "+46701740605"
BUSY = Response("Slow down", 429, mimetype="text/plain")
HTML = Response("<!doctype html><h1>Logga in</h1>", mimetype="text/html")


@pytest.fixture(autouse=True)
def monday(time_machine: TimeMachineFixture) -> TimeMachineFixture:
    time_machine.move_to(MONDAY, tick=False)
    return time_machine


@pytest.fixture
def gateway(inside: Flask, monkeypatch: pytest.MonkeyPatch) -> Iterator[SmsGateway]:
    """A gateway that the portal's settings name, with a portal that waits half a second for it."""
    monkeypatch.setenv("NO_PROXY", "127.0.0.1,localhost")
    usual = dispatch.sms_settings
    monkeypatch.setattr(dispatch, "sms_settings", lambda using: replace(usual(using), timeout=0.5))
    with SmsGateway() as running:
        login = {"sms_username": running.username, "sms_password": running.password}
        to = {"sms_gateway": "46elks", "sms_url": running.url, **login}
        config.use(config.settings().model_copy(update=to))
        yield running


def send_in() -> Receipt:
    return factories.send_in(reply_by=ReplyBy.SMS, phone=MARIA)


def message() -> OutboxMessage:
    (row,) = factories.letters()
    return row


def tasks(receipt: Receipt) -> list[TaskKind]:
    return factories.open_tasks(receipt)


def test_an_sms_is_sent_once_and_noted(gateway: SmsGateway, monday: TimeMachineFixture) -> None:
    receipt = send_in()
    delivery.deliver_due()
    monday.move_to(MONDAY + dt.timedelta(days=1), tick=False)
    delivery.deliver_due()
    (form,) = gateway.accepted
    assert (form["to"], f"Ärende {factories.number(receipt)} är framme." in form["message"]) == (MARIA, True)
    assert (message().state, tasks(receipt)) == (State.SENT, [])


def test_a_gateway_that_asks_for_patience_gets_it(gateway: SmsGateway, monday: TimeMachineFixture) -> None:
    receipt = send_in()
    gateway.answer = BUSY
    delivery.deliver_due()
    row = message()
    assert row.state is State.QUEUED
    assert dt.timedelta(seconds=4) <= row.next_try_at - MONDAY <= dt.timedelta(seconds=6)
    assert (row.problem, row.reply_code, tasks(receipt)) == (Problem.TRY_LATER, 429, [])
    gateway.answer = None
    monday.move_to(row.next_try_at, tick=False)
    delivery.deliver_due()
    assert (message().state, len(gateway.accepted)) == (State.SENT, 1)


@pytest.mark.parametrize("trouble", [HANG, DROP, DRIP, HTML], ids=["hangs", "hangs up", "drips", "html"])
def test_an_sms_that_may_have_left_is_a_task_and_never_sent_again(
    gateway: SmsGateway, monday: TimeMachineFixture, trouble: str | Response
) -> None:
    receipt = send_in()
    gateway.answer = trouble
    delivery.deliver_due()
    gateway.answer = None
    monday.move_to(MONDAY + dt.timedelta(days=1), tick=False)
    delivery.deliver_due()
    assert (message().state, tasks(receipt)) == (State.UNCERTAIN, [TaskKind.UNCERTAIN])
    assert len(gateway.asked) == 1


def test_an_sms_that_the_gateway_refuses_is_a_task(gateway: SmsGateway) -> None:
    receipt = send_in()
    gateway.answer = Response("Invalid to", 400)
    delivery.deliver_due()
    assert (message().state, tasks(receipt)) == (State.FAILED, [TaskKind.UNDELIVERED])
