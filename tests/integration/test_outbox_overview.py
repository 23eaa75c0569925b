"""The outbox in figures, and messages that operations queue again or take out of the queue."""

import datetime as dt
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from time_machine import TimeMachineFixture

from portal import db
from portal.notifications.models import OutboxMessage, State
from portal.notifications.rules import Medium, Problem
from portal.notifications.sent import overview
from tests import factories

MONDAY = dt.datetime(2026, 3, 2, 8, 0, tzinfo=dt.UTC)
DAY = dt.timedelta(days=1)


@pytest.fixture(autouse=True)
def monday(inside: Flask, time_machine: TimeMachineFixture) -> TimeMachineFixture:
    time_machine.move_to(MONDAY, tick=False)
    return time_machine


def message(**changes: Any) -> int:
    """A message of a case of its own, as it has become; returns its id."""
    factories.send_in(email="maria@exempel.se")
    newest = max(row.id for row in factories.letters())
    with db.transaction() as writer:
        for name, value in changes.items():
            setattr(writer.get_one(OutboxMessage, newest), name, value)
    return newest


def state(message_id: int) -> State:
    return next(row.state for row in factories.letters() if row.id == message_id)


def run(app: Flask, *words: str) -> str:
    db.close_read_session()
    result = app.test_cli_runner().invoke(args=["outbox", *words])
    assert result.exit_code == 0, result.output
    return result.stdout


def test_an_empty_outbox_has_no_figures() -> None:
    assert (overview.backlogs(), overview.failures()) == ([], [])


def test_what_waits_is_counted_with_the_age_of_the_oldest(monday: TimeMachineFixture) -> None:
    message()
    monday.move_to(MONDAY + DAY, tick=False)
    message()
    message(state=State.SENT)
    assert overview.backlogs() == [(Medium.EMAIL, 2, MONDAY, None, None)]


def test_a_backlog_is_late_after_a_quarter_of_an_hour_and_names_its_problem(
    monday: TimeMachineFixture,
) -> None:
    message(problem=Problem.OUR_LOGIN, reply_code=535)
    seen = []
    for minutes in (15, 16):
        monday.move_to(MONDAY + dt.timedelta(minutes=minutes), tick=False)
        db.close_read_session()
        (backlog,) = overview.backlogs()
        seen.append((backlog.is_late, backlog.problem, backlog.reply_code))
    assert seen == [(False, Problem.OUR_LOGIN, 535), (True, Problem.OUR_LOGIN, 535)]


def test_failures_are_counted_by_reason_the_most_frequent_first() -> None:
    message(state=State.UNCERTAIN, problem=Problem.UNCONFIRMED)
    for _each in range(2):
        message(state=State.FAILED, problem=Problem.ADDRESS_REFUSED, reply_code=550)
    assert overview.failures() == [
        (Medium.EMAIL, State.FAILED, Problem.ADDRESS_REFUSED, 550, 2, MONDAY),
        (Medium.EMAIL, State.UNCERTAIN, Problem.UNCONFIRMED, None, 1, MONDAY),
    ]


def test_a_failure_of_more_than_thirty_days_ago_is_history(monday: TimeMachineFixture) -> None:
    message(state=State.FAILED)
    monday.move_to(MONDAY + 31 * DAY, tick=False)
    assert overview.failures() == []


def test_the_list_names_case_and_reason_and_neither_recipient_nor_text(app: Flask) -> None:
    failed = message(state=State.FAILED, problem=Problem.ADDRESS_REFUSED, reply_code=550)
    message(state=State.SENT)
    listed = run(app, "list")
    assert f"{failed}\tKB-2026-000001\treceived\temail\tfailed" in listed
    assert "Mottagarens server tar inte emot adressen. (550)" in listed
    assert "maria" not in listed
    assert "KB-2026-000002" not in listed
    assert "KB-2026-000002" in run(app, "list", "--state", "sent")


def test_failed_messages_are_queued_again_by_id_or_all_at_once(app: Flask) -> None:
    first, second, third = (message(state=State.FAILED, tries=3) for _each in range(3))
    assert run(app, "retry", str(second)) == "1 queued again.\n"
    assert [state(each) for each in (first, second, third)] == [State.FAILED, State.QUEUED, State.FAILED]
    assert run(app, "retry", "--failed") == "2 queued again.\n"
    assert {state(each) for each in (first, second, third)} == {State.QUEUED}


@pytest.mark.parametrize("become", sorted(set(State) - {State.QUEUED, State.HELD}))
def test_only_what_waits_is_cancelled(app: Flask, become: State) -> None:
    other, waiting = message(state=become), message()
    assert run(app, "cancel", str(other), str(waiting), "999") == "1 cancelled.\n"
    assert (state(other), state(waiting)) == (become, State.CANCELLED)


def test_what_has_arrived_or_lost_its_text_is_not_queued_again(app: Flask) -> None:
    sent, cleared = message(state=State.SENT), message(state=State.FAILED, text=None)
    assert run(app, "retry", str(sent), str(cleared)) == "0 queued again.\n"
    assert (state(sent), state(cleared)) == (State.SENT, State.FAILED)


def test_what_no_key_opens_is_listed_retried_and_cancelled(app: Flask) -> None:
    unreadable, waiting = message(state=State.UNREADABLE), message()
    with db.engine().begin() as connection:
        connection.execute(sa.text("UPDATE outbox SET recipient = :lost, text = :lost"), {"lost": b"lost"})
    assert f"{unreadable}\t" in run(app, "list")
    assert run(app, "retry", str(unreadable)) == "1 queued again.\n"
    assert run(app, "cancel", str(waiting)) == "1 cancelled.\n"
