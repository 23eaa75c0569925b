"""The worker against a real mail server: sent once, tried again, given up, taken over, emptied."""

import datetime as dt
import socket
from collections.abc import Iterator
from threading import Event
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from time_machine import TimeMachineFixture

from portal import clock, config, db
from portal.cases.actions import handling
from portal.cases.enums import TaskKind
from portal.cases.intake.submission import Receipt
from portal.notifications import delivery
from portal.notifications.channels import email
from portal.notifications.delivery import claims, dispatch
from portal.notifications.delivery.lanes import Lane
from portal.notifications.delivery.retries import MAX_ATTEMPTS
from portal.notifications.models import OutboxMessage, State
from portal.notifications.rules import Medium, Problem
from tests import factories, statements
from tests.stubs.mail_server import MailServer

MONDAY = dt.datetime(2026, 3, 2, 8, 0, tzinfo=dt.UTC)
SECOND, MINUTE, DAY = dt.timedelta(seconds=1), dt.timedelta(minutes=1), dt.timedelta(days=1)
MARIA = "maria@exempel.se"


@pytest.fixture(autouse=True)
def monday(time_machine: TimeMachineFixture) -> TimeMachineFixture:
    time_machine.move_to(MONDAY, tick=False)
    return time_machine


@pytest.fixture
def server(inside: Flask) -> Iterator[MailServer]:
    """A mail server that the portal's settings name."""
    with MailServer() as running:
        use(running.host, running.port)
        yield running


@pytest.fixture
def deaf(inside: Flask) -> Iterator[None]:
    """Settings that name a mail server which is down."""
    with socket.socket() as bound:
        bound.bind(("127.0.0.1", 0))
        use("127.0.0.1", bound.getsockname()[1])
        yield


def use(host: str, port: int = 25) -> None:
    mail = {"mail_server": host, "mail_port": port, "mail_security": "none"}
    config.use(config.settings().model_copy(update=mail))


def letter() -> OutboxMessage:
    (row,) = factories.letters()
    return row


def ids(server: MailServer) -> list[str]:
    return [str(message["Message-ID"]) for message in server.received]


def tasks(receipt: Receipt) -> list[TaskKind]:
    return factories.open_tasks(receipt)


def test_what_is_due_is_sent_and_noted(server: MailServer) -> None:
    factories.send_in(email=MARIA)
    assert delivery.deliver_due() == 1
    row = letter()
    assert (row.state, row.tries, row.sent_at, row.problem) == (State.SENT, 1, MONDAY, None)
    (message,) = server.received
    assert (message["To"], message["Subject"]) == (MARIA, row.subject)
    assert message["Message-ID"] == row.message_id
    assert message["From"] == "kontakt@kontakt.example"


def test_what_is_sent_is_not_sent_again(server: MailServer, monday: TimeMachineFixture) -> None:
    factories.send_in(email=MARIA)
    delivery.deliver_due()
    monday.move_to(MONDAY + DAY, tick=False)
    assert delivery.deliver_due() == 0
    assert len(server.raw) == 1


def test_letters_leave_in_the_order_they_were_written(server: MailServer, monday: TimeMachineFixture) -> None:
    receipt, officer = factories.send_in(email=MARIA), factories.member()
    for minutes, command in enumerate((handling.take, handling.close), 1):
        monday.move_to(MONDAY + minutes * MINUTE, tick=False)
        if command is handling.close:
            factories.act(handling.answer, officer, receipt, "Ja.", close=True)
        else:
            factories.act(command, officer, receipt)
    delivery.deliver_due()
    assert ids(server) == [row.message_id for row in factories.letters()]
    assert len(server.raw) == 3


def test_a_letter_waits_while_the_server_is_down_and_is_tried_again_within_seconds(
    deaf: None, monday: TimeMachineFixture
) -> None:
    factories.send_in(email=MARIA)
    assert delivery.deliver_due() == 1
    row = letter()
    assert (row.state, row.tries) == (State.QUEUED, 0)
    assert 4 * SECOND <= row.next_try_at - MONDAY <= 6 * SECOND
    assert (row.problem, row.sent_at) == (Problem.UNREACHABLE, None)
    monday.move_to(MONDAY + 3 * SECOND, tick=False)
    assert delivery.deliver_due() == 0
    with MailServer() as server:
        use(server.host, server.port)
        monday.move_to(MONDAY + 6 * SECOND, tick=False)
        assert delivery.deliver_due() == 1
        assert ids(server) == [row.message_id]
    assert (letter().state, letter().tries, letter().problem) == (State.SENT, 1, None)


