"""The worker's jobs: run when they are due, by one worker, whatever else fails."""

import datetime as dt
from threading import Event
from time import monotonic

import pytest
import sqlalchemy as sa
from flask import Flask
from structlog.testing import capture_logs
from time_machine import TimeMachineFixture

from portal import db
from portal.database.errors import DatabaseUnavailable, Outage
from portal.jobs import scheduler
from portal.jobs.models import Job, Result
from portal.jobs.rules import Daily, Every
from portal.jobs.scheduler import LEASE, JobSpec
from portal.notifications import delivery
from portal.operations import jobs
from tests import factories

MONDAY = dt.datetime(2026, 3, 2, 8, 0, tzinfo=dt.UTC)
SECOND, MINUTE, DAY = dt.timedelta(seconds=1), dt.timedelta(minutes=1), dt.timedelta(days=1)


@pytest.fixture(autouse=True)
def monday(time_machine: TimeMachineFixture) -> TimeMachineFixture:
    time_machine.move_to(MONDAY, tick=False)
    return time_machine


def row(name: str) -> Job:
    db.close_read_session()
    return db.session().get_one(Job, name)


def fails() -> int:
    raise ValueError("a text that may be a person's")


def test_a_job_runs_when_it_is_due_and_its_run_is_kept(inside: Flask, monday: TimeMachineFixture) -> None:
    specs = [JobSpec("every", Every(60), lambda: 3), JobSpec("daily", Daily(10), lambda: 4)]
    assert scheduler.run_due(specs) == 3
    job = row("every")
    assert (job.result, job.count, job.started_at, job.finished_at) == (Result.DONE, 3, MONDAY, MONDAY)
    assert (job.next_due_at, job.lease_until) == (MONDAY + MINUTE, None)
    assert (row("daily").next_due_at, row("daily").started_at) == (MONDAY + 60 * MINUTE, None)
    monday.move_to(MONDAY + MINUTE - SECOND, tick=False)
    assert scheduler.run_due(specs) == 0
    monday.move_to(MONDAY + 60 * MINUTE, tick=False)
    assert scheduler.run_due(specs) == 7


def test_missed_nights_are_caught_up_by_one_run(inside: Flask, monday: TimeMachineFixture) -> None:
    specs = [JobSpec("daily", Daily(3), lambda: 1)]
    assert scheduler.run_due(specs) == 0
    monday.move_to(MONDAY + 5 * DAY, tick=False)
    assert [scheduler.run_due(specs) for _look in range(3)] == [1, 0, 0]


def test_a_job_that_fails_stops_no_other_and_is_logged_once(
    inside: Flask, monday: TimeMachineFixture
) -> None:
    specs = [JobSpec("broken", Every(60), fails), JobSpec("whole", Every(60), lambda: 1)]
    with capture_logs() as lines:
        for minute in range(3):
            monday.move_to(MONDAY + minute * MINUTE, tick=False)
            assert scheduler.run_due(specs) == 1
    failed = [line for line in lines if line["event"] == "job.failed"]
    assert [(line["job"], line["reason"]) for line in failed] == [("broken", "ValueError")]
    assert [line["job"] for line in lines if line["event"] == "job.finished"] == ["whole"] * 3
    assert (row("broken").result, row("broken").problem) == (Result.FAILED, "ValueError")
    assert scheduler.problems(specs) == ["broken failed (ValueError)"]


def test_a_job_that_failed_and_succeeds_is_in_order(inside: Flask, monday: TimeMachineFixture) -> None:
    scheduler.run_due([JobSpec("job", Daily(3), lambda: 1)])
    monday.move_to(MONDAY + DAY, tick=False)
    scheduler.run_due([JobSpec("job", Daily(3), fails)])
    monday.move_to(MONDAY + DAY + 10 * MINUTE, tick=False)
    whole = [JobSpec("job", Daily(3), lambda: 1)]
    assert scheduler.run_due(whole) == 1
    db.close_read_session()
    assert scheduler.problems(whole) == []


def test_an_overdue_job_is_named_but_not_one_that_no_worker_has_seen(
    inside: Flask, monday: TimeMachineFixture
) -> None:
    specs = [JobSpec("job", Every(60), lambda: 0)]
    assert scheduler.problems(specs) == []
    scheduler.run_due(specs)
    monday.move_to(MONDAY + 16 * MINUTE, tick=False)
    assert scheduler.problems(specs) == []
    monday.move_to(MONDAY + 16 * MINUTE + SECOND, tick=False)
    assert scheduler.problems(specs) == ["job is overdue"]


