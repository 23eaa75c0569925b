"""Readiness: whether this process may get traffic."""

import secrets
import shutil
from pathlib import Path

import sqlalchemy as sa

from portal import clock, db
from portal.database.errors import DatabaseUnavailable, Outage
from portal.identity.models import LogoutToken
from portal.operations import schema_version

# SQLite needs room for its log beside what a transaction writes.
MIN_FREE_BYTES = 16 * 1024 * 1024
PROBLEMS = {
    Outage.AWAY: "database",
    Outage.CROWDED: "database",
    Outage.READ_ONLY: "read_only",
    Outage.FULL: "disk",
}


def problems() -> list[str]:
    """The names of the failing parts: "database", "migrations", "read_only" or "disk"."""
    try:
        return _problems()
    except DatabaseUnavailable as error:
        # not used
        return [PROBLEMS[error.outage]] if error.outage in PROBLEMS else []


def _problems() -> list[str]:
    # A connection of its own: a pool that is in use for a moment is no reason to take the process away.
    with db.engine_without_pool() as engine:
        with engine.connect() as connection:
            if schema_version.is_older(connection):
                return ["migrations"]
            _try_to_write(connection)
        return ["disk"] if _is_disk_full(engine) else []


def _try_to_write(connection: sa.Connection) -> None:
    """Write a row, which is rolled back when the connection is closed. Raises DatabaseUnavailable."""
    # A table whose rows are never updated, so that two processes never wait for each other here.
    row = {"token": secrets.token_bytes(32), "expires_at": clock.now()}
    connection.execute(sa.insert(LogoutToken), row)


def _is_disk_full(engine: sa.Engine) -> bool:
    """Whether SQLite's disk is full, which a write that is rolled back does not show."""
    if engine.dialect.name != "sqlite":
        return False
    folder = Path(engine.url.database or "").parent
    return shutil.disk_usage(folder).free < MIN_FREE_BYTES