def test_the_wait_grows_with_each_answer_about_the_letter(
    server: MailServer, monday: TimeMachineFixture
) -> None:
    server.answers["RCPT"] = "451 greylisted"
    factories.send_in(email=MARIA)
    for attempt in range(1, 5):
        delivery.deliver_due()
        row = letter()
        usual = 15 * 2**attempt * SECOND
        assert 0.8 * usual <= row.next_try_at - clock.now() <= 1.2 * usual
        assert (row.tries, row.problem, row.reply_code) == (attempt, Problem.TRY_LATER, 451)
        monday.move_to(row.next_try_at, tick=False)


def test_the_case_is_safe_while_the_server_is_down(deaf: None) -> None:
    receipt = factories.send_in(email=MARIA)
    delivery.deliver_due()
    assert factories.case(receipt).number == 1
    assert tasks(receipt) == []


def test_an_address_that_the_server_refuses_becomes_one_task_and_is_not_tried_again(
    server: MailServer, monday: TimeMachineFixture
) -> None:
    server.unknown.add(MARIA)
    receipt = factories.send_in(email=MARIA)
    delivery.deliver_due()
    row = letter()
    assert (row.state, row.sent_at) == (State.FAILED, None)
    assert (row.problem, row.reply_code) == (Problem.ADDRESS_REFUSED, 550)
    assert tasks(receipt) == [TaskKind.UNDELIVERED]
    monday.move_to(MONDAY + DAY, tick=False)
    assert delivery.deliver_due() == 0
    assert tasks(receipt) == [TaskKind.UNDELIVERED]


def test_a_refused_letter_does_not_hold_back_the_next(server: MailServer) -> None:
    server.unknown.add("borta@exempel.se")
    for address in ("borta@exempel.se", MARIA):
        factories.send_in(email=address)
    assert delivery.deliver_due() == 2
    assert server.recipients == [MARIA]


def test_a_letter_that_is_never_accepted_is_given_up_with_a_task(
    server: MailServer, monday: TimeMachineFixture
) -> None:
    server.answers["RCPT"] = "451 later"
    receipt = factories.send_in(email=MARIA)
    with db.transaction() as writer:
        writer.merge(letter()).tries = MAX_ATTEMPTS - 2
    delivery.deliver_due()
    assert (letter().state, tasks(receipt)) == (State.QUEUED, [])
    monday.move_to(letter().next_try_at, tick=False)
    delivery.deliver_due()
    assert (letter().state, letter().tries, tasks(receipt)) == (
        State.FAILED,
        MAX_ATTEMPTS,
        [TaskKind.UNDELIVERED],
    )


class Killed(BaseException):
    """The worker's process was ended while it was sending."""


