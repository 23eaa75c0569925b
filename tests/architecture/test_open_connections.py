"""A connection that a test leaves open is noticed in that test, on both databases."""

import pytest
import sqlalchemy as sa
from flask import Flask

from portal import db
from tests.open_connections import close_all, is_open


def test_nothing_is_left_of_a_session_that_was_closed(inside: Flask) -> None:
    db.session().execute(sa.text("SELECT 1"))
    db.close_read_session()
    assert close_all() == 0


def test_a_session_that_was_not_closed_is_noticed(inside: Flask) -> None:
    connection = db.session().connection().connection.driver_connection
    assert close_all() == 1
    assert not is_open(connection)
    db.session().invalidate()


def test_a_connection_is_noticed_whose_pool_was_disposed_of_while_it_was_in_use(inside: Flask) -> None:
    db.session().execute(sa.text("SELECT 1"))
    db.engine().dispose()
    db.close_read_session()
    assert close_all() == 1


def test_a_pool_that_is_dropped_with_a_connection_is_noticed(inside: Flask) -> None:
    other = sa.create_engine(db.engine().url)
    other.connect().close()
    del other
    assert close_all() == 1


def test_a_connection_that_its_pool_could_not_prepare_is_closed(inside: Flask) -> None:
    def fail(_connection: object, _record: object) -> None:
        raise LookupError

    other = sa.create_engine(db.engine().url, poolclass=sa.NullPool)  # the engines of the portal are shared
    sa.event.listen(other, "connect", fail)
    with pytest.raises(LookupError):
        other.connect()
    assert close_all() == 0
