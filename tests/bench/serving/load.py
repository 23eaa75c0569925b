"""A light client: eight connections, each with one request at a time, and how long each answer took."""

import socket
import threading
import time
from collections.abc import Callable, Generator
from dataclasses import dataclass, field
from statistics import quantiles

CONNECTIONS = 8
# Seconds after which a page is as good as refused.
PATIENCE = 30
# Yields requests, is sent the answers, and checks them. Raises Refused.
Unit = Generator[bytes, bytes, None]


class Refused(Exception):
    """An answer that is not the page that was asked for: its speed would mean nothing."""


class Exhausted(Exception):
    """There is nothing left to do it with, such as a case that is not taken yet: the run ends early."""


@dataclass
class Result:
    """What a run measured. A unit is what a person does: one request, or a form and its post."""

    seconds: float = 0.0
    times: list[float] = field(default_factory=list)
    requests: int = 0
    received: int = 0

    @property
    def rate(self) -> float:
        """Units a second."""
        return len(self.times) / self.seconds

    def percentile(self, percent: int) -> float:
        """Milliseconds that so many percent of the units took at most."""
        if len(self.times) < 2:
            return 1000 * sum(self.times)
        return 1000 * quantiles(self.times, n=100, method="inclusive")[percent - 1]


def get(path: str, cookie: str = "") -> bytes:
    """A GET as a proxy sends it."""
    return _request("GET", path, cookie)


def post(path: str, body: str, cookie: str = "") -> bytes:
    """A POST of a form."""
    kind = "Content-Type: application/x-www-form-urlencoded\r\n"
    return _request("POST", path, cookie, f"{kind}Content-Length: {len(body)}\r\n") + body.encode()


def _request(method: str, path: str, cookie: str, more: str = "") -> bytes:
    sent = f"Cookie: {cookie}\r\n" if cookie else ""
    return f"{method} {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n{sent}{more}\r\n".encode()


def check(answer: bytes, status: int, wanted: bytes = b"") -> None:
    """Raises Refused unless the answer has this status and this text."""
    if answer[9:12] != b"%d" % status or wanted not in answer:
        raise Refused(answer[:2_000].decode(errors="replace"))


def exchange(port: int, request: bytes) -> bytes:
    """Send a request over a connection of its own; returns the whole answer."""
    try:
        with socket.create_connection(("127.0.0.1", port), PATIENCE) as connection:
            connection.sendall(request)
            return b"".join(iter(lambda: connection.recv(1 << 18), b""))
    except TimeoutError as error:
        raise Refused(f"no answer within {PATIENCE} s") from error


def run(port: int, unit: Callable[[int], Unit], seconds: float, connections: int = CONNECTIONS) -> Result:
    """Do units for so many seconds; `unit` is called with a number that no other unit has."""
    result, failures = Result(), list[Exception]()
    numbers, lock = iter(range(1 << 30)), threading.Lock()
    began = time.perf_counter()

    def work() -> None:
        try:
            while time.perf_counter() - began < seconds and not failures:
                with lock:
                    number = next(numbers)
                measured = _unit(port, unit(number))
                with lock:
                    result.times.append(measured[0])
                    result.requests += measured[1]
                    result.received += measured[2]
        except Exhausted:
            return
        except Exception as failure:
            failures.append(failure)

    threads = [threading.Thread(target=work, daemon=True) for _ in range(connections)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if failures:
        raise failures[0]
    result.seconds = time.perf_counter() - began
    return result


def _unit(port: int, steps: Unit) -> tuple[float, int, int]:
    """Seconds, requests and bytes of a unit."""
    began, requests, received = time.perf_counter(), 0, 0
    request = next(steps)
    while True:
        answer = exchange(port, request)
        requests, received = requests + 1, received + len(answer)
        try:
            request = steps.send(answer)
        except StopIteration:
            return time.perf_counter() - began, requests, received
