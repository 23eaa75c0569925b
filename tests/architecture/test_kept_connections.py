"""A connection that serves the next test brings nothing of the session that the test before had."""

import pytest
import sqlalchemy as sa

from portal import db
from tests import kept_connections
from tests.open_connections import close_all

PID, LOCKS = "SELECT pg_backend_pid()", "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory'"


@pytest.fixture(autouse=True)
def engine(postgres_url: str) -> sa.Engine:
    # Those of the tests before would serve first.
    kept_connections.close_all()
    return db.bind(postgres_url)


def asked(query: str) -> object:
    """The answer to a query, before the pool is closed."""
    with db.engine().connect() as connection:
        answer = connection.exec_driver_sql(query).scalar()
        connection.commit()
    db.engine().dispose()
    return answer


def test_settings_and_locks_of_a_session_are_gone() -> None:
    pid = asked(PID)
    asked("SELECT set_config('work_mem', '77MB', false), pg_advisory_lock(77)")
    assert (asked(PID), asked("SHOW work_mem"), asked(LOCKS)) == (pid, "4MB", 0)


def test_one_that_the_server_has_ended_is_not_used_again() -> None:
    pid = asked(PID)
    with db.engine_without_pool() as other, other.connect() as connection:
        connection.exec_driver_sql(f"SELECT pg_terminate_backend({pid}, 1000)")
    assert asked(PID) != pid


def test_one_that_is_kept_is_no_open_one() -> None:
    asked(PID)
    assert close_all() == 0
