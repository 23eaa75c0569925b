"""Deadlines for a whole exchange with a server, whatever it does.

The timeout of a socket is for each read: a server that sends a byte now and then never exceeds it.
"""

import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from itertools import count
from time import monotonic


class Watchdog:
    """A thread that calls a function when its time is up, unless it was cancelled before that."""

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._ids = count()
        self._waiting: dict[int, tuple[float, Callable[[], None]]] = {}
        self._wakes_at: float | None = None
        self._thread: threading.Thread | None = None

    def add(self, seconds: float, function: Callable[[], None]) -> int:
        """Call the function in so many seconds; returns the number to cancel it by."""
        at = monotonic() + seconds
        with self._changed:
            number = next(self._ids)
            self._waiting[number] = (at, function)
            self._start()
            # Most deadlines are never reached: the thread is woken only for one that is before its next.
            if self._wakes_at is None or at < self._wakes_at:
                self._changed.notify()
        return number

    def cancel(self, number: int) -> None:
        """Do not call the function."""
        with self._changed:
            self._waiting.pop(number, None)

    def _start(self) -> None:
        if self._thread is None:
            self._thread = threading.Thread(target=self._run, name="watchdog", daemon=True)
            self._thread.start()

    def _run(self) -> None:
        while True:
            for function in self._next_due():
                function()

    def _next_due(self) -> list[Callable[[], None]]:
        with self._changed:
            self._wakes_at = min((at for at, _function in self._waiting.values()), default=None)
            self._changed.wait(None if self._wakes_at is None else max(self._wakes_at - monotonic(), 0))
            now = monotonic()
            due = [number for number, (at, _function) in self._waiting.items() if at <= now]
            return [self._waiting.pop(number)[1] for number in due]


_watchdog = Watchdog()


class SocketHandle:
    """The open socket of a connection, by which another thread can end what it waits for."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._socket: socket.socket | None = None
        self.was_shut_down = False

    def hold(self, opened: socket.socket) -> None:
        """Take a socket that was just opened."""
        # A duplicate: TLS takes the socket over, and its owner may close it at any moment.
        copy = opened.dup()
        with self._lock:
            self._close()
            self._socket = copy
            self.was_shut_down = False

    def let_go(self) -> None:
        """Let the socket go; without that the server would not see that its owner closed it."""
        with self._lock:
            self._close()

    def shut_down(self) -> None:
        """End the connection: a thread that waits for it gets an error at once."""
        with self._lock:
            if self._socket:
                self.was_shut_down = True
                with suppress(OSError):
                    self._socket.shutdown(socket.SHUT_RDWR)

    def _close(self) -> None:
        if self._socket:
            self._socket.close()
            self._socket = None

    @contextmanager
    def within(self, seconds: float) -> Iterator[None]:
        """End the connection when the block takes longer."""
        number = _watchdog.add(seconds, self.shut_down)
        try:
            yield
        finally:
            _watchdog.cancel(number)
