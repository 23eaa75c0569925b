"""Connections to PostgreSQL that a test has closed serve the next test.

A new connection is a new process, which reads the catalogue and plans each statement again: that takes longer
than most tests do. What a connection keeps for its session is reset before it is used again.
"""

from collections import deque
from contextlib import suppress
from typing import Any

import psycopg
import sqlalchemy as sa
from psycopg.pq import TransactionStatus

MAX_KEPT = 4
RESET = "RESET ALL; UNLISTEN *; SELECT pg_advisory_unlock_all()"
_kept: deque[psycopg.Connection] = deque()


def keep_of(engine: sa.Engine) -> sa.Engine:
    """Keep what the pool of this engine closes; what it gives up as broken is closed."""
    dialect: Any = engine.dialect
    connect, close = dialect.connect, dialect.do_close
    own: deque[psycopg.Connection] = deque()

    def connect_again(*arguments: Any, **options: Any) -> Any:
        while own:
            connection = own.popleft()
            with suppress(ValueError):
                _kept.remove(connection)
            if _is_reset(connection):
                return connection
            close(connection)
        return connect(*arguments, **options)

    def keep(connection: psycopg.Connection) -> None:
        if len(own) < MAX_KEPT and connection.info.transaction_status is TransactionStatus.IDLE:
            own.append(connection)
            _kept.append(connection)
        else:
            close(connection)

    dialect.connect, dialect.do_close, dialect.do_terminate = connect_again, keep, close
    return engine


def _is_reset(connection: psycopg.Connection) -> bool:
    try:
        connection.autocommit = True
        connection.execute(RESET)
        connection.autocommit = False
    except psycopg.Error:
        # The server has ended it.
        return False
    return True


def is_kept(connection: Any) -> bool:
    """Whether a connection has been closed by its pool and waits to be used again."""
    return any(connection is kept for kept in _kept)


def close_all() -> None:
    """Close those that are kept, before the server stops."""
    while _kept:
        _kept.pop().close()
