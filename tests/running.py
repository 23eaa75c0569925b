"""Real servers on loopback for the tests that need them."""

import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
import requests

ROOT = Path(__file__).parent.parent
PATIENCE = 60


@dataclass(frozen=True)
class Running:
    """A portal with its provider and worker, as make run starts them."""

    address: str
    folder: Path
    log: Path

    def said(self) -> str:
        """All that its processes have written."""
        return self.log.read_text()


def free_port() -> int:
    """A port on loopback that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def environment(folder: Path, port: int, op_port: int, more: Mapping[str, str]) -> dict[str, str]:
    """The environment of a portal of its own, untouched by the one that the tests run in."""
    mine = {name: value for name, value in os.environ.items() if not name.startswith(("PORTAL_", "COV_"))}
    return mine | {
        "PORTAL_ENV": "development",
        "PORTAL_DATABASE_URL": f"sqlite:///{folder}/kontakt.db",
        "PORTAL_STORAGE": f"{folder}/files",
        "PORTAL_BASE_URL": f"http://localhost:{port}",
        "PORTAL_OIDC_STAFF_ISSUER": f"http://127.0.0.1:{op_port}",
        "PORTAL_OIDC_CITIZEN_ISSUER": f"http://127.0.0.1:{op_port}",
        "PORT": str(port),
        "OP_PORT": str(op_port),
        **more,
    }


@contextmanager
def portal(folder: Path, **more: str) -> Iterator[Running]:
    """Everything that make run starts, on free ports, ended by SIGINT to its group."""
    port, op_port = free_port(), free_port()
    running = Running(f"http://localhost:{port}", folder, folder / "log")
    command = [sys.executable, "-m", "flask", "--app", "wsgi", "develop"]
    answer = [f"{running.address}/readyz", f"http://127.0.0.1:{op_port}/jwks"]
    with process(command, running.log, answer, environment(folder, port, op_port, more)) as started:
        try:
            yield running
        finally:
            os.killpg(started.pid, signal.SIGINT)
            started.wait(PATIENCE)


@contextmanager
def web(folder: Path, port: int, **more: str) -> Iterator[Running]:
    """The pages alone, on the database that is in the folder; its providers are somebody else's business."""
    running = Running(f"http://localhost:{port}", folder, folder / "log")
    server = [
        "gunicorn",
        "--config",
        "python:portal.operations.gunicorn",
        "--bind",
        f"127.0.0.1:{port}",
        "wsgi:app",
    ]
    command, answer = [sys.executable, "-m", *server], [f"{running.address}/readyz"]
    with process(command, running.log, answer, environment(folder, port, 0, more)):
        yield running


@contextmanager
def process(
    command: Sequence[str], log: Path, addresses: Sequence[str], env: Mapping[str, str] | None = None
) -> Iterator[subprocess.Popen[bytes]]:
    """A process with a group of its own, from when all its addresses answer until it is told to end.

    It is told alone: a server passes it on, and its child may hang when it is told twice.
    """
    with log.open("wb") as out:
        started = subprocess.Popen(
            command, cwd=ROOT, env=env, stdout=out, stderr=subprocess.STDOUT, start_new_session=True
        )
    try:
        _wait(started, addresses, log)
        yield started
    finally:
        started.terminate()
        started.wait(PATIENCE)


def _wait(process: subprocess.Popen[bytes], addresses: Sequence[str], log: Path) -> None:
    """Until every address answers: a new connection is tried until the server is there."""
    retry = requests.adapters.HTTPAdapter(
        max_retries=requests.adapters.Retry(total=None, connect=80, backoff_factor=0.1, backoff_max=0.5)
    )
    with requests.Session() as client:
        client.mount("http://", retry)
        for address in addresses:
            try:
                answer = client.get(address, timeout=PATIENCE)
            except requests.ConnectionError as error:
                raise AssertionError(f"{address} does not answer\n{log.read_text()}") from error
            assert answer.ok, f"{address}: {answer.status_code}\n{log.read_text()}"
    assert process.poll() is None, log.read_text()


@pytest.fixture(scope="session")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """One portal for all the tests of a worker that only need it to be there."""
    with portal(tmp_path_factory.mktemp("portal"), PORTAL_LIMITS="off") as one:
        yield one


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """What tests have measured (record_property "figures"), in words, also when many workers ran them."""
    ended = [report for outcome in ("passed", "failed") for report in terminalreporter.stats.get(outcome, [])]
    told = [text for report in ended for name, text in report.user_properties if name == "figures"]
    if told:
        terminalreporter.section("figures")
    for text in told:
        terminalreporter.write_line(str(text))
