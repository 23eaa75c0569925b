"""The PostgreSQL cluster that keeps filled databases: started when it is needed, its files kept."""

import os
import signal
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import psycopg

from tests import postgres

VARIABLE = "KONTAKT_BENCH"
# Planner settings keep their defaults, as on most installations.
SETTINGS = {
    "listen_addresses": "",
    "shared_buffers": "1GB",
    "max_wal_size": "8GB",
    "wal_level": "minimal",
    "max_wal_senders": "0",
    "max_connections": "100",
    "maintenance_work_mem": "512MB",
    "timezone": "UTC",
}
# While it is filled nothing has to survive a power cut; while it is measured, everything has to.
FAST = {"fsync": "off", "full_page_writes": "off", "synchronous_commit": "off", "autovacuum": "off"}


def folder() -> Path:
    """Where the cluster is kept. PostgreSQL does not run as root, whose home others cannot reach."""
    default = Path("/var/cache/kontakt-bench") if os.getuid() == 0 else Path.home() / ".cache/kontakt-bench"
    return Path(os.environ.get(VARIABLE) or default)


def url(database: str) -> str:
    """The address of a database of the cluster, for the portal."""
    return f"postgresql+psycopg://postgres@/{database}?host={folder()}"


def connect(database: str = "postgres") -> psycopg.Connection[Any]:
    """A connection to a database of the cluster. Raises psycopg.OperationalError if it does not run."""
    return psycopg.connect(f"postgresql://postgres@/{database}?host={folder()}", autocommit=True)


@contextmanager
def running() -> Iterator[None]:
    """The cluster runs: it is started, and stopped at the end, unless it ran already."""
    if is_running():
        yield
        return
    process = start()
    try:
        yield
    finally:
        # Ends what is still connected, and writes everything.
        process.send_signal(signal.SIGINT)
        process.wait(60)


def is_running() -> bool:
    """Whether the cluster answers."""
    with suppress(psycopg.OperationalError):
        connect().close()
        return True
    return False


def start(*before: str) -> subprocess.Popen[bytes]:
    """Start the server, made first if there is none, and wait for it; `before` wraps its command."""
    programs, account = postgres._programs(), postgres._account()
    home = folder()
    home.mkdir(parents=True, exist_ok=True)
    postgres._give(home, account)
    if not (home / "data/PG_VERSION").exists():
        postgres._initialise(programs, home, account)
    settings = [f"--{name}={value}" for name, value in SETTINGS.items()]
    command = [*before, f"{programs}/postgres", "-D", f"{home}/data", "-k", str(home), *settings]
    with (home / "log").open("ab") as log:
        process = subprocess.Popen(
            command, cwd=home, stdout=log, stderr=log, start_new_session=True, **account
        )
    deadline = time.monotonic() + 60
    while not is_running():
        if process.poll() is not None or time.monotonic() > deadline:
            raise RuntimeError(f"PostgreSQL did not start: see {home / 'log'}")
        time.sleep(0.1)
    return process


@contextmanager
def unsafe() -> Iterator[None]:
    """Nothing waits for the disk meanwhile; then all of it is written."""
    with connect() as connection:
        for name, value in FAST.items():
            connection.execute(f"ALTER SYSTEM SET {name} = {value}")
        connection.execute("SELECT pg_reload_conf()")
    try:
        yield
    finally:
        with connect() as connection:
            for name in FAST:
                connection.execute(f"ALTER SYSTEM RESET {name}")
            connection.execute("SELECT pg_reload_conf()")
            connection.execute("CHECKPOINT")
        os.sync()


def exists(name: str) -> bool:
    """Whether the cluster has a database of this name."""
    with connect() as connection:
        return (
            connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name]).fetchone() is not None
        )


def drop(name: str) -> None:
    """Drop a database and end its connections."""
    with connect() as connection:
        connection.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')


def copy(source: str, name: str) -> str:
    """Make a database that is a copy of another, in place of one of this name; returns its address."""
    drop(name)
    with connect() as connection:
        # A copy of the files: with the log, as is the default, each block would be written twice.
        connection.execute(f'CREATE DATABASE "{name}" TEMPLATE "{source}" STRATEGY FILE_COPY')
    return url(name)


def rename(name: str, other: str) -> None:
    """Give a database another name."""
    drop(other)
    with connect() as connection:
        connection.execute(f'ALTER DATABASE "{name}" RENAME TO "{other}"')


def version() -> str:
    """The version of PostgreSQL."""
    program = postgres._programs() / "postgres"
    told = subprocess.run([program, "--version"], capture_output=True, text=True, check=True).stdout
    return f"PostgreSQL {told.split()[2]}"
