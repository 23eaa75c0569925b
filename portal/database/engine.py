"""The engine of the database: how long its connections wait, and which exceptions it raises.

A request waits for a bounded time and then gets DatabaseUnavailable. A command waits as long as it takes.
"""

from contextlib import suppress
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Engine, ExceptionContext, make_url

from portal.database import days
from portal.database.errors import DatabaseUnavailable, Outage, UnstorableValue, is_unstorable, outage_of

# How long a request waits: for a connection, for a lock, and for a statement.
CONNECT_SECONDS = 3
LOCK_SECONDS = 5
STATEMENT_SECONDS = 10
# How long a command waits for SQLite's write lock; on PostgreSQL it waits without end.
PATIENT_LOCK_SECONDS = 30
# A server that vanished without closing its connections is noticed by these (libpq, seconds).
KEEPALIVES = {"keepalives_idle": 10, "keepalives_interval": 5, "keepalives_count": 2}
# The permissions of group and others.
OTHERS = 0o077

_patient = False


def set_patient(patient: bool) -> bool:
    """Set whether connections that are opened from now on wait as long as locks and statements take.

    Returns whether it was otherwise before.
    """
    global _patient
    changed = patient != _patient
    _patient = patient
    return changed


def create(url: str, pool: type[sa.Pool] | None = None) -> Engine:
    """An engine for this URL; the folder of an SQLite file is created."""
    make = _sqlite if url.startswith("sqlite") else _postgres
    made = make(url, pool or WaitingPool)
    sa.event.listen(made, "handle_error", _translate)
    return made


class WaitingPool(sa.QueuePool):
    """A pool in which a request waits for a connection, and then gets DatabaseUnavailable."""

    def __init__(self, creator: Any, timeout: float = LOCK_SECONDS, **options: Any) -> None:
        super().__init__(creator, timeout=timeout, **options)

    def connect(self) -> sa.PoolProxiedConnection:
        """Return a connection of the pool. Raises DatabaseUnavailable."""
        try:
            return super().connect()
        except sa.exc.TimeoutError as error:
            raise DatabaseUnavailable(Outage.CROWDED) from error


def _postgres(url: str, pool: type[sa.Pool]) -> Engine:
    # Parameters hold what people write, and an exception with them ends up in the log.
    connect_args = {"connect_timeout": CONNECT_SECONDS, **KEEPALIVES}
    postgres = sa.create_engine(
        url, pool_pre_ping=True, hide_parameters=True, poolclass=pool, connect_args=connect_args
    )
    sa.event.listen(postgres, "connect", _prepare_postgres)
    return postgres


def _prepare_postgres(connection: Any, _record: Any) -> None:
    # By SET and not by the option of a connection, which poolers such as PgBouncer refuse.
    connection.autocommit = True
    # A search has branches that are seldom read. PostgreSQL would compile all of them, for 100 ms and more,
    # each time that it plans one.
    connection.execute("SET jit = off")
    if not _patient:
        connection.execute(f"SET statement_timeout = {int(STATEMENT_SECONDS * 1000)}")
        connection.execute(f"SET lock_timeout = {int(LOCK_SECONDS * 1000)}")
    connection.autocommit = False


def _sqlite(url: str, pool: type[sa.Pool]) -> Engine:
    _create_private(Path(make_url(url).database or ""))
    sqlite = sa.create_engine(url, hide_parameters=True, poolclass=pool)
    sa.event.listen(sqlite, "connect", _prepare_sqlite)
    sa.event.listen(sqlite, "begin", _begin_sqlite)
    return sqlite


def _create_private(file: Path) -> None:
    """Create an SQLite file that its owner alone may read; an existing one is corrected if it is ours."""
    file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    file.touch(mode=0o600)
    # SQLite gives the files beside it the permissions of the database.
    for part in sqlite_files(file):
        if part.stat().st_mode & OTHERS:
            # Another user's file cannot be changed: readable_files() tells.
            with suppress(PermissionError):
                part.chmod(0o600)


def sqlite_files(file: Path) -> list[Path]:
    """The file of an SQLite database and those that exist beside it."""
    return [part for part in (file, *file.parent.glob(f"{file.name}-*")) if part.is_file()]


def _prepare_sqlite(connection: Any, _record: Any) -> None:
    # The driver begins a transaction only before the first write; _begin_sqlite() decides instead.
    connection.isolation_level = None
    days.register(connection)
    busy = PATIENT_LOCK_SECONDS if _patient else LOCK_SECONDS
    # WAL: readers do not wait for the writer. FULL: a receipt that was shown survives a power failure.
    # secure_delete: a text that was removed does not stay in free pages of the file.
    pragmas = ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "secure_delete=ON")
    for pragma in (f"busy_timeout={int(busy * 1000)}", *pragmas):
        connection.execute(f"PRAGMA {pragma}")


def _translate(context: ExceptionContext) -> None:
    """Raise our own exception for an outage, and for a value that cannot be stored."""
    # The pool itself decides what a ping shows.
    if context.is_pre_ping:
        return
    if is_unstorable(context.original_exception):
        raise UnstorableValue from context.original_exception
    outage = outage_of(context.original_exception)
    # A write in a reading session is a fault of the code, not of the database.
    if outage is None or (outage is Outage.READ_ONLY and _is_reading(context.connection)):
        return
    broke = outage is Outage.AWAY and context.connection is not None
    raise DatabaseUnavailable(outage, broke) from context.original_exception


def _is_reading(connection: Connection | None) -> bool:
    return connection is not None and bool(connection.get_execution_options().get("postgresql_readonly"))


def _begin_sqlite(connection: Connection) -> None:
    # The option by which SQLAlchemy makes a PostgreSQL transaction READ ONLY; here it marks readers too.
    # query_only belongs to the connection, which the pool hands to readers and writers alike: set each time.
    read_only = _is_reading(connection)
    connection.exec_driver_sql(f"PRAGMA query_only={'ON' if read_only else 'OFF'}")
    # A writer takes the write lock at once. A transaction that has read and then wants to write fails with
    # SQLITE_BUSY if another has written in between: its snapshot is old, and no busy timeout helps.
    connection.exec_driver_sql("BEGIN DEFERRED" if read_only else "BEGIN IMMEDIATE")
