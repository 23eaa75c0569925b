"""Engine, read-only session and transaction().

session() reads: it runs in read-only transactions, so that showing a page cannot change anything, even by
a mistake in a view. transaction() is the only way to write. See docs/decisions/0001.
"""

import inspect
from collections.abc import Callable, Hashable, Iterator
from contextlib import contextmanager, suppress
from contextvars import ContextVar
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from functools import lru_cache, wraps
from pathlib import Path
from typing import Any, ParamSpec, TypeVar

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Dialect, Engine, make_url
from sqlalchemy.orm import DeclarativeBase, Session
from sqlalchemy.orm.exc import StaleDataError
from sqlalchemy.types import TypeDecorator

from portal import clock
from portal.database import engine as database_engine
from portal.database.errors import DatabaseUnavailable

# Alembic can drop a constraint on both databases only by a name that it can predict.
NAMING_CONVENTION = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}
P = ParamSpec("P")
R = TypeVar("R")
# A name of our own: portal.web may not import SQLAlchemy.
StaleVersion = StaleDataError  # another transaction changed the row first


class UtcDateTime(TypeDecorator[datetime]):
    """Timezone-aware datetime column, stored in UTC."""

    impl = sa.DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Convert to UTC. Raises ValueError for a naive datetime."""
        if value is not None and value.tzinfo is None:
            raise ValueError("a time without a zone")
        return None if value is None else value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """The stored moment as an aware datetime in UTC."""
        if value is None:
            return None
        # SQLite stores no zone, and PostgreSQL answers in the zone of the connection.
        return value.astimezone(UTC) if value.tzinfo else value.replace(tzinfo=UTC)


def moment(before: timedelta = timedelta(0)) -> sa.BindParameter[datetime]:
    """The time when a statement is executed, or so long before it: such a statement may be built once."""
    return sa.bindparam(None, callable_=lambda: clock.now() - before, type_=UtcDateTime())


class Base(DeclarativeBase):
    """Declarative base of all tables."""

    metadata = sa.MetaData(naming_convention=NAMING_CONVENTION)
    type_annotation_map = {
        datetime: UtcDateTime,
        str: sa.Text,
        bytes: sa.LargeBinary,
        dict[str, Any]: sa.JSON,
        list[Any]: sa.JSON,
    }


def enum(enumeration: type[StrEnum]) -> sa.Enum:
    """Column type for an enumeration, stored as the text of its values."""
    # Text and no native type: PostgreSQL cannot remove a value from an enum type, and SQLite has none.
    return sa.Enum(enumeration, native_enum=False, length=40, values_callable=_enum_values)


def _enum_values(enumeration: type[StrEnum]) -> list[str]:
    return [member.value for member in enumeration]


_engine: Engine | None = None
# Context variables: one session for each request, also where a process serves several in threads.
_session: ContextVar[Session | None] = ContextVar("session", default=None)
_writing: ContextVar[bool] = ContextVar("writing", default=False)
_commits_begun: ContextVar[int] = ContextVar("commits_begun", default=0)


def bind(url: str) -> Engine:
    """Set the database of this process; the folder of an SQLite file is created.

    Binding the same URL again closes the connections and keeps the engine with its cache of compiled SQL.
    """
    global _engine
    database_engine.set_patient(False)
    if _engine is not None:
        _close_connections()
    if _engine is None or _engine.url != make_url(url):
        _engine = database_engine.create(url)
    return _engine


def lift_time_limits() -> None:
    """Let this process wait as long as locks and statements take: for commands, never for requests."""
    if database_engine.set_patient(True):
        _close_connections()


def _close_connections() -> None:
    # A connection that is in use when its pool is disposed of is never closed.
    close_read_session()
    engine().dispose()


def engine() -> Engine:
    """The engine of this process. Raises RuntimeError before bind() has been called."""
    if _engine is None:
        raise RuntimeError("db.bind() has not been called")
    return _engine


def readable_files() -> list[str]:
    """A line for each file of an SQLite database that other users of the machine may read."""
    if engine().dialect.name != "sqlite":
        return []
    files = database_engine.sqlite_files(Path(engine().url.database or ""))
    others = database_engine.OTHERS
    return [f"{part.name} can be read by other users" for part in files if part.stat().st_mode & others]


@contextmanager
def engine_without_pool() -> Iterator[Engine]:
    """An engine for the same database with a connection of its own, for a check that must not wait."""
    url = engine().url.render_as_string(hide_password=False)
    own = database_engine.create(url, sa.NullPool)
    try:
        yield own
    finally:
        own.dispose()


def session() -> Session:
    """The current session: that of transaction() inside one, else a read-only one, opened when first used."""
    current = _session.get()
    if current is None:
        # The database itself refuses a write here, so not even an object that is changed by mistake and
        # flushed by the next query is saved. Without locks, a page that is shown never waits for a writer.
        current = Session(_reading_engine(engine()))
        _session.set(current)
    return current


# One for each engine: to make it takes longer than to ask a small question.
@lru_cache(1)
def _reading_engine(own: Engine) -> Engine:
    return own.execution_options(postgresql_readonly=True)


def close_read_session() -> None:
    """Close the read-only session, if one is open. Does nothing inside transaction()."""
    current = _session.get()
    if current is not None and not _writing.get():
        _session.set(None)
        # A connection that broke has nothing to end.
        with suppress(DatabaseUnavailable):
            _end_read(current)


def _end_read(current: Session) -> None:
    # Committed though nothing was written: at a rollback psycopg forgets the statements that it has prepared,
    # and PostgreSQL would plan each one again for each page. Nothing is left in the session to be flushed.
    current.expunge_all()
    try:
        # Not active: a flush was refused, and its transaction has been rolled back.
        if current.in_transaction() and current.is_active:
            current.commit()
    finally:
        current.close()


@contextmanager
def transaction() -> Iterator[Session]:
    """Commit at the end of the block, or roll back if it raises. Raises RuntimeError when nested."""
    if _writing.get():
        raise RuntimeError("a transaction is already open: one for each request")
    # The open read has a snapshot and an identity map of its own. A decision must be made on the rows as
    # they are now, so objects that were read before must be read again inside the block.
    close_read_session()
    # expire_on_commit is off: the view shows what was written, after the session is closed.
    with Session(engine(), expire_on_commit=False) as writer:
        session_token = _session.set(writer)
        writing_token = _writing.set(True)
        try:
            # Begin now and not at the first statement: on SQLite this takes the write lock.
            writer.connection()
            yield writer
            writer.flush()
            _count_commit()
            writer.commit()
        finally:
            _session.reset(session_token)
            _writing.reset(writing_token)
    # Outside the transaction, and only if it was committed.
    for function, arguments in writer.info.get("after_commit", ()):
        function(*arguments)


def after_commit(function: Callable[..., None], *arguments: Hashable) -> None:
    """Call a function when this transaction has been committed; the same call only once.

    It must raise nothing: what the transaction wrote is there. Raises RuntimeError outside transaction().
    """
    if not _writing.get():
        raise RuntimeError("no transaction is open, so none will be committed")
    session().info.setdefault("after_commit", {})[function, arguments] = None


def _count_commit() -> None:
    _commits_begun.set(_commits_begun.get() + 1)


def commits_begun() -> int:
    """How many commits this context has begun. If it has not grown, what has run since has stored nothing."""
    return _commits_begun.get()


def changed_rows(statement: sa.Executable) -> int:
    """Execute an UPDATE or DELETE; returns the number of its rows."""
    result = session().execute(statement)
    return result.rowcount if isinstance(result, sa.CursorResult) else 0


def in_transaction() -> bool:
    """Whether the caller is inside transaction()."""
    return _writing.get()


@contextmanager
def appending() -> Iterator[Connection]:
    """A short transaction for rows that are only added; the reading session stays open beside it.

    It takes a second connection for that moment. Raises RuntimeError inside transaction(), which on SQLite
    holds the only write lock.
    """
    if _writing.get():
        raise RuntimeError("a transaction is already open: one for each request")
    with engine().begin() as connection:
        yield connection
        _count_commit()


def once_per_read(query: Callable[P, R]) -> Callable[P, R]:
    """Decorator: run a query once in a reading session, and give its result again after that.

    Several parts of a page ask the same. Inside transaction() the query runs each time, since rows change.
    """

    @wraps(query)
    def cached(*args: P.args, **kwargs: P.kwargs) -> R:
        if _writing.get():
            return query(*args, **kwargs)
        results: dict[Any, R] = session().info.setdefault("once_per_read", {})
        key = (query, args, tuple(sorted(kwargs.items())))
        if key not in results:
            results[key] = query(*args, **kwargs)
        return results[key]

    return cached


def remember(query: Callable[P, R], result: R, *args: P.args, **kwargs: P.kwargs) -> None:
    """Give a once_per_read query the result that another query of the page has read already."""
    if not _writing.get():
        results: dict[Any, R] = session().info.setdefault("once_per_read", {})
        results[(inspect.unwrap(query), args, tuple(sorted(kwargs.items())))] = result


_LOCK = sa.select(sa.func.pg_advisory_xact_lock(sa.bindparam("number", type_=sa.BigInteger)))


def advisory_lock(key: bytes) -> None:
    """Take an exclusive lock on the first 8 bytes of a key until the end of the transaction."""
    # SQLite needs none: BEGIN IMMEDIATE lets one writer in at a time.
    if engine().dialect.name == "postgresql":
        number = int.from_bytes(key[:8], "big", signed=True)
        session().execute(_LOCK, {"number": number})