def test_what_a_killed_worker_had_taken_is_taken_over_after_its_lease(
    server: MailServer, monday: TimeMachineFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    factories.send_in(email=MARIA)
    be_killed(monkeypatch)
    assert letter().state is State.SENDING
    monday.move_to(MONDAY + claims.LEASE - SECOND, tick=False)
    assert delivery.deliver_due() == 0
    monday.move_to(MONDAY + claims.LEASE, tick=False)
    assert delivery.deliver_due() == 1
    assert ids(server) == [letter().message_id]
    assert (letter().state, letter().tries, letter().uncertain_tries) == (State.SENT, 1, 1)


def test_a_letter_that_two_workers_may_have_sent_is_left_to_a_person(
    server: MailServer, monday: TimeMachineFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    receipt = factories.send_in(email=MARIA)
    for lease in (1, 2):
        be_killed(monkeypatch)
        monday.move_to(MONDAY + lease * claims.LEASE, tick=False)
    assert delivery.deliver_due() == 0
    row = letter()
    assert (row.state, row.problem, server.raw) == (State.UNCERTAIN, Problem.WORKER_LOST, [])
    assert tasks(receipt) == [TaskKind.UNCERTAIN]


def test_the_second_time_a_letter_that_was_not_begun_is_no_copy(
    server: MailServer, monday: TimeMachineFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    for _letter in range(2):
        factories.send_in(email=MARIA)
    for lease in (1, 2):
        be_killed(monkeypatch)
        monday.move_to(MONDAY + lease * claims.LEASE, tick=False)
    delivery.deliver_due()
    assert [row.state for row in factories.letters()] == [State.UNCERTAIN, State.SENT]


def be_killed(monkeypatch: pytest.MonkeyPatch) -> None:
    """The worker is killed while it sends the first letter of its batch."""
    with monkeypatch.context() as dying:
        dying.setattr(email.Connections, "send", _die)
        with pytest.raises(Killed):
            delivery.deliver_due()


def _die(*_given: object) -> None:
    raise Killed


def test_the_letters_of_a_batch_go_out_on_one_connection_and_with_few_statements(server: MailServer) -> None:
    for _each in range(delivery.BATCH):
        factories.send_in(email=MARIA)
    lane = Lane(Medium.EMAIL)
    with statements.counted() as found:
        assert lane.turn() == delivery.BATCH
    lane.channel.close()
    assert (server.sessions, len(server.raw)) == (1, delivery.BATCH)
    assert {row.state for row in factories.letters()} == {State.SENT}
    # What was lost, what is due, the lease and the end.
    assert len(found) <= 7


def test_a_refused_letter_takes_none_with_it(server: MailServer) -> None:
    server.unknown.add("ingen@exempel.se")
    for to in (MARIA, "ingen@exempel.se", MARIA, MARIA):
        factories.send_in(email=to)
    assert delivery.deliver_due() == 4
    states = [row.state for row in factories.letters()]
    assert states == [State.SENT, State.FAILED, State.SENT, State.SENT]
    assert server.sessions == 1


def test_a_connection_that_broke_while_it_waited_costs_no_letter_its_try(
    server: MailServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    for _each in range(3):
        factories.send_in(email=MARIA)
    real = email.Connections.send

    def then_breaks(connections: email.Connections, *given: Any) -> None:
        real(connections, *given)
        connections.interrupt()

    monkeypatch.setattr(email.Connections, "send", then_breaks)
    assert delivery.deliver_due() == 3
    assert [(row.state, row.tries) for row in factories.letters()] == [(State.SENT, 1)] * 3
    assert server.sessions == 3


def test_the_next_letters_are_found_by_the_indexes_of_those_that_wait(inside: Flask) -> None:
    factories.send_in(email=MARIA)
    assert delivery.deliver_due() == 1
    copies(3000)
    factories.send_in(email=MARIA)
    plan = plan_of_next()
    assert "ix_outbox_due" in plan
    assert not any(word in plan for word in ("Sort", "SCAN", "TEMP B-TREE", "Seq Scan"))


def test_the_next_letters_are_found_by_them_when_thousands_wait_too(inside: Flask) -> None:
    factories.send_in(email=MARIA)
    copies(3000)
    plan = plan_of_next()
    assert "ix_outbox_due" in plan
    assert "ix_outbox_order" in plan
    assert not any(word in plan for word in ("Sort", "SCAN", "TEMP B-TREE", "Seq Scan"))


def copies(count: int) -> None:
    """The only letter so many times more, about no case: few letters are about the same one."""
    outbox = OutboxMessage.__table__
    same = [column for column in outbox.columns if column.name not in ("id", "message_id", "case_id")]
    with db.transaction() as writer:
        numbers = sa.select(sa.literal(1).label("n")).cte("numbers", recursive=True)
        numbers = numbers.union_all(sa.select(numbers.c.n + 1).where(numbers.c.n < count))
        rows = sa.select(sa.cast(numbers.c.n, sa.Text), *same).join_from(OutboxMessage, numbers, sa.true())
        writer.execute(sa.insert(outbox).from_select(["message_id", *same], rows))
        writer.execute(sa.text("ANALYZE"))


def plan_of_next() -> str:
    values = {"now": clock.now(), "medium": Medium.EMAIL, "count": delivery.BATCH}
    query = claims.next_due().params(values)
    compiled = query.compile(db.engine(), compile_kwargs={"literal_binds": True})
    explain = "EXPLAIN QUERY PLAN" if db.engine().dialect.name == "sqlite" else "EXPLAIN"
    db.close_read_session()
    with db.engine().connect() as connection:
        return str(connection.exec_driver_sql(f"{explain} {compiled}".replace("%", "%%")).all())


def test_two_workers_at_once_send_each_letter_once(inside: Flask, server: MailServer) -> None:
    for _each in range(45):
        factories.send_in(email=MARIA)
    tried = factories.at_once(inside, 2, lambda _place: _until_empty())
    assert sum(tried) == len(server.raw) == 45
    assert sorted(ids(server)) == sorted(row.message_id for row in factories.letters())
    assert {row.state for row in factories.letters()} == {State.SENT}


def _until_empty() -> int:
    """How many letters this worker tried before there were none."""
    count = 0
    while tried := delivery.deliver_due():
        count += tried
    return count


def test_without_a_mail_server_letters_are_kept_to_be_looked_at(inside: Flask) -> None:
    factories.send_in(email=MARIA)
    assert delivery.deliver_due() == 1
    assert (letter().state, letter().sent_at) == (State.KEPT, MONDAY)
    assert delivery.deliver_due() == 0
    assert letter().text


@pytest.mark.parametrize("state", [State.SENT, State.KEPT, State.FAILED, State.UNRENDERED])
def test_a_letter_that_is_done_with_is_emptied_after_thirty_days(
    inside: Flask, monday: TimeMachineFixture, state: State
) -> None:
    factories.send_in(email=MARIA)
    with db.transaction() as writer:
        writer.merge(letter()).state = state
    monday.move_to(MONDAY + 30 * DAY, tick=False)
    factories.run_jobs()
    assert (letter().recipient, bool(letter().text)) == (MARIA, True)
    monday.move_to(MONDAY + 30 * DAY + MINUTE, tick=False)
    factories.run_jobs()
    row = letter()
    assert (row.recipient, row.subject, row.text, row.html) == (None, None, None, None)
    assert (row.name, row.state) == ("received", state)


def test_a_letter_that_still_waits_is_never_emptied(deaf: None, monday: TimeMachineFixture) -> None:
    factories.send_in(email=MARIA)
    monday.move_to(MONDAY + 31 * DAY, tick=False)
    factories.run_jobs()
    delivery.deliver_due()
    assert (letter().state, letter().recipient) == (State.QUEUED, MARIA)


def test_the_worker_goes_on_when_the_outbox_could_not_be_read_once(
    server: MailServer, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    factories.send_in(email=MARIA)
    stop, real, calls = Event(), Lane.turn, iter(["away", "back", "idle"])

    def sometimes(lane: Lane, *given: Any) -> int:
        match next(calls):
            case "away":
                raise OSError("the database is away")
            case "idle":
                stop.set()
        return real(lane, *given)

    monkeypatch.setattr(Lane, "turn", sometimes)
    Lane(Medium.EMAIL).run(stop, Event(), lambda: 0)
    assert "worker.failed" in caplog.text
    assert len(server.raw) == 1


def test_the_worker_empties_the_whole_outbox_once_when_asked(inside: Flask, server: MailServer) -> None:
    for _each in range(delivery.BATCH + 1):
        factories.send_in(email=MARIA)
    result = inside.test_cli_runner().invoke(args=["worker", "--once"])
    assert result.exit_code == 0
    assert len(server.raw) == delivery.BATCH + 1


def test_the_mail_servers_settings_are_those_of_the_portal(inside: Flask) -> None:
    mail = {"mail_username": "kontakt", "mail_password": "hemligt", "mail_reply_to": "svar@exempel.se"}
    found = dispatch.mail_settings(config.settings().model_copy(update={"mail_server": "smtp", **mail}))
    assert (found.server, found.port, found.security) == ("smtp", 25, "starttls")
    assert (found.username, found.password, found.reply_to) == ("kontakt", "hemligt", "svar@exempel.se")
    plain = dispatch.mail_settings(config.settings())
    assert (plain.username, plain.password, plain.reply_to) == (None, None, None)
