"""The worker: a thread for each lane, and the main thread for what else there is to do."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from threading import Event, Thread
from time import monotonic

import structlog
from flask import Flask, current_app

from portal import db
from portal.cases.intake import code_access
from portal.cases.search import index as search_index
from portal.config import settings
from portal.notifications.delivery.lanes import Lane, safely
from portal.notifications.delivery.wakeup import Listener
from portal.notifications.rules import Medium

Task = Callable[[], int]
log: structlog.stdlib.BoundLogger = structlog.get_logger()
# How long a lane may go on with the message that it is sending, and how long it gets when that is cut off.
# Together with the main thread's work below the ten seconds after which a service manager kills.
GRACE_SECONDS = 4.0
CUT_OFF_SECONDS = 3.0
RESTART_SECONDS = 1.0


def new_lanes() -> list[Lane]:
    """A lane for each medium."""
    return [Lane(medium) for medium in Medium]


def run(stop: Event, pause: float = 1.0, task: Task = lambda: 0, slow_task: Task = lambda: 0) -> None:
    """Deliver messages and index changed cases until the event is set; `pause` in seconds.

    `task` is what else there is to do, and returns how much it did. `slow_task` waits for other servers: it
    has a thread of its own, which the end of the worker does not wait for.
    """
    app: Flask = current_app._get_current_object()  # type: ignore[attr-defined]
    Thread(target=_run_slow, args=(app, stop, pause, slow_task), name="slow", daemon=True).start()
    with _running(new_lanes(), stop, pause):
        tend(stop, pause, task)


def _run_slow(app: Flask, stop: Event, pause: float, task: Task) -> None:
    with app.app_context():
        _repeat(stop, pause, task)


def tend(stop: Event, pause: float, task: Task) -> None:
    """Do what the main thread does, until the event is set."""
    _repeat(stop, pause, _answer_requests, search_index.index_pending, task)


@contextmanager
def _running(lanes: Sequence[Lane], stop: Event, pause: float) -> Iterator[None]:
    """Run each lane in a thread; at the end they stop, whatever a server does."""
    app: Flask = current_app._get_current_object()  # type: ignore[attr-defined]
    wakes = [Event() for _lane in lanes]
    with ExitStack() as stack:
        listener = stack.enter_context(Listener(settings().listen_url, wakes))
        threads = []
        for lane, wake in zip(lanes, wakes, strict=True):
            arguments = (app, lane, stop, wake, lambda: listener.pause(pause))
            # A daemon: what cannot be interrupted, such as a look-up of a name, does not keep the process.
            threads.append(Thread(target=run_lane, args=arguments, name=lane.medium.value, daemon=True))
        for thread in threads:
            thread.start()
        try:
            yield
        finally:
            stop.set()
            for wake in wakes:
                wake.set()
            _end(lanes, threads)


def run_lane(app: Flask, lane: Lane, stop: Event, wake: Event, pause: Callable[[], float]) -> None:
    """Run a lane until the event is set, whatever it raises: without it no message of its medium is sent."""
    with app.app_context():
        while not stop.is_set():
            try:
                lane.run(stop, wake, pause)
            except Exception:
                log.exception("worker.failed")
                stop.wait(RESTART_SECONDS)


def _end(lanes: Sequence[Lane], threads: Sequence[Thread]) -> None:
    _join(threads, GRACE_SECONDS)
    for lane, thread in zip(lanes, threads, strict=True):
        if thread.is_alive():
            lane.interrupt()
    # What is still under way then is left to its lease.
    _join(threads, CUT_OFF_SECONDS)


def _join(threads: Sequence[Thread], seconds: float) -> None:
    until = monotonic() + seconds
    for thread in threads:
        thread.join(max(until - monotonic(), 0))


def _repeat(stop: Event, pause: float, *tasks: Task) -> None:
    while not stop.is_set():
        # All of them, each time: one that fails stops no other.
        if not sum([safely(task) for task in tasks]):
            stop.wait(pause)


def _answer_requests() -> int:
    # A sender waits for the link to a new code, so each second and not as a job.
    with db.transaction():
        code_access.answer_requests()
    return 0


def deliver_due(lanes: Sequence[Lane] | None = None) -> int:
    """Do what is due now, each lane in turn and at most a batch of it; returns the number of attempts."""
    _answer_requests()
    with ExitStack() as stack:
        if lanes is None:
            lanes = new_lanes()
            for lane in lanes:
                stack.callback(lane.channel.close)
        return sum(lane.turn() for lane in lanes)


def deliver_all(task: Task) -> None:
    """Do all that is due now, by the same lanes throughout; `task` as of run()."""
    lanes = new_lanes()
    try:
        while deliver_due(lanes) + search_index.index_pending() + task():
            pass
    finally:
        for lane in lanes:
            lane.channel.close()
