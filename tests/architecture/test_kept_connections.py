"""A connection that serves the next test brings nothing of the session that the test before had."""

import ast
import re

import pytest
import sqlalchemy as sa

from portal import db
from tests import kept_connections
from tests.architecture.source import all_nodes, trees
from tests.architecture.tree import ROOT
from tests.open_connections import close_all

SERVER_WIDE = {"pg_stat_activity", "pg_locks"}
PID = "SELECT pg_backend_pid()"
# Those of this session: other tests use the server at the same time.
LOCKS = "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND pid = pg_backend_pid()"


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


def reads_all_sessions(text: str) -> bool:
    """Whether a query reads a view of the whole server without naming the database or the session."""
    words = set(re.findall(r"\w+", text))
    return bool(words & SERVER_WIDE) and not words & {"datname", "pg_backend_pid"}


def test_no_test_reads_what_others_do_in_the_server() -> None:
    texts = (
        node.value
        for _file, tree in trees(ROOT / "tests")
        for node in all_nodes(tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    )
    assert [text for text in texts if "SELECT" in text and reads_all_sessions(text)] == []


def test_a_query_of_all_sessions_is_recognised() -> None:
    query = "SELECT count(*) FROM {}"
    assert all(reads_all_sessions(query.format(view)) for view in SERVER_WIDE)
    assert not any(reads_all_sessions(query.format(view) + " WHERE datname = 'x'") for view in SERVER_WIDE)
