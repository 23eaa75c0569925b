"""The server as it runs in operation: gunicorn with two sync workers, and what they cost."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from tests.bench.serving import load

WORKERS = 2
TICKS = os.sysconf("SC_CLK_TCK")
OPTIONS = f"--config python:portal.operations.gunicorn --worker-class sync --workers {WORKERS} --threads 1"


@dataclass(frozen=True)
class Server:
    """A running server: its port, its process, and the seconds until it answered."""

    port: int
    pid: int
    start_up: float

    def workers(self) -> list[int]:
        """The processes that answer."""
        return [int(pid) for pid in Path(f"/proc/{self.pid}/task/{self.pid}/children").read_text().split()]

    def cpu(self) -> float:
        """Seconds of CPU that the workers have used."""
        return sum(map(_cpu_of, self.workers()))

    def memory(self) -> float:
        """Megabytes of the largest worker: its own share where pages are shared (PSS)."""
        return max(map(_memory_of, self.workers()))


def environment(database: str, **more: str) -> dict[str, str]:
    """The environment of a portal on a database, without limits and untouched by that of this process."""
    mine = {name: value for name, value in os.environ.items() if not name.startswith("PORTAL_")}
    return mine | {
        "PORTAL_ENV": "development",
        "PORTAL_LIMITS": "off",
        "PORTAL_LOG_LEVEL": "ERROR",
        "PORTAL_DATABASE_URL": database,
        **more,
    }


@contextmanager
def running(database: str, application: str) -> Iterator[Server]:
    """The application on a free port of loopback; all its processes end with the block."""
    port = _free_port()
    command = f"-m gunicorn {OPTIONS} --bind 127.0.0.1:{port} {application}"
    began = time.perf_counter()
    process = subprocess.Popen(
        [sys.executable, *command.split()], env=environment(database), start_new_session=True
    )
    try:
        _wait(port, process)
        yield Server(port, process.pid, time.perf_counter() - began)
    finally:
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGTERM)
        with suppress(subprocess.TimeoutExpired):
            process.wait(20)
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)


def _wait(port: int, process: "subprocess.Popen[bytes]") -> None:
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        if process.poll() is not None:
            raise RuntimeError("gunicorn did not start")
        with suppress(OSError):
            load.check(load.exchange(port, load.get("/healthz")), 200)
            return
        time.sleep(0.02)
    raise RuntimeError("gunicorn does not answer")


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _cpu_of(pid: int) -> float:
    # The name of the process may hold spaces: it ends with a bracket.
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / TICKS


def _memory_of(pid: int) -> float:
    for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
        if line.startswith("Pss:"):
            return int(line.split()[1]) / 1024
    raise RuntimeError("the system does not say what a process uses")
