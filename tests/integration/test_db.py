"""The database: who reads cannot write, a transaction is all or nothing, and times are in UTC."""

import datetime as dt
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy.exc import DBAPIError, StatementError

from portal import clock, db
from portal.identity.models import Person
from tests import factories
from tests.open_connections import is_open

PRAGMAS = {
    "journal_mode": "wal",
    "synchronous": 2,
    "foreign_keys": 1,
    "query_only": 1,
    "busy_timeout": 5_000,
}
READ_ONLY = r"read-?only"
WINTER = dt.datetime(2026, 1, 31, 23, 30, tzinfo=ZoneInfo("Europe/Stockholm"))


def person(name: str = "Anna", at: dt.datetime | None = None) -> Person:
    return Person(name=name, created_at=at or clock.now())


def names() -> list[str]:
    db.close_read_session()
    return list(db.session().scalars(sa.select(Person.name).order_by(Person.id)))


class Undo(Exception):
    """What a test raises to undo what it has done."""


@pytest.mark.parametrize("how", ["insert", "update", "delete", "create"])
def test_a_reading_session_cannot_write(inside: Flask, how: str) -> None:
    factories.send_in()
    statement = {
        "insert": "INSERT INTO number_series (year, last) VALUES (1999, 1)",
        "update": "UPDATE number_series SET last = 0",
        "delete": "DELETE FROM number_series",
        "create": "CREATE TABLE stray (id INTEGER)",
    }[how]
    with pytest.raises(DBAPIError, match=READ_ONLY):
        db.session().execute(sa.text(statement))


def test_an_object_added_to_a_reading_session_is_refused(inside: Flask) -> None:
    db.session().add(person())
    with pytest.raises(DBAPIError, match=READ_ONLY):
        db.session().flush()
    assert names() == []


def test_who_has_read_can_write_in_a_transaction_and_read_again(inside: Flask) -> None:
    assert names() == []
    with db.transaction() as writer:
        assert db.in_transaction()
        assert db.session() is writer
        writer.add(person())
    assert not db.in_transaction()
    assert names() == ["Anna"]
    with pytest.raises(DBAPIError, match=READ_ONLY):
        db.session().execute(sa.text("DELETE FROM person"))


def test_a_transaction_ends_the_open_read_so_that_it_sees_what_is_there_now(inside: Flask) -> None:
    before = db.session()
    assert names() == []
    with db.transaction() as writer:
        writer.add(person())
    assert db.session() is not before


def test_an_exception_undoes_everything(inside: Flask) -> None:
    with suppress(Undo), db.transaction() as writer:
        writer.add(person())
        writer.flush()
        raise Undo
    assert names() == []
    assert not db.in_transaction()


def test_a_transaction_within_a_transaction_is_refused_and_the_outer_one_lives(inside: Flask) -> None:
    with db.transaction() as writer:
        writer.add(person())
        with pytest.raises(RuntimeError, match="already open"), db.transaction():
            pass
        assert db.session() is writer
    assert names() == ["Anna"]


def test_release_leaves_an_open_transaction_alone(inside: Flask) -> None:
    with db.transaction() as writer:
        db.close_read_session()
        assert db.session() is writer
        writer.add(person())
    assert names() == ["Anna"]


def test_binding_again_closes_the_connection_of_a_session_that_reads(inside: Flask) -> None:
    connection = db.session().connection().connection.driver_connection
    db.bind(db.engine().url.render_as_string(hide_password=False))
    assert not is_open(connection)


def test_a_foreign_key_holds_on_both_databases(inside: Flask) -> None:
    statement = sa.text("INSERT INTO login (person_id, issuer, subject) VALUES (4711, 'a', 'b')")
    with pytest.raises(DBAPIError, match=r"(?i)foreign key"), db.transaction() as writer:
        writer.execute(statement)


def test_a_time_without_a_zone_is_refused(inside: Flask) -> None:
    naive = WINTER.replace(tzinfo=None)
    with pytest.raises(StatementError, match="a time without a zone"), db.transaction() as writer:
        writer.add(person(at=naive))
    with pytest.raises(StatementError, match="a time without a zone"):
        db.session().scalars(sa.select(Person).where(Person.created_at == naive)).all()


def test_a_time_comes_back_as_the_same_moment_in_utc(inside: Flask) -> None:
    with db.transaction() as writer:
        writer.add(person(at=WINTER))
    found = db.session().scalars(sa.select(Person.created_at)).one()
    assert (found, found.utcoffset()) == (WINTER, dt.timedelta(0))
    assert db.session().scalars(sa.select(Person.name).where(Person.created_at == WINTER)).one() == "Anna"


def test_a_time_is_in_utc_whatever_zone_the_server_lives_in(inside: Flask) -> None:
    with db.transaction() as writer:
        writer.add(person(at=WINTER))
    with suppress(DBAPIError):  # SQLite has no zone
        db.session().execute(sa.text("SET TIME ZONE 'Europe/Stockholm'"))
    found = db.session().scalars(sa.select(Person.created_at)).one()
    assert found.utcoffset() == dt.timedelta(0)


def test_a_statement_that_is_built_once_is_executed_with_the_time_of_each_execution(inside: Flask) -> None:
    at = datetime(2026, 3, 1, 12, tzinfo=UTC)
    query = sa.select(db.moment(), db.moment(timedelta(hours=1)))
    for later in range(3):
        now = at + timedelta(days=later)
        with clock.at(now):
            assert tuple(db.session().execute(query).one()) == (now, now - timedelta(hours=1))


def test_what_is_read_again_and_again_stays_prepared(inside: Flask) -> None:
    if db.engine().dialect.name == "sqlite":
        pytest.skip("SQLite keeps statements by itself")
    query = sa.text("SELECT count(*) FROM person")
    for _page in range(8):
        db.session().execute(query)
        db.close_read_session()
    prepared = db.session().scalars(sa.text("SELECT statement FROM pg_prepared_statements")).all()
    assert "SELECT count(*) FROM person" in prepared


def test_what_was_changed_by_mistake_while_reading_is_dropped(inside: Flask) -> None:
    factories.member()
    person = db.session().scalars(sa.select(Person)).one()
    person.name = "Någon annan"
    db.close_read_session()
    assert db.session().scalars(sa.select(Person)).one().name == "Anna"


def test_an_sqlite_file_survives_a_power_cut_as_a_server_does(inside: Flask) -> None:
    if db.engine().dialect.name != "sqlite":
        assert db.session().scalar(sa.text("SHOW transaction_read_only")) == "on"
        return
    pragmas = {name: db.session().scalar(sa.text(f"PRAGMA {name}")) for name in PRAGMAS}
    assert pragmas == PRAGMAS


def test_eight_who_change_one_row_all_succeed_one_after_the_other(inside: Flask) -> None:
    factories.send_in()

    def add_one(_place: int) -> None:
        with db.transaction() as writer:
            writer.execute(sa.text("UPDATE number_series SET last = last + 1"))

    factories.at_once(inside, 8, add_one)
    db.close_read_session()
    assert db.session().scalar(sa.text("SELECT last FROM number_series")) == 9
