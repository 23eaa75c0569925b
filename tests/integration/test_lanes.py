"""The lanes of the worker: order, what is uncertain or unreadable, outages, servers that keep one waiting."""

import datetime as dt
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from random import Random
from threading import Event, Thread
from time import monotonic
from typing import Any

import pytest
import sqlalchemy as sa
from cryptography.fernet import Fernet
from flask import Flask
from structlog.testing import capture_logs
from time_machine import TimeMachineFixture

from portal import clock, config, crypto, db
from portal.cases import queries
from portal.cases.actions import handling
from portal.cases.enums import NotifyBy, ReplyBy, TaskKind
from portal.cases.intake.submission import Receipt
from portal.config import Settings
from portal.identity.actors import System
from portal.notifications import delivery, ladder, outbox
from portal.notifications.channels import DeliveryFailure, PermanentFailure, TemporaryFailure
from portal.notifications.delivery import claims, database_clock, dispatch, worker
from portal.notifications.delivery.dispatch import Letter
from portal.notifications.delivery.lanes import Lane
from portal.notifications.models import OutboxMessage, State
from portal.notifications.rendering import Rendered
from portal.notifications.rules import Medium, Problem
from tests import conftest, factories
from tests.stubs.mail_server import DRIP, HANG, TAKE, MailServer
from tests.stubs.sms_gateway import SmsGateway

MONDAY = dt.datetime(2026, 3, 2, 8, 0, tzinfo=dt.UTC)
SECOND, MINUTE, HOUR = dt.timedelta(seconds=1), dt.timedelta(minutes=1), dt.timedelta(hours=1)
MARIA, YUSUF, EVA = "maria@exempel.se", "yusuf@exempel.se", "eva@exempel.se"
PHONE = "+46701740605"


@pytest.fixture
def monday(time_machine: TimeMachineFixture) -> TimeMachineFixture:
    time_machine.move_to(MONDAY, tick=False)
    return time_machine


@pytest.fixture
def server(inside: Flask) -> Iterator[MailServer]:
    """A mail server that the portal's settings name."""
    with MailServer() as running:
        use_mail(running)
        yield running


def use_mail(server: MailServer) -> None:
    mail = {"mail_server": server.host, "mail_port": server.port, "mail_security": "none"}
    config.use(config.settings().model_copy(update=mail))


@contextmanager
def working_gateway(monkeypatch: pytest.MonkeyPatch) -> Iterator[SmsGateway]:
    monkeypatch.setenv("NO_PROXY", "127.0.0.1,localhost")
    with SmsGateway() as running:
        login = {"sms_username": running.username, "sms_password": running.password}
        to = {"sms_gateway": "46elks", "sms_url": running.url, **login}
        config.use(config.settings().model_copy(update=to))
        yield running


class Network:
    """A channel in memory: what it accepts, and the failure of each recipient or of all."""

    def __init__(self) -> None:
        self.accepted: list[Letter] = []
        self.times: list[dt.datetime] = []
        self.attempts = 0
        self.failure: Exception | None = None
        self.failures: dict[str, Exception] = {}

    def is_configured(self, using: Settings) -> bool:
        return True

    def send(self, letter: Letter, using: Settings) -> None:
        self.attempts += 1
        failure = self.failures.get(letter.recipient, self.failure)
        if failure:
            raise failure
        self.accepted.append(letter)
        self.times.append(clock.now())

    def interrupt(self) -> None:
        """Nothing waits."""

    def close(self) -> None:
        """Nothing is open."""

    @property
    def ids(self) -> list[int]:
        return [letter.claim.id for letter in self.accepted]


def lane(network: Network, seed: int = 1) -> Lane:
    return Lane(Medium.EMAIL, network, Random(seed))


def rows() -> list[OutboxMessage]:
    return list(factories.letters())


def states() -> list[State]:
    return [row.state for row in rows()]


AWAY = TemporaryFailure(Problem.UNREACHABLE, of_channel=True)
DENIED = TemporaryFailure(Problem.RELAY_DENIED, 554, of_channel=True)


def conversation(receipt: Receipt) -> None:
    """Three letters about one case."""
    officer = factories.member()
    factories.act(handling.take, officer, receipt)
    factories.act(handling.answer, officer, receipt, "Ja.")


