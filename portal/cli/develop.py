"""make run: the portal, Testlegitimering and the worker together, and none of them left behind."""

import ctypes
import os
import signal
import subprocess
import sys
from collections.abc import Sequence

import click

from portal.cli import demo
from portal.config import Settings, settings
from portal.operations import migrations

GRACE_SECONDS = 10
Process = subprocess.Popen[bytes]


@click.command()
def develop() -> None:
    """Migrate, fill the demo, and run everything until Ctrl-C."""
    if not settings().development:
        raise click.ClickException("this is for development: set PORTAL_ENV=development")
    migrations.prepare()
    click.get_current_context().invoke(demo.demo)
    port, op_port = os.environ.get("PORT", "8000"), os.environ.get("OP_PORT", "8001")
    click.echo(_welcome(settings()))
    sys.exit(_run(_commands(settings(), port, op_port)))


def _commands(using: Settings, port: str, op_port: str) -> list[list[str]]:
    """Testlegitimering runs unless another provider is set."""
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
    if using.oidc_staff_issuer == f"http://127.0.0.1:{op_port}":
        provider = [python, "-m", "portal.testlegitimering", "--port", op_port, "--portal", using.base_url]
        commands.insert(0, provider)
    return commands


def _welcome(using: Settings) -> str:
    people = "\n".join(f"    {each['name']:<18} {each['role']}" for each in demo.people() if _is_staff(each))
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
    """Run them until one ends or we are told to stop; then stop the rest."""
    running: list[Process] = []
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, _interrupt)
    try:
        running.extend(_start(command) for command in commands)
        _wait_for_any(running)
        return 1
    except KeyboardInterrupt:
        return 0
    finally:
        _stop(running)


def _start(command: Sequence[str]) -> Process:
    """In a session of its own: two signals at once, Ctrl-C's and ours, can leave a server's child hanging."""
    return subprocess.Popen(command, start_new_session=True, preexec_fn=_end_with_parent)  # noqa: S603


def _end_with_parent() -> None:
    """Where Linux can, stop also when we are killed and cannot say so (prctl PR_SET_PDEATHSIG)."""
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
