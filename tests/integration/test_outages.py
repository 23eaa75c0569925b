"""A database that is locked, full, read-only, crowded or gone: a bounded wait, 503, nothing done twice."""

import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg
import pytest
import sqlalchemy as sa
from flask import Flask

from portal import db
from portal.database import engine as database_engine
from portal.database.errors import DatabaseUnavailable, Outage, UnstorableValue, outage_of
from portal.identity.models import Login, Person
from tests.page import Page
from tests.web import steps

AGAIN = "Det gick inte att skicka just nu"


@pytest.fixture
def impatient(app: Flask, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Short waits, so that the tests have them too."""
    monkeypatch.setattr(database_engine, "LOCK_SECONDS", 0.2)
    monkeypatch.setattr(database_engine, "STATEMENT_SECONDS", 0.6)
    monkeypatch.setattr(db.engine().pool, "_timeout", 0.2)
    db.close_read_session()
    db.engine().dispose()
    yield
    db.close_read_session()
    db.engine().dispose()


def is_sqlite() -> bool:
    return db.engine().dialect.name == "sqlite"


@contextmanager
def locked() -> Iterator[None]:
    """Another process writes for a long time."""
    with db.engine_without_pool() as engine, engine.connect() as connection:
        lock = 'LOCK TABLE "case", number_series IN ACCESS EXCLUSIVE MODE'
        # On SQLite each transaction of this engine takes the write lock.
        connection.execute(sa.text("SELECT 1" if is_sqlite() else lock))
        yield


@contextmanager
def full() -> Iterator[None]:
    """No page more than there is, on SQLite; PostgreSQL gets the error that a full disk gives it."""

    def limit(connection: Any, _record: Any) -> None:
        connection.execute(f"PRAGMA max_page_count={connection.execute('PRAGMA page_count').fetchone()[0]}")

    def fail(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        if statement.startswith("INSERT"):
            raise psycopg.errors.DiskFull

    name, listener = ("connect", limit) if is_sqlite() else ("before_cursor_execute", fail)
    db.engine().dispose()
    sa.event.listen(db.engine(), name, listener)
    yield
    sa.event.remove(db.engine(), name, listener)
    db.engine().dispose()


@contextmanager
def crowded() -> Iterator[None]:
    """Other requests have every connection of the pool."""
    db.close_read_session()
    pool = db.engine().pool
    taken = [pool.connect() for _each in range(15)]
    yield
    for connection in taken:
        connection.close()


@contextmanager
def read_only() -> Iterator[None]:
    """A standby, or a disk that was mounted so after a fault."""

    def refuse(connection: Any) -> None:
        connection.exec_driver_sql("PRAGMA query_only=ON" if is_sqlite() else "SET TRANSACTION READ ONLY")

    sa.event.listen(db.engine(), "begin", refuse)
    yield
    sa.event.remove(db.engine(), "begin", refuse)


@pytest.mark.parametrize("fault", [locked, full, crowded, read_only])
def test_a_case_that_cannot_be_stored_is_given_back_and_stored_once_afterwards(
    app: Flask, page: Page, impatient: None, fault: Callable[[], Any]
) -> None:
    form = page.get(steps.COMPLAINT)
    db.close_read_session()
    begun = time.monotonic()
    with fault():
        # A text that needs more pages than SQLite has left.
        answer = page.submit(form, "main form", changes=steps.MAILED | {"body": "å" * 20_000}, status=503)
    assert time.monotonic() - begun < 5
    assert answer.h1 == AGAIN
    assert len(steps.kept(answer, str(answer.find("textarea")["id"]))) == 20_000
    assert steps.count("case") == 0
    for _twice in range(2):
        assert page.submit(answer, "main form").location.startswith("/kvitto/")
    assert steps.count("case") == 1


def test_a_statement_that_takes_too_long_is_stopped(inside: Flask, impatient: None) -> None:
    if is_sqlite():
        return
    with pytest.raises(DatabaseUnavailable) as stopped:
        db.session().execute(sa.text("SELECT pg_sleep(10)"))
    assert stopped.value.outage is Outage.LOCKED


def test_commands_wait_as_long_as_it_takes(inside: Flask, impatient: None) -> None:
    db.lift_time_limits()
    with db.engine().connect() as connection:
        if is_sqlite():
            assert connection.exec_driver_sql("PRAGMA busy_timeout").scalar() == 30_000
        else:
            assert connection.exec_driver_sql("SHOW statement_timeout").scalar() == "0"
            assert connection.exec_driver_sql("SHOW lock_timeout").scalar() == "0"
            assert connection.exec_driver_sql("SHOW jit").scalar() == "off"
    db.bind(db.engine().url.render_as_string(hide_password=False))


def test_requests_wait_for_a_bounded_time(inside: Flask) -> None:
    db.engine().dispose()
    with db.engine().connect() as connection:
        if is_sqlite():
            assert connection.exec_driver_sql("PRAGMA busy_timeout").scalar() == 5_000
        else:
            assert connection.exec_driver_sql("SHOW statement_timeout").scalar() == "10s"
            assert connection.exec_driver_sql("SHOW lock_timeout").scalar() == "5s"
            assert connection.exec_driver_sql("SHOW jit").scalar() == "off"


@contextmanager
def broken_once(event: str, wanted: str = "") -> Iterator[list[int]]:
    """The server ends the connection of a request, once, at a statement or at COMMIT."""
    broken: list[int] = []

    def end(connection: Any, _cursor: Any = None, statement: str = "", *_rest: Any) -> None:
        if broken or wanted not in statement or connection.get_execution_options().get("postgresql_readonly"):
            return
        broken.append(pid := connection.connection.driver_connection.info.backend_pid)
        with db.engine_without_pool() as engine, engine.connect() as other:
            other.execute(sa.text("SELECT pg_terminate_backend(:pid, 1000)"), {"pid": pid})

    sa.event.listen(db.engine(), event, end)
    yield broken
    sa.event.remove(db.engine(), event, end)


def test_a_connection_that_broke_before_the_commit_costs_the_sender_nothing(app: Flask, page: Page) -> None:
    if is_sqlite():
        return
    form = page.get(steps.COMPLAINT)
    with broken_once("before_cursor_execute", 'INSERT INTO "case"') as broken:
        assert page.submit(form, "main form", changes=steps.MAILED).location.startswith("/kvitto/")
    assert broken
    assert steps.count("case") == 1


def test_a_connection_that_broke_at_the_commit_is_no_reason_to_do_it_again(app: Flask, page: Page) -> None:
    if is_sqlite():
        return
    form = page.get(steps.COMPLAINT)
    with broken_once("commit") as broken:
        answer = page.submit(form, "main form", changes=steps.MAILED, status=503)
    assert broken
    assert page.submit(answer, "main form").location.startswith("/kvitto/")
    assert steps.count("case") == 1


def test_the_portal_is_ready_only_where_it_can_write(app: Flask, impatient: None) -> None:
    client = app.test_client()
    before = steps.stored()
    assert client.get("/readyz").get_json() == {"status": "ok", "problems": []}
    with locked():
        assert client.get("/readyz").status_code == 200
    with crowded():
        assert client.get("/readyz").status_code == 200
    assert steps.stored() == before


def test_half_a_character_is_named_as_what_cannot_be_stored(inside: Flask) -> None:
    with pytest.raises(UnstorableValue):
        db.session().scalars(sa.select(Login).where(Login.subject == "a\ud800")).all()


def test_a_nul_is_named_as_what_postgresql_cannot_store(inside: Flask) -> None:
    query = sa.select(Login).where(Login.subject == "\x00")
    if is_sqlite():
        assert db.session().scalars(query).all() == []
        return
    with pytest.raises(UnstorableValue):
        db.session().scalars(query).all()


def test_a_number_that_no_column_holds_is_named_so(inside: Flask) -> None:
    if is_sqlite():
        with pytest.raises(UnstorableValue):
            db.session().get(Person, 2**64)
        return
    with pytest.raises(UnstorableValue):
        db.session().execute(sa.text("SELECT CAST(:number AS integer)"), {"number": 2**40})


def test_a_read_only_file_is_an_outage(tmp_path: Path) -> None:
    file = tmp_path / "fil.db"
    sqlite3.connect(file).execute("CREATE TABLE t (x)").connection.close()
    reader = sqlite3.connect(f"file:{file}?mode=ro", uri=True)
    with pytest.raises(sqlite3.OperationalError) as refused:
        reader.execute("INSERT INTO t VALUES (1)")
    reader.close()
    assert outage_of(refused.value) is Outage.READ_ONLY


@pytest.mark.parametrize(
    ("error", "outage"),
    [
        (psycopg.OperationalError("connection refused"), Outage.AWAY),
        (psycopg.OperationalError("FATAL:  sorry, too many clients already"), Outage.CROWDED),
        (psycopg.errors.TooManyConnections(), Outage.CROWDED),
        (psycopg.errors.AdminShutdown(), Outage.AWAY),
        (psycopg.errors.CannotConnectNow(), Outage.AWAY),
        (psycopg.errors.ConnectionFailure(), Outage.AWAY),
        (psycopg.errors.LockNotAvailable(), Outage.LOCKED),
        (psycopg.errors.QueryCanceled(), Outage.LOCKED),
        (psycopg.errors.DeadlockDetected(), Outage.LOCKED),
        (psycopg.errors.DiskFull(), Outage.FULL),
        (psycopg.errors.OutOfMemory(), Outage.FULL),
        (psycopg.errors.IoError(), Outage.FULL),
        (psycopg.errors.ReadOnlySqlTransaction(), Outage.READ_ONLY),
        (psycopg.errors.UniqueViolation(), None),
        (psycopg.errors.UndefinedTable(), None),
        (psycopg.ProgrammingError("no results"), None),
        (ValueError("another"), None),
    ],
)
def test_the_code_of_a_fault_says_whether_it_is_an_outage(error: Exception, outage: Outage | None) -> None:
    assert outage_of(error) is outage
