"""Each test closes the connections to databases that it opens.

One that is left open closes when garbage is collected, in another test, which fails with its warning.
"""

from collections.abc import Iterator
from sqlite3 import ProgrammingError
from typing import Any

import pytest
import sqlalchemy as sa

from portal import db
from tests import kept_connections

_opened: list[Any] = []


def _note(connection: Any, _record: Any) -> None:
    _opened.append(connection)


# On the class: the pools of all engines, also of those that are not the portal's.
sa.event.listen(sa.Pool, "connect", _note)


def is_open(connection: Any) -> bool:
    """Whether a connection of psycopg or sqlite3 is open, and not kept for the next test."""
    if kept_connections.is_kept(connection):
        return False
    if hasattr(connection, "closed"):
        return not connection.closed
    try:
        connection.cursor().close()  # sqlite3 tells only by refusing
    except ProgrammingError:
        return False
    return True


def close_all() -> int:
    """Close what the pool keeps for later, then all others; return how many those were."""
    if db._engine is not None:
        db._engine.dispose()
    others = [connection for connection in _opened if is_open(connection)]
    _opened.clear()
    for connection in others:
        connection.close()
    return len(others)


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_runtest_teardown(item: pytest.Item) -> Iterator[None]:
    """Fail a test that leaves connections open, when all that it asked for has been cleared away."""
    yield
    assert close_all() == 0, "a session was not closed, or its pool was disposed of before it was"
