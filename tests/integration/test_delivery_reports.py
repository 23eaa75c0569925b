"""Delivery reports of the SMS gateway: the token in their address, repeated reports, reports out of order."""

import datetime as dt
from typing import Any

import pytest
from flask import Flask
from time_machine import TimeMachineFixture

from portal import config, db
from portal.cases.enums import ReplyBy, TaskKind
from portal.cases.intake.submission import Receipt
from portal.notifications import ladder, tokens
from portal.notifications.models import OutboxMessage, State
from portal.notifications.rules import Problem
from tests import factories

MONDAY = dt.datetime(2026, 3, 2, 8, 0, tzinfo=dt.UTC)
LATER = "2026-03-02T07:59:00.000000"


@pytest.fixture(autouse=True)
def monday(inside: Flask, time_machine: TimeMachineFixture) -> None:
    time_machine.move_to(MONDAY, tick=False)
    config.use(config.settings().model_copy(update={"sms_gateway": "46elks"}))


def texted(state: State = State.SENT, **values: Any) -> Receipt:
    """A case whose text message is in this state."""
    receipt = factories.send_in(reply_by=ReplyBy.SMS, phone="+46701740605")
    with db.transaction() as writer:
        row = writer.get_one(OutboxMessage, factories.letters()[-1].id)
        row.state = state
        for name, value in values.items():
            setattr(row, name, value)
    return receipt


def latest() -> OutboxMessage:
    return factories.letters()[-1]


def address(purpose: tokens.Purpose = tokens.Purpose.REPORT) -> str:
    return f"/leverans/sms/{tokens.make(purpose, latest().id)}"


def report(app: Flask, status: str, path: str = "", **fields: str) -> int:
    form = {"id": "s1", "status": status} | fields
    return app.test_client().post(path or address(), data=form).status_code


def test_a_delivered_text_message_is_shown_as_delivered(inside: Flask) -> None:
    texted(gateway_id="s1")
    assert report(inside, "delivered") == 204
    assert (latest().state, latest().delivered_at) == (State.DELIVERED, MONDAY)


def test_a_report_that_comes_before_the_answer_to_the_sending_is_kept(inside: Flask) -> None:
    texted(State.SENDING, sent_at=None)
    assert report(inside, "delivered") == 204
    row = latest()
    assert (row.state, row.gateway_id, row.sent_at) == (State.DELIVERED, "s1", MONDAY)


def test_a_moment_before_the_message_was_written_is_not_believed(inside: Flask) -> None:
    texted(gateway_id="s1")
    assert report(inside, "delivered", delivered=LATER) == 204
    assert latest().delivered_at == MONDAY


def test_repeated_and_out_of_order_reports_change_nothing(inside: Flask) -> None:
    receipt = texted(gateway_id="s1")
    for status in ("delivered", "delivered", "sent", "failed", "failed"):
        assert report(inside, status) == 204
    assert latest().state is State.DELIVERED
    assert factories.open_tasks(receipt) == []


def test_a_fault_in_what_follows_a_report_loses_neither_the_report_nor_the_task(
    inside: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    receipt = texted(gateway_id="s1")

    def broken(_row: OutboxMessage) -> None:
        raise KeyError("odd")

    monkeypatch.setattr(ladder, "after_failure", broken)
    assert report(inside, "failed") == 204
    assert (latest().state, factories.open_tasks(receipt)) == (State.FAILED, [TaskKind.UNDELIVERED])


def test_a_failed_text_message_becomes_a_task_once(inside: Flask) -> None:
    receipt = texted(gateway_id="s1")
    assert [report(inside, "failed"), report(inside, "failed")] == [204, 204]
    assert (latest().state, latest().problem) == (State.FAILED, Problem.REPORTED_FAILED)
    assert factories.open_tasks(receipt) == [TaskKind.UNDELIVERED]


def test_a_text_message_that_may_have_been_sent_is_settled(inside: Flask) -> None:
    texted(State.UNCERTAIN)
    assert report(inside, "delivered") == 204
    assert (latest().state, latest().problem) == (State.DELIVERED, None)


def test_a_report_about_another_id_of_the_gateway_is_not_ours(inside: Flask) -> None:
    texted(gateway_id="s1")
    assert report(inside, "delivered", id="s2") == 404
    assert latest().state is State.SENT


@pytest.mark.parametrize("token", ["gissad", "1-" + "0" * 20, "9" * 500, "1"])
def test_a_guessed_address_is_not_ours(inside: Flask, token: str) -> None:
    texted(gateway_id="s1")
    assert report(inside, "delivered", path=f"/leverans/sms/{token}") == 404
    assert latest().state is State.SENT


def test_a_token_for_something_else_is_not_ours(inside: Flask) -> None:
    texted(gateway_id="s1")
    for purpose in (tokens.Purpose.BOUNCE, tokens.Purpose.UNSUBSCRIBE):
        assert report(inside, "failed", path=address(purpose)) == 404


def test_a_letter_has_no_reports_of_the_gateway(inside: Flask) -> None:
    factories.send_in(email="maria@exempel.se")
    assert report(inside, "failed") == 404


def test_what_is_no_report_is_refused_before_anything_is_looked_up(inside: Flask) -> None:
    texted(gateway_id="s1")
    client = inside.test_client()
    assert report(inside, "lost") == 400
    assert client.post(address(), data={}).status_code == 400
    assert client.post(address(), data={"id": "s" * 5_000}).status_code == 413
    assert client.post(address(), json={"id": "s1"}).status_code == 415
    assert client.get(address()).status_code == 405
    assert latest().state is State.SENT


def test_a_report_is_accepted_though_no_key_opens_the_message(inside: Flask) -> None:
    texted(gateway_id="s1")
    with db.transaction() as writer:
        table = OutboxMessage.__table__
        writer.execute(table.update().values(recipient=db.sa.literal(b"x", db.sa.LargeBinary)))
    token = tokens.make(tokens.Purpose.REPORT, 1)
    assert report(inside, "delivered", path=f"/leverans/sms/{token}") == 204
