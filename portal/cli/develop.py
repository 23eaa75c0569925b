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


@click.command()
def develop() -> None:
    """Migrate, create the demo's cases and run everything until Ctrl-C."""
    if not settings().development:
        raise click.ClickException("this is for development: set PORTAL_ENV=development")
    db.lift_time_limits()
    migrations.prepare()
    click.get_current_context().invoke(demo.demo)
    port = os.environ.get("PORT", "8000")
    op_port = os.environ.get("OP_PORT", "8001")
    click.echo(_welcome(settings()))
    sys.exit(_run(_commands(settings(), port, op_port)))


def _commands(using: Settings, port: str, op_port: str) -> list[list[str]]:
    python = sys.executable
    commands = [
        [
            python,
            "-m",
            "gunicorn",
            "--config",
            "python:portal.operations.gunicorn",
            "--bind",
            f"127.0.0.1:{port}",
            "wsgi:app",
        ],
        [python, "-m", "flask", "--app", "wsgi", "worker"],
    ]
    # With another provider in the settings there is no need of Testlegitimering.
    if using.oidc_staff_issuer == f"http://127.0.0.1:{op_port}":
        provider = [python, "-m", "portal.testlegitimering", "--port", op_port, "--portal", using.base_url]
        commands.insert(0, provider)
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


def _run(commands: Sequence[Sequence[str]]) -> int:
    """Run the commands until one ends or a signal arrives, then stop the others; returns the exit status."""
    running: list[Process] = []
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, _interrupt)
    try:
        # Appended one by one: if the second cannot start, the first is stopped all the same.
        for command in commands:
            running.append(_start(command))
        _wait_for_any(running)
        return 1
    except KeyboardInterrupt:
        return 0
    finally:
        _stop(running)


def _start(command: Sequence[str]) -> Process:
    # In a session of its own, out of reach of the terminal's Ctrl-C: a second signal beside ours can leave
    # a server's child hanging.
    return subprocess.Popen(command, start_new_session=True, preexec_fn=_end_with_parent)  # noqa: S603


def _end_with_parent() -> None:
    # PR_SET_PDEATHSIG, on Linux only: a parent that is killed cannot stop its children itself.
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(1, signal.SIGTERM)


def _interrupt(_number: int, _frame: object) -> None:
    raise KeyboardInterrupt


def _wait_for_any(running: Sequence[Process]) -> None:
    ended, _status = os.wait()
    for process in running:
        if process.pid == ended:
            click.echo(f"Ended by itself: {process.args!r}", err=True)


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