def test_a_later_letter_of_a_case_waits_for_the_earlier_one(
    inside: Flask, monday: TimeMachineFixture
) -> None:
    receipt = factories.send_in(email=MARIA)
    conversation(receipt)
    factories.send_in(email=YUSUF)
    network = Network()
    network.failures[MARIA] = TemporaryFailure(Problem.TRY_LATER, 451)
    delivering = lane(network)
    delivering.turn()
    assert (network.attempts, [letter.recipient for letter in network.accepted]) == (2, [YUSUF])
    network.failures.clear()
    monday.move_to(MONDAY + 35 * SECOND, tick=False)
    while delivering.turn():
        pass
    assert network.ids[1:] == [row.id for row in rows() if row.recipient == MARIA]


def test_a_letter_to_staff_holds_up_none_to_the_sender(inside: Flask) -> None:
    receipt, officer = factories.send_in(email=MARIA), factories.member()
    with db.transaction():
        case = factories.case(receipt)
        outbox.queue_to_staff("staff_notice", officer.membership or 0, YUSUF, Rendered("Nytt"), case)
    factories.act(handling.take, officer, receipt)
    network = Network()
    network.failures[YUSUF] = TemporaryFailure(Problem.TRY_LATER, 452)
    delivering = lane(network)
    for _turn in range(3):
        delivering.turn()
    assert [letter.recipient for letter in network.accepted] == [MARIA, MARIA]


def test_a_letter_to_an_earlier_address_holds_up_none_to_the_new_one(inside: Flask) -> None:
    receipt, officer = factories.send_in(email=MARIA), factories.member()
    lane(Network()).turn()
    with db.transaction() as writer:
        (letter,) = writer.scalars(sa.select(OutboxMessage))
        letter.name, letter.state, letter.recipient = "reader_changed", State.QUEUED, YUSUF
    factories.act(handling.take, officer, receipt)
    network = Network()
    network.failures[YUSUF] = TemporaryFailure(Problem.TRY_LATER, 450)
    lane(network).turn()
    assert [letter.recipient for letter in network.accepted] == [MARIA]


@pytest.mark.parametrize(
    ("changes", "name", "state"),
    [
        ({"notify_by": NotifyBy.NONE}, "received", State.WITHHELD),
        ({"reader_contested_at": MONDAY}, "received", State.WITHHELD),
        ({"reader_contested_at": MONDAY}, "reader_changed", State.WITHHELD),
        ({"notify_by": NotifyBy.NONE}, "new_code", State.SENT),
        ({}, "received", State.SENT),
    ],
)
def test_what_is_no_longer_wanted_is_not_sent_though_it_was_queued(
    inside: Flask, changes: dict[str, Any], name: str, state: State
) -> None:
    receipt = factories.send_in(email=MARIA)
    with db.transaction() as writer:
        writer.execute(sa.update(OutboxMessage).values(name=name))
        case = queries.case_by_id(System(), receipt.case)
        for attribute, value in changes.items():
            setattr(case, attribute, value)
    network = Network()
    lane(network).turn()
    assert (states(), network.attempts) == ([state], int(state is State.SENT))


def test_in_production_a_message_without_a_channel_is_left_to_another_way_or_a_person(inside: Flask) -> None:
    receipt = factories.send_in(email=MARIA)
    config.use(config.settings().model_copy(update={"env": "production"}))
    delivery.deliver_due()
    (row,) = rows()
    assert (row.state, row.problem) == (State.FAILED, Problem.NO_CHANNEL)
    assert factories.open_tasks(receipt) == [TaskKind.UNDELIVERED]


@pytest.mark.parametrize("state", [State.HELD, State.FAILED, State.SENT, State.UNCERTAIN])
def test_a_letter_that_is_held_or_done_with_stops_no_later_one(
    inside: Flask, monday: TimeMachineFixture, state: State
) -> None:
    receipt = factories.send_in(email=MARIA)
    with db.transaction() as writer:
        writer.execute(sa.update(OutboxMessage).values(state=state, next_try_at=MONDAY + HOUR))
    factories.act(handling.take, factories.member(), receipt)
    network = Network()
    lane(network).turn()
    assert network.ids == [rows()[1].id]


