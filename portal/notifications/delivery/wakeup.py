"""Wake the lanes when a message is queued, by PostgreSQL's LISTEN; without that they look each second."""

from collections.abc import Sequence
from threading import Event, Thread
from typing import Self

import psycopg
import structlog

from portal.notifications.queued import CHANNEL

log: structlog.stdlib.BoundLogger = structlog.get_logger()
# How often the lanes look for what is due while they are woken: attempts have their times.
LISTENING_PAUSE = 5.0
RECONNECT_SECONDS = 5.0
# How long a wait for a notification lasts before it is looked whether the worker stops.
WAIT_SECONDS = 1.0


class Listener:
    """A thread with a connection of its own, which sets events; to be used in a `with` block.

    The connection is a direct one: a pooler in transaction mode does not pass notifications on.
    """

    def __init__(self, url: str, wakes: Sequence[Event]) -> None:
        self.url = url.replace("postgresql+psycopg://", "postgresql://", 1)
        self.is_listening = Event()
        self._wakes = wakes
        self._stop = Event()
        self._thread = Thread(target=self._run, name="listener", daemon=True)

    def __enter__(self) -> Self:
        if self.url:
            self._thread.start()
        return self

    def __exit__(self, *_error: object) -> None:
        self._stop.set()
        if self.url:
            self._thread.join(2 * WAIT_SECONDS)

    def pause(self, usual: float) -> float:
        """Seconds until a lane looks again: as usual, or longer while it is woken."""
        return max(LISTENING_PAUSE, usual) if self.is_listening.is_set() else usual

    def _run(self) -> None:
        is_reported = False
        while not self._stop.is_set():
            try:
                self._listen()
            except (psycopg.Error, OSError):
                # Once for each time that it is lost, not for each attempt to have it back.
                if self.is_listening.is_set() or not is_reported:
                    log.warning("worker.not_listening")
                is_reported = True
                self.is_listening.clear()
            self._stop.wait(RECONNECT_SECONDS)

    def _listen(self) -> None:
        with psycopg.connect(self.url, autocommit=True, connect_timeout=5) as own:
            own.execute(f"LISTEN {CHANNEL}")
            self.is_listening.set()
            # What was queued before it listened.
            self._wake()
            while not self._stop.is_set():
                for _notification in own.notifies(timeout=WAIT_SECONDS, stop_after=1):
                    self._wake()

    def _wake(self) -> None:
        for wake in self._wakes:
            wake.set()