def test_many_workers_run_a_job_once(inside: Flask) -> None:
    runs: list[int] = []

    def work() -> int:
        runs.append(1)
        return 1

    specs = [JobSpec(f"job_{number}", Daily(8), work) for number in range(5)]
    scheduler.run_due(specs)
    with db.transaction() as writer:
        writer.execute(sa.update(Job).values(next_due_at=MONDAY))
    done = factories.at_once(inside, 4, lambda _worker: scheduler.run_due(specs))
    assert (len(runs), sum(done)) == (5, 5)


class Killed(BaseException):
    """The worker's process was ended while a job ran."""


def test_what_a_killed_worker_had_begun_is_run_again_after_its_lease(
    inside: Flask, monday: TimeMachineFixture
) -> None:
    def dies() -> int:
        raise Killed

    with pytest.raises(Killed):
        scheduler.run_due([JobSpec("job", Every(60), dies)])
    whole = [JobSpec("job", Every(60), lambda: 1)]
    monday.move_to(MONDAY + LEASE - SECOND, tick=False)
    assert scheduler.run_due(whole) == 0
    monday.move_to(MONDAY + LEASE, tick=False)
    assert scheduler.run_due(whole) == 1


def test_a_run_that_outlived_its_lease_changes_nothing_of_the_one_that_followed(
    inside: Flask, monday: TimeMachineFixture
) -> None:
    def slow() -> int:
        monday.move_to(MONDAY + LEASE, tick=False)
        assert scheduler.run_due([JobSpec("job", Every(60), lambda: 5)]) == 5
        return 1

    scheduler.run_due([JobSpec("job", Every(60), slow)])
    assert (row("job").count, row("job").started_at) == (5, MONDAY + LEASE)


def test_without_its_database_the_worker_waits(inside: Flask) -> None:
    def away() -> int:
        raise DatabaseUnavailable(next(iter(Outage)))

    with pytest.raises(DatabaseUnavailable):
        scheduler.run_due([JobSpec("job", Every(60), away)])
    assert row("job").result is None


def test_every_job_of_the_portal_runs_and_is_named_once(inside: Flask, travel_to_morning: None) -> None:
    factories.send_in()
    jobs.run_due()
    names = [spec.name for spec in jobs.JOBS]
    assert len(set(names)) == len(names)
    assert {job.name for job in db.session().scalars(sa.select(Job))} == set(names)
    assert jobs.problems() == []


@pytest.fixture
def travel_to_morning(inside: Flask, monday: TimeMachineFixture) -> None:
    """The day after the jobs were first seen, when each of them is due."""
    jobs.run_due()
    monday.move_to(MONDAY + DAY, tick=False)


def test_the_worker_runs_the_jobs_beside_its_messages(inside: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    stop = Event()
    ran: list[str] = []

    def task() -> int:
        stop.set()
        ran.append("job")
        return scheduler.run_due([JobSpec("job", Every(60), lambda: 1)])

    delivery.run(stop, pause=0, task=task)
    assert (ran, row("job").count) == (["job"], 1)


def test_worker_once_runs_what_is_due(inside: Flask) -> None:
    result = inside.test_cli_runner().invoke(args=["worker", "--once"])
    assert result.exit_code == 0, result.output
    assert row("owners").result is Result.DONE


def test_a_job_that_waits_for_a_server_holds_up_no_other_and_no_stop(inside: Flask) -> None:
    stop, waits, released = Event(), Event(), Event()

    def slow() -> int:
        waits.set()
        released.wait(60)
        return 0

    def task() -> int:
        assert waits.wait(10), "the slow job has not begun"
        stop.set()
        return 0

    began = monotonic()
    delivery.run(stop, pause=0, task=task, slow_task=slow)
    assert not released.is_set()
    assert monotonic() - began < 10
    released.set()


def test_a_worker_can_leave_out_a_job(inside: Flask, monday: TimeMachineFixture) -> None:
    def work(*options: str) -> None:
        result = inside.test_cli_runner().invoke(args=["worker", "--once", *options])
        assert result.exit_code == 0, result.output

    work()
    monday.move_to(MONDAY + DAY, tick=False)
    work("--without", "statistics")
    assert row("statistics").started_at is None
    assert row("absences").started_at == MONDAY + DAY
    work()
    assert row("statistics").started_at == MONDAY + DAY


def test_a_job_that_does_not_exist_cannot_be_left_out(inside: Flask) -> None:
    result = inside.test_cli_runner().invoke(args=["worker", "--once", "--without", "figures"])
    assert result.exit_code == 2
    assert "statistics" in result.output