def test_a_row_that_no_key_opens_is_set_aside_with_a_task_and_the_rest_go_on(inside: Flask) -> None:
    receipts = [factories.send_in(email=to) for to in (MARIA, YUSUF, EVA)]
    foreign = Fernet(Fernet.generate_key()).encrypt(b"x")
    with db.transaction() as writer:
        damaged = sa.update(OutboxMessage.__table__).where(OutboxMessage.id == rows()[1].id)
        writer.execute(damaged.values(text=sa.literal(foreign, sa.LargeBinary)))
    ids = [row[0] for row in db.session().execute(sa.select(OutboxMessage.id).order_by(OutboxMessage.id))]
    network = Network()
    with capture_logs() as lines:
        lane(network).turn()
    assert network.ids == [ids[0], ids[2]]
    assert factories.open_tasks(receipts[1]) == [TaskKind.UNRENDERED]
    (line,) = lines
    assert (line["event"], line["outbox"], line["problem"]) == ("delivery.failed", ids[1], "unreadable")


def test_a_held_row_that_no_key_opens_stops_no_other(inside: Flask) -> None:
    for to in (MARIA, YUSUF):
        factories.send_in(email=to)
    foreign = Fernet(Fernet.generate_key()).encrypt(b"x")
    first = rows()[0].id
    with db.transaction() as writer:
        writer.execute(sa.update(OutboxMessage).values(state=State.HELD))
        damaged = sa.update(OutboxMessage.__table__).where(OutboxMessage.id == first)
        writer.execute(damaged.values(recipient=sa.literal(foreign, sa.LargeBinary)))
    config.use(config.settings().model_copy(update={"limits": "on"}))
    factories.run_jobs()
    delivery.deliver_due()
    found = db.session().execute(sa.select(OutboxMessage.state).order_by(OutboxMessage.id)).scalars().all()
    assert found == [State.UNREADABLE, State.KEPT]


def test_an_error_that_nobody_expects_counts_its_try_and_is_logged(
    inside: Flask, monday: TimeMachineFixture
) -> None:
    receipt = factories.send_in(email=MARIA)
    network = Network()
    network.failure = KeyError("odd")
    delivering = lane(network)
    with capture_logs() as lines:
        for _attempt in range(40):
            delivering.turn()
            monday.move_to(max(rows()[0].next_try_at, clock.now()), tick=False)
    (row,) = rows()
    assert (row.state, row.tries, row.problem) == (State.FAILED, 40, Problem.INTERNAL)
    assert factories.open_tasks(receipt) == [TaskKind.UNDELIVERED]
    assert lines[0]["event"] == "delivery.error"


