"""Real servers on loopback for the tests that need them."""

import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator, Mapping
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
    log = folder / "log"
    with log.open("wb") as out:
        process = subprocess.Popen(
            [sys.executable, "-m", "flask", "--app", "wsgi", "develop"],
            cwd=ROOT,
            env=environment(folder, port, op_port, more),
            stdout=out,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    running = Running(f"http://localhost:{port}", folder, log)
    try:
        _wait(process, [f"{running.address}/readyz", f"http://127.0.0.1:{op_port}/jwks"], log)
        yield running
    finally:
        os.killpg(process.pid, signal.SIGINT)
        process.wait(PATIENCE)


def _wait(process: subprocess.Popen[bytes], addresses: list[str], log: Path) -> None:
    """Until every address answers: a new connection is tried until the server is there."""
    retry = requests.adapters.HTTPAdapter(
        max_retries=requests.adapters.Retry(total=None, connect=80, backoff_factor=0.1, backoff_max=0.5)
    )
    with requests.Session() as client:
        client.mount("http://", retry)
        for address in addresses:
            answer = client.get(address, timeout=PATIENCE)
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
