"""What a page costs: the statements that the database is given while it is made."""

import re
from collections.abc import Iterator
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
