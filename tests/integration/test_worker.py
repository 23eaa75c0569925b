"""The main thread of the worker: a part that fails stops no other. And no lane ends by a fault."""

from collections.abc import Callable
from threading import Event

import pytest
from flask import Flask
from structlog.testing import capture_logs

from portal.cases.intake import code_access
from portal.cases.search import index as search_index
from portal.database.errors import DatabaseUnavailable, Outage
from portal.notifications.delivery import worker
from portal.notifications.delivery.lanes import Lane
from portal.notifications.rules import Medium

FAULTS = [(KeyError("odd"), "worker.failed"), (DatabaseUnavailable(Outage.LOCKED), "worker.waiting")]


def raising(fault: Exception) -> Callable[[], int]:
    def fail() -> int:
        raise fault

    return fail


@pytest.mark.parametrize(("fault", "event"), FAULTS)
@pytest.mark.parametrize(
    ("module", "name"), [(code_access, "answer_requests"), (search_index, "index_pending")]
)
def test_a_part_that_fails_each_time_stops_no_other(
    inside: Flask, monkeypatch: pytest.MonkeyPatch, module: object, name: str, fault: Exception, event: str
) -> None:
    stop = Event()
    ran: list[str] = []

    def index() -> int:
        ran.append("index")
        return 0

    def task() -> int:
        ran.append("task")
        stop.set()
        return 0

    monkeypatch.setattr(search_index, "index_pending", index)
    monkeypatch.setattr(module, name, raising(fault))
    with capture_logs() as lines:
        tend(stop, task)
    assert ran == (["task"] if name == "index_pending" else ["index", "task"])
    assert [line["event"] for line in lines] == [event]


def tend(stop: Event, task: worker.Task) -> None:
    """The main thread of the worker; ended after three turns if nothing ends it before."""
    turns: list[None] = []

    class Bounded(Event):
        def wait(self, timeout: float | None = None) -> bool:
            turns.append(None)
            assert len(turns) < 3, "the task was never run"
            return super().wait(0)

        def is_set(self) -> bool:
            return stop.is_set()

    worker.tend(Bounded(), 0, task)


def test_a_task_that_fails_stops_neither_requests_nor_index(
    inside: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    stop = Event()
    turns: list[None] = []

    def index() -> int:
        turns.append(None)
        if len(turns) == 2:
            stop.set()
        return 0

    monkeypatch.setattr(search_index, "index_pending", index)
    with capture_logs() as lines:
        tend(stop, raising(KeyError("odd")))
    assert len(turns) == 2
    assert [line["event"] for line in lines] == ["worker.failed"] * 2


def test_a_lane_that_ends_by_a_fault_is_logged_and_goes_on(
    inside: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(worker, "RESTART_SECONDS", 0)
    stop = Event()
    pauses: list[None] = []

    def pause() -> float:
        pauses.append(None)
        if len(pauses) == 1:
            raise KeyError("odd")
        stop.set()
        return 0

    with capture_logs() as lines:
        worker.run_lane(inside, Lane(Medium.EMAIL), stop, Event(), pause)
    assert len(pauses) == 2
    assert [line["event"] for line in lines] == ["worker.failed"]