def test_a_fault_in_what_follows_a_failure_does_not_bring_the_letter_back(
    inside: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    receipt = factories.send_in(email=MARIA)
    network = Network()
    network.failure = PermanentFailure(Problem.ADDRESS_REFUSED, 550)

    def broken(_row: OutboxMessage) -> None:
        raise KeyError("odd")

    monkeypatch.setattr(ladder, "after_failure", broken)
    with capture_logs() as lines:
        lane(network).turn()
    assert states() == [State.FAILED]
    assert [line["event"] for line in lines] == ["delivery.failed", "delivery.not_followed_up"]
    assert factories.open_tasks(receipt) == [TaskKind.UNDELIVERED]


def test_a_letter_to_staff_that_fails_adds_no_task_even_after_a_fault(
    inside: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    receipt, officer = factories.send_in(), factories.member()
    with db.transaction():
        case = factories.case(receipt)
        outbox.queue_to_staff("staff_notice", officer.membership or 0, YUSUF, Rendered("Nytt"), case)
    network = Network()
    network.failure = PermanentFailure(Problem.ADDRESS_REFUSED, 550)

    def broken(_row: OutboxMessage) -> None:
        raise KeyError("odd")

    monkeypatch.setattr(ladder, "after_failure", broken)
    lane(network).turn()
    assert (states(), factories.open_tasks(receipt)) == ([State.FAILED], [])


def test_not_even_a_task_that_cannot_be_added_brings_the_letter_back(
    inside: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    factories.send_in(email=MARIA)
    network = Network()
    network.failure = PermanentFailure(Problem.ADDRESS_REFUSED, 550)

    def broken(*_given: object) -> None:
        raise KeyError("odd")

    monkeypatch.setattr(ladder, "after_failure", broken)
    monkeypatch.setattr(outbox, "add_task", broken)
    lane(network).turn()
    assert states() == [State.FAILED]


def test_a_letter_whose_end_is_unknown_goes_once_more_under_its_message_id(
    server: MailServer, monday: TimeMachineFixture
) -> None:
    receipt = factories.send_in(email=MARIA)
    server.answers["DATA"] = TAKE
    for _attempt in range(2):
        delivery.deliver_due()
        monday.move_to(clock.now() + MINUTE, tick=False)
    (row,) = rows()
    assert (row.state, row.problem, row.uncertain_tries) == (State.UNCERTAIN, Problem.UNCONFIRMED, 2)
    assert factories.open_tasks(receipt) == [TaskKind.UNCERTAIN]
    monday.move_to(clock.now() + HOUR, tick=False)
    assert delivery.deliver_due() == 0
    assert [str(message["Message-ID"]) for message in server.received] == [row.message_id] * 2


def test_an_sms_whose_worker_vanished_before_it_left_is_sent_and_one_after_that_is_not(
    inside: Flask, monday: TimeMachineFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    with working_gateway(monkeypatch) as gateway:
        receipts = [factories.send_in(reply_by=ReplyBy.SMS, phone=PHONE) for _case in range(2)]
        first, second = claims.claim(Medium.SMS, 2)
        assert claims.begin(first)
        monday.move_to(MONDAY + claims.LEASE, tick=False)
        assert not gateway.accepted
        delivery.deliver_due()
        assert states() == [State.UNCERTAIN, State.SENT]
        assert len(gateway.accepted) == 1
        assert factories.open_tasks(receipts[0]) == [TaskKind.UNCERTAIN]
        assert rows()[1].gateway_id == f"s{1:032x}"
        assert not claims.begin(second)


def test_a_worker_that_comes_back_after_its_lease_changes_nothing(
    inside: Flask, monday: TimeMachineFixture
) -> None:
    factories.send_in(email=MARIA)
    (late,) = claims.claim(Medium.EMAIL, 1)
    monday.move_to(MONDAY + claims.LEASE, tick=False)
    network = Network()
    lane(network).turn()
    network.failure = AWAY
    claims.mark_sent([late])
    claims.put_back([late])
    assert (states(), len(network.ids)) == ([State.SENT], 1)


def test_a_batch_gives_back_what_would_outlive_its_lease(inside: Flask, monday: TimeMachineFixture) -> None:
    for to in (MARIA, YUSUF, EVA):
        factories.send_in(email=to)

    class Slow(Network):
        def send(self, letter: Letter, using: Settings) -> None:
            super().send(letter, using)
            monday.move_to(clock.now() + 4 * MINUTE, tick=False)

    network = Slow()
    delivering = lane(network)
    assert delivering._deliver(claims.claim(Medium.EMAIL, 3), lambda: False) == 1
    assert states() == [State.SENT, State.QUEUED, State.QUEUED]
    assert rows()[1].next_try_at == MONDAY


def test_an_hour_without_a_mail_server_costs_no_letter_a_try_and_ends_without_a_herd(
    inside: Flask, monday: TimeMachineFixture
) -> None:
    receipts = [factories.send_in(email=f"person{number}@exempel.se") for number in range(30)]
    for receipt in receipts[:3]:
        conversation(receipt)
    network = Network()
    network.failure = AWAY
    delivering = lane(network)
    with capture_logs() as lines:
        simulate(delivering, monday, HOUR, 2 * SECOND)
        assert network.attempts < 25
        assert {(row.state, row.tries) for row in rows()} == {(State.QUEUED, 0)}
        network.failure = None
        simulate(delivering, monday, 6 * MINUTE, 2 * SECOND)
    assert set(states()) == {State.SENT}
    assert all(factories.open_tasks(receipt) == [] for receipt in receipts)
    for receipt in receipts[:3]:
        of_case = [row.id for row in rows() if row.case_id == receipt.case]
        assert [id_ for id_ in network.ids if id_ in of_case] == of_case
    events = [line["event"] for line in lines]
    assert (events.count("delivery.blocked"), events.count("delivery.resumed")) == (1, 1)


def simulate(delivering: Lane, machine: TimeMachineFixture, length: dt.timedelta, step: dt.timedelta) -> None:
    """Let the lane live for so long, a turn at each step; while it waits for its channel, at its probes."""
    until = clock.now() + length
    while clock.now() < until:
        delivering.turn()
        probe_at = delivering.breaker.probe_at if delivering.breaker.is_open else None
        machine.move_to(probe_at or clock.now() + step, tick=False)


def test_workers_probe_at_different_times_after_an_outage(inside: Flask, monday: TimeMachineFixture) -> None:
    for number in range(20):
        factories.send_in(email=f"person{number}@exempel.se")
    network = Network()
    network.failure = AWAY
    workers = [lane(network, seed) for seed in range(4)]
    while clock.now() < MONDAY + 20 * MINUTE:
        for delivering in workers:
            delivering.turn()
        monday.move_to(clock.now() + 10 * SECOND, tick=False)
    probes = sorted(worker_.breaker.probe_at or MONDAY for worker_ in workers)
    assert len(set(probes)) == 4
    network.failure = None
    for probe_at in [*probes, probes[-1] + MINUTE]:
        monday.move_to(probe_at, tick=False)
        for delivering in workers:
            while delivering.turn():
                pass
    assert set(states()) == {State.SENT}
    assert sorted(network.ids) == [row.id for row in rows()]


def test_what_waited_for_its_channel_is_brought_forward_but_not_what_was_refused_itself(
    inside: Flask, monday: TimeMachineFixture
) -> None:
    for to in (MARIA, YUSUF, EVA):
        factories.send_in(email=to)
    refused, waiting, other = (row.id for row in rows())
    with db.transaction() as writer:
        table = OutboxMessage.__table__
        later = sa.update(table).values(next_try_at=MONDAY + HOUR)
        greylisted = later.where(table.c.id == refused).values(problem=Problem.TRY_LATER, reply_code=451)
        writer.execute(greylisted)
        writer.execute(later.where(table.c.id == waiting).values(problem=Problem.UNREACHABLE))
        writer.execute(later.where(table.c.id == other).values(problem=Problem.OUR_LOGIN))
    claims.bring_forward(Medium.EMAIL, 5.0, Random(1))
    found = {row.id: row.next_try_at for row in rows()}
    assert found[refused] == MONDAY + HOUR
    assert MONDAY <= found[waiting] <= found[other] <= MONDAY + 5 * SECOND


def test_a_policy_refusal_waits_until_another_recipients_letter_got_through(
    inside: Flask, monday: TimeMachineFixture
) -> None:
    first = factories.send_in(email=MARIA)
    network = Network()
    network.failures[MARIA] = DENIED
    delivering = lane(network)
    simulate(delivering, monday, 4 * HOUR, MINUTE)
    assert [(row.state, row.problem, row.tries) for row in rows()] == [
        (State.QUEUED, Problem.RELAY_DENIED, 0)
    ]
    factories.send_in(email=YUSUF)
    simulate(delivering, monday, 12 * MINUTE, MINUTE)
    assert states() == [State.FAILED, State.SENT]
    assert factories.open_tasks(first) == [TaskKind.UNDELIVERED]


def test_a_letter_at_which_the_server_hangs_up_does_not_keep_the_others_for_ever(
    inside: Flask, monday: TimeMachineFixture
) -> None:
    for to in (MARIA, YUSUF, EVA):
        factories.send_in(email=to)
    network = Network()
    network.failures[MARIA] = AWAY
    delivering = lane(network)
    simulate(delivering, monday, 10 * MINUTE, 10 * SECOND)
    assert states() == [State.QUEUED, State.SENT, State.SENT]
    assert rows()[0].tries > 0
    assert not delivering.breaker.is_open


@pytest.mark.parametrize(
    "failure",
    [
        TemporaryFailure(Problem.OUR_LOGIN, 535, of_channel=True),
        TemporaryFailure(Problem.TRY_LATER, 421, of_channel=True),
        TemporaryFailure(Problem.INSECURE, of_channel=True),
    ],
)
def test_our_own_fault_waits_and_alarms_once(
    inside: Flask, monday: TimeMachineFixture, failure: DeliveryFailure
) -> None:
    receipt = factories.send_in(email=MARIA)
    network = Network()
    network.failure = failure
    delivering = lane(network)
    with capture_logs() as lines:
        simulate(delivering, monday, 4 * HOUR, MINUTE)
    (row,) = rows()
    assert (row.state, row.tries, factories.open_tasks(receipt)) == (State.QUEUED, 0, [])
    alarms = [line for line in lines if line["event"] == "delivery.blocked"]
    assert [(line["log_level"], line["problem"]) for line in alarms] == [("error", failure.problem.value)]


def test_a_pause_that_the_gateway_asks_for_holds_the_whole_lane(
    inside: Flask, monday: TimeMachineFixture
) -> None:
    for to in (MARIA, YUSUF):
        factories.send_in(email=to)
    network = Network()
    network.failure = TemporaryFailure(Problem.TRY_LATER, 429, of_channel=True, hold=600)
    delivering = lane(network)
    delivering.turn()
    network.failure = None
    monday.move_to(MONDAY + 599 * SECOND, tick=False)
    assert delivering.turn() == 0
    assert network.attempts == 1
    monday.move_to(MONDAY + 600 * SECOND, tick=False)
    simulate(delivering, monday, MINUTE, SECOND)
    assert states() == [State.SENT, State.SENT]


@pytest.mark.parametrize("wrong", [-2 * HOUR, 2 * HOUR])
def test_a_worker_whose_clock_is_wrong_sends_on_time(
    inside: Flask, monkeypatch: pytest.MonkeyPatch, wrong: dt.timedelta
) -> None:
    if db.engine().dialect.name == "sqlite":
        pytest.skip("the database has the clock of this machine")
    monkeypatch.setattr(database_clock, "measured_offset", conftest.MEASURED_OFFSET)
    monkeypatch.setattr(database_clock, "_offset", dt.timedelta(0))
    for to in (MARIA, YUSUF):
        factories.send_in(email=to)
    with db.transaction() as writer:
        future = sa.update(OutboxMessage).where(OutboxMessage.id == rows()[1].id)
        writer.execute(future.values(next_try_at=clock.now() + HOUR))
    network = Network()
    with clock.at(clock.now() + wrong):
        lane(network).turn()
    (sent_at,) = [row.sent_at for row in rows() if row.state is State.SENT]
    assert [letter.recipient for letter in network.accepted] == [MARIA]
    assert sent_at is not None
    assert abs(sent_at - clock.now()) < MINUTE


@pytest.mark.parametrize("trouble", [HANG, DRIP])
def test_a_mail_server_that_keeps_the_worker_waiting_delays_no_sms_and_no_stop(
    inside: Flask, server: MailServer, monkeypatch: pytest.MonkeyPatch, trouble: str
) -> None:
    monkeypatch.setattr(worker, "GRACE_SECONDS", 0.2)
    server.answers["RCPT"] = trouble
    with working_gateway(monkeypatch) as gateway:
        factories.send_in(email=MARIA)
        with running_worker(inside) as stop:
            assert server.reached["RCPT"].wait(10)
            factories.send_in(reply_by=ReplyBy.SMS, phone=PHONE)
            began = monotonic()
            # The mail server would keep the worker waiting for longer.
            while not gateway.accepted and monotonic() - began < 5:
                Event().wait(0.01)
            assert gateway.accepted
            began = monotonic()
            stop.set()
    assert monotonic() - began < 3
    assert states() == [State.QUEUED, State.SENT]


@contextmanager
def running_worker(app: Flask) -> Iterator[Event]:
    """The worker in a thread; it has ended at the end of the block."""
    stop = Event()

    def run() -> None:
        with app.app_context():
            worker.run(stop, pause=0.05)

    thread = Thread(target=run)
    thread.start()
    try:
        yield stop
    finally:
        stop.set()
        thread.join(10)
    assert not thread.is_alive()


def test_the_worker_delivers_by_both_ways_until_it_is_stopped(
    inside: Flask, server: MailServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    with working_gateway(monkeypatch) as gateway, running_worker(inside):
        factories.send_in(email=MARIA)
        factories.send_in(reply_by=ReplyBy.SMS, phone=PHONE)
        began = monotonic()
        while not (gateway.accepted and server.raw) and monotonic() - began < 10:
            Event().wait(0.01)
    assert states() == [State.SENT, State.SENT]
    assert server.goodbyes == 1


def test_a_message_that_is_queued_wakes_a_worker_that_listens(
    inside: Flask, server: MailServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    if db.engine().dialect.name == "sqlite":
        pytest.skip("only PostgreSQL has LISTEN")
    url = db.engine().url.render_as_string(hide_password=False)
    config.use(config.settings().model_copy(update={"listen_url": url}))
    monkeypatch.setattr("portal.notifications.delivery.wakeup.LISTENING_PAUSE", 60.0)
    with listening_worker(inside):
        factories.send_in(email=MARIA)
        began = monotonic()
        while not server.raw and monotonic() - began < 10:
            Event().wait(0.01)
        # It would look again after a minute.
        assert server.raw


@contextmanager
def listening_worker(app: Flask) -> Iterator[None]:
    """A worker that would look again after a minute only, once it listens."""
    with running_worker(app):
        began = monotonic()
        query = sa.text(
            "SELECT count(*) FROM pg_stat_activity"
            " WHERE query = 'LISTEN outbox' AND datname = current_database()"
        )
        while monotonic() - began < 10:
            with db.engine().connect() as connection:
                if connection.execute(query).scalar():
                    break
            Event().wait(0.02)
        # Time for the turn that follows the first wake-up.
        Event().wait(0.3)
        yield


def test_a_listener_whose_database_is_away_lets_the_lanes_look_by_themselves(
    inside: Flask, server: MailServer
) -> None:
    with socket.socket() as deaf:
        deaf.bind(("127.0.0.1", 0))
        url = f"postgresql://127.0.0.1:{deaf.getsockname()[1]}/none"
        config.use(config.settings().model_copy(update={"listen_url": url}))
        with running_worker(inside):
            factories.send_in(email=MARIA)
            began = monotonic()
            while not server.raw and monotonic() - began < 10:
                Event().wait(0.01)
    assert len(server.raw) == 1


def test_the_letters_about_a_case_are_one_thread_that_its_number_does_not_tell(
    server: MailServer, monday: TimeMachineFixture
) -> None:
    receipt = factories.send_in(email=MARIA)
    factories.send_in(email=MARIA)
    conversation(receipt)
    while delivery.deliver_due():
        pass
    by_case = [row.case_id for row in rows()]
    threads = [str(message["References"]) for message in server.received]
    assert len(threads) == 4
    assert len(set(threads)) == len(set(by_case)) == 2
    assert threads.count(dispatch.thread_id(receipt.case, config.settings())) == 3
    assert factories.number(receipt) not in "".join(threads)


def test_a_letter_can_be_declined_and_its_bounce_names_it(
    server: MailServer, monday: TimeMachineFixture
) -> None:
    config.use(config.settings().model_copy(update={"mail_return_path": "studs@kommun.exempel"}))
    factories.send_in(email=MARIA)
    delivery.deliver_due()
    (message,) = server.received
    (row,) = rows()
    assert f"/avanmal/{row.id}-" in message["List-Unsubscribe"]
    assert server.senders[0].startswith(f"studs+{row.id}-")
    assert server.senders[0].endswith("@kommun.exempel")


def test_a_letter_bound_to_its_address_cannot_be_declined(server: MailServer) -> None:
    factories.send_in(email=MARIA)
    with db.transaction() as writer:
        writer.execute(sa.update(OutboxMessage).values(name="new_code"))
    delivery.deliver_due()
    assert "List-Unsubscribe" not in server.received[0]


def test_an_emptied_row_is_read_as_empty(inside: Flask) -> None:
    factories.send_in(email=MARIA)
    with db.transaction() as writer:
        writer.execute(sa.update(OutboxMessage).values(text=None))
    (claim,) = claims.claim(Medium.EMAIL, 1)
    letter = dispatch.opened(claim)
    assert (letter.recipient, letter.text) == (MARIA, "")
    assert crypto.decrypt(claim.subject or b"") == letter.subject
