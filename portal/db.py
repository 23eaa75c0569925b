"""The database: one engine, a reading session that cannot write, and transaction() that can."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Dialect, Engine, make_url
from sqlalchemy.orm import DeclarativeBase, Session
from sqlalchemy.orm.exc import StaleDataError
from sqlalchemy.types import TypeDecorator

NAMES = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}
BUSY_SECONDS = 30
StaleVersion = StaleDataError  # somebody else's transaction changed the row first
DatabaseUnavailable = sa.exc.SQLAlchemyError  # the database cannot be asked


class UtcDateTime(TypeDecorator[datetime]):
    """A moment in UTC; a time without a zone is refused."""

    impl = sa.DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """To UTC. Raises ValueError for a naive time."""
        if value is not None and value.tzinfo is None:
            raise ValueError("a time without a zone")
        return None if value is None else value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """SQLite gives the zone up, and PostgreSQL answers in its own: UTC again."""
        if value is None:
            return None
        return value.astimezone(UTC) if value.tzinfo else value.replace(tzinfo=UTC)


class Base(DeclarativeBase):
    """Every table of the portal."""

    metadata = sa.MetaData(naming_convention=NAMES)
    type_annotation_map = {
        datetime: UtcDateTime,
        str: sa.Text,
        bytes: sa.LargeBinary,
        dict[str, Any]: sa.JSON,
        list[Any]: sa.JSON,
    }


def enum(of: type[StrEnum]) -> sa.Enum:
    """A column of the words of an enumeration, stored as text."""
    return sa.Enum(of, native_enum=False, length=40, values_callable=lambda words: [w.value for w in words])


_engine: Engine | None = None
_session: ContextVar[Session | None] = ContextVar("session", default=None)
_writing: ContextVar[bool] = ContextVar("writing", default=False)


def bind(url: str) -> Engine:
    """Use this database in this process. A folder for an SQLite file is made.

    The same one again gets new connections and keeps what was compiled for it.
    """
    global _engine
    if _engine is not None:
        _engine.dispose()
    if _engine is None or _engine.url != make_url(url):
        _engine = _sqlite(url) if url.startswith("sqlite") else _postgres(url)
    return _engine


def engine() -> Engine:
    """The engine of this process."""
    if _engine is None:
        raise RuntimeError("db.bind() has not been called")
    return _engine


def _postgres(url: str) -> Engine:
    return sa.create_engine(url, pool_pre_ping=True, hide_parameters=True)


def _sqlite(url: str) -> Engine:
    Path(make_url(url).database or "").parent.mkdir(parents=True, exist_ok=True)
    made = sa.create_engine(url, connect_args={"timeout": BUSY_SECONDS}, hide_parameters=True)
    sa.event.listen(made, "connect", _prepare_sqlite)
    sa.event.listen(made, "begin", _begin_sqlite)
    return made


def _prepare_sqlite(connection: Any, _record: Any) -> None:
    connection.isolation_level = None  # the driver must not begin transactions of its own
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON"):
        connection.execute(f"PRAGMA {pragma}")


def _begin_sqlite(connection: Connection) -> None:
    """A reader cannot write; a writer takes the lock at once: an upgrade would fail however long it waits."""
    reading = connection.get_execution_options().get("postgresql_readonly", False)
    connection.exec_driver_sql(f"PRAGMA query_only={'ON' if reading else 'OFF'}")
    connection.exec_driver_sql("BEGIN DEFERRED" if reading else "BEGIN IMMEDIATE")


def session() -> Session:
    """The session of this request or command: reading, or the transaction's own inside one."""
    current = _session.get()
    if current is None:
        current = Session(engine().execution_options(postgresql_readonly=True))
        _session.set(current)
    return current


def close_read_session() -> None:
    """End the reading session, if there is one."""
    current = _session.get()
    if current is not None and not _writing.get():
        current.close()
        _session.set(None)


@contextmanager
def transaction() -> Iterator[Session]:
    """All or nothing. Ends any open read, so that what is changed is what is in the database now."""
    if _writing.get():
        raise RuntimeError("a transaction is already open: one for each request")
    close_read_session()
    with Session(engine(), expire_on_commit=False) as writer:
        session_before, writing_before = _session.set(writer), _writing.set(True)
        try:
            writer.connection()
            yield writer
            writer.commit()
        finally:
            _session.reset(session_before)
            _writing.reset(writing_before)


def in_transaction() -> bool:
    """Whether we are inside transaction()."""
    return _writing.get()


def advisory_lock(key: bytes) -> None:
    """Wait until nobody else works with this key; held to the end of the transaction."""
    if engine().dialect.name == "postgresql":
        number = int.from_bytes(key[:8], "big", signed=True)
        session().execute(sa.select(sa.func.pg_advisory_xact_lock(number)))
