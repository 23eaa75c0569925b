"""flask develop (make run): the portal, Testlegitimering and the worker, started and stopped together."""

import ctypes
import os
import signal
import subprocess
import sys
from collections.abc import Sequence

import click

from portal import db
from portal.cli import demo
from portal.config import Settings, settings
from portal.operations import migrations

GRACE_SECONDS = 10
Process = subprocess.Popen[bytes]
Command = Sequence[str]
FLASK = [sys.executable, "-m", "flask", "--app", "wsgi"]
# Of what fills the database in the background: who opens a page comes first.
NICENESS = 10


@click.command()
@click.option("--year", is_flag=True, help="Add the demo's year of cases as well, while the portal runs.")
def develop(year: bool) -> None:
    """Migrate, create the demo's cases and run everything until Ctrl-C."""
    if not settings().development:
        raise click.ClickException("this is for development: set PORTAL_ENV=development")
    db.lift_time_limits()
    migrations.prepare()
    click.get_current_context().invoke(demo.demo)
    port = os.environ.get("PORT", "8000")
    op_port = os.environ.get("OP_PORT", "8001")
    click.echo(_welcome(settings()))
    worker = [*FLASK, "worker"]
    # Each month is counted once: when the year is there.
    first = ([*FLASK, "demo-year"], [*worker, "--without", "statistics"]) if year else None
    sys.exit(_run(_servers(settings(), port, op_port), worker, first))


def _servers(using: Settings, port: str, op_port: str) -> list[list[str]]:
    commands = [
        [
            sys.executable,
            "-m",
            "gunicorn",
            "--config",
            "python:portal.operations.gunicorn",
            "--bind",
            f"127.0.0.1:{port}",
            "wsgi:app",
        ],
    ]
    # With another provider in the settings there is no need of Testlegitimering.
    if using.oidc_staff_issuer == f"http://127.0.0.1:{op_port}":
        provider = [sys.executable, "-m", "portal.testlegitimering", "--port", op_port]
        commands.insert(0, [*provider, "--portal", using.base_url])
    return commands


def _welcome(using: Settings) -> str:
    staff = filter(_is_staff, demo.people())
    people = "\n".join(f"    {person['name']:<18} {person['role']}" for person in staff)
    return (
        f"\nKontakt             {using.base_url}\n"
        f"Handläggning        {using.base_url}/handlaggning/\n"
        f"Utkorgen            {using.base_url}/utkorg\n"
        f"Testlegitimering    {using.oidc_staff_issuer}\n\n"
        f"Sign in at Handläggning as, for example:\n{people}\n\nCtrl-C stops everything.\n"
    )


def _is_staff(person: dict[str, str]) -> bool:
    return person["role"] != "citizen"


def _run(servers: Sequence[Command], worker: Command, first: tuple[Command, Command] | None) -> int:
    """Run all until one ends or a signal arrives, then stop the others; returns the exit status.

    `first` is a command that ends, well or not, and the worker that runs until then.
    """
    running: list[Process] = []
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, _interrupt)
    try:
        # Appended one by one: if the second cannot start, the first is stopped all the same.
        for command in servers:
            running.append(_start(command))
        ended = _run_beside(running, *first) if first else None
        if ended is None:
            running.append(_start(worker))
            ended = _wait_for_any(running)
        click.echo(f"Ended by itself: {ended.args!r}", err=True)
        return 1
    except KeyboardInterrupt:
        return 0
    finally:
        _stop(running)


def _run_beside(running: list[Process], command: Command, worker: Command) -> Process | None:
    """Run a command that ends, and a worker until then; returns another process if that ends before it."""
    running.append(_start(worker))
    running.append(_start(command, NICENESS))
    ended = _wait_for_any(running)
    if ended is not running[-1]:
        return ended
    running.pop()
    running[-1].terminate()
    _end(running[-1])
    running.pop()
    return None


def _start(command: Command, niceness: int = 0) -> Process:
    def prepare() -> None:
        _end_with_parent()
        os.nice(niceness)

    # In a session of its own, out of reach of the terminal's Ctrl-C: a second signal beside ours can leave
    # a server's child hanging.
    return subprocess.Popen(command, start_new_session=True, preexec_fn=prepare)  # noqa: S603


def _end_with_parent() -> None:
    # PR_SET_PDEATHSIG, on Linux only: a parent that is killed cannot stop its children itself.
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(1, signal.SIGTERM)


def _interrupt(_number: int, _frame: object) -> None:
    raise KeyboardInterrupt


def _wait_for_any(running: Sequence[Process]) -> Process:
    """The first of them to end."""
    while True:
        ended, _status = os.wait()
        for process in running:
            if process.pid == ended:
                return process


def _stop(running: Sequence[Process]) -> None:
    # A second Ctrl-C must not interrupt the stopping.
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, signal.SIG_IGN)
    for process in running:
        process.terminate()
    for process in running:
        _end(process)


def _end(process: Process) -> None:
    try:
        process.wait(GRACE_SECONDS)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()
