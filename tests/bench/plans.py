"""What a page asks of PostgreSQL: its statements, and of each its plan, time and buffers."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from portal import db
from tests.statements import COUNTED

# Tables that grow with the cases: no page may read one from end to end.
GROWING = frozenset(
    {
        "case",
        "message",
        "party",
        "trail",
        "read_log",
        "search_text",
        "outbox",
        "task",
        "past_clock",
        "measure",
        "case_bar",
        "case_relation",
        "case_handover",
        "representation",
        "person",
    }
)
FEW_ROWS = 1_000


@dataclass(frozen=True)
class Statement:
    """A statement as it was given to the driver."""

    text: str
    parameters: Any


@dataclass(frozen=True)
class Plan:
    """What PostgreSQL did for a statement: milliseconds, buffers, and growing tables that it read whole."""

    statement: Statement
    milliseconds: float
    buffers: int
    scans: tuple[str, ...]


@contextmanager
def captured() -> Iterator[list[Statement]]:
    """Every SELECT, INSERT, UPDATE and DELETE meanwhile, with its parameters."""
    found: list[Statement] = []

    def note(_connection: Any, _cursor: Any, text: str, parameters: Any, *_rest: Any) -> None:
        if COUNTED.match(text):
            found.append(Statement(text, parameters))

    sa.event.listen(db.engine(), "before_cursor_execute", note)
    try:
        yield found
    finally:
        sa.event.remove(db.engine(), "before_cursor_execute", note)


def plan(statement: Statement) -> Plan:
    """Run a statement again under EXPLAIN, and undo it. Only on PostgreSQL."""
    raw = db.engine().raw_connection()
    try:
        cursor = raw.cursor()
        many = isinstance(statement.parameters, list)
        parameters = statement.parameters[0] if many else statement.parameters
        cursor.execute(f"EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) {statement.text}", parameters)
        (found,) = cursor.fetchone() or ([],)
        return _plan(statement, found[0])
    finally:
        raw.rollback()
        raw.close()


def _plan(statement: Statement, found: dict[str, Any]) -> Plan:
    top = found["Plan"]
    buffers = top.get("Shared Hit Blocks", 0) + top.get("Shared Read Blocks", 0)
    milliseconds = found["Planning Time"] + found["Execution Time"]
    scans = {node["Relation Name"] for node in _nodes(top) if _reads_all(node)}
    return Plan(statement, milliseconds, buffers, tuple(sorted(scans & GROWING)))


def _reads_all(node: dict[str, Any]) -> bool:
    """Whether a node reads a table from end to end. For a few rows that is the best plan."""
    read = node.get("Actual Rows", 0) + node.get("Rows Removed by Filter", 0)
    return bool(node["Node Type"] == "Seq Scan" and read > FEW_ROWS)


def _nodes(node: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield node
    for child in node.get("Plans", ()):
        yield from _nodes(child)
