"""What a page costs: the statements that the database is given while it is made."""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import sqlalchemy as sa

from portal import db

# What begins or ends a transaction is a statement on one of the databases only.
COUNTED = re.compile(r"\s*(SELECT|WITH|INSERT|UPDATE|DELETE)\b", re.IGNORECASE)


@contextmanager
def counted() -> Iterator[list[str]]:
    """Every reading and writing statement meanwhile, those of the session and the read log among them."""
    found: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        if COUNTED.match(statement):
            found.append(statement)

    sa.event.listen(db.engine(), "before_cursor_execute", note)
    try:
        yield found
    finally:
        sa.event.remove(db.engine(), "before_cursor_execute", note)


def plans(ask: Callable[[], object]) -> list[str]:
    """The plan of every statement of a call."""
    made: list[tuple[str, Any]] = []

    def note(_connection: Any, _cursor: Any, statement: str, parameters: Any, *_rest: Any) -> None:
        if COUNTED.match(statement):
            made.append((statement, parameters))

    db.close_read_session()
    sa.event.listen(db.engine(), "before_cursor_execute", note)
    try:
        ask()
    finally:
        sa.event.remove(db.engine(), "before_cursor_execute", note)
    with db.engine().connect() as connection:
        if db.engine().dialect.name == "sqlite":
            return [_plan(connection, "EXPLAIN QUERY PLAN", *one) for one in made]
        # In a table of one row every way costs the same. Until the connection is closed, it has a million.
        connection.exec_driver_sql("SET LOCAL enable_seqscan = off")
        connection.exec_driver_sql(
            "UPDATE pg_class SET reltuples = 1000000, relpages = 1 WHERE relkind = 'r'"
        )
        return [_plan(connection, "EXPLAIN", *one) for one in made]


def _plan(connection: sa.Connection, explain: str, statement: str, values: Any) -> str:
    return " ".join(str(row) for row in connection.exec_driver_sql(f"{explain} {statement}", values))
