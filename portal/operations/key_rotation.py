"""Everything that is stored under an older key, put under the newest, a few rows at a time while all runs."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import sqlalchemy as sa

from portal import crypto
from portal.db import session as _session
from portal.db import transaction
from portal.identity.account_linking import NUMBERS, PRIDS
from portal.operations import migrations

ROWS = 200
# What an index is made of, and for what purpose: (table, index): (column, purpose).
INDEXED: Mapping[tuple[str, str], tuple[str, str]] = {
    ("person", "identity_number_index"): ("identity_number", NUMBERS),
    ("person", "prid_index"): ("prid", PRIDS),
    ("party", "identity_number_index"): ("identity_number", NUMBERS),
}


def tables() -> Iterator[sa.Table]:
    """Every table with something encrypted in it."""
    return (table for table in migrations.tables().tables.values() if encrypted(table))


def encrypted(table: sa.Table) -> list[sa.Column[Any]]:
    """Its encrypted columns."""
    return [column for column in table.columns if isinstance(column.type, crypto.Encrypted)]


def rotate(table: sa.Table) -> tuple[int, int]:
    """Put each row under the newest keys, in transactions of a few rows; gives how many were, of how many."""
    changed = seen = last = 0
    while True:
        with transaction():
            rows = _next(table, last)
            changed += sum(_renew(table, row) for row in rows)
        if not rows:
            return changed, seen
        seen, last = seen + len(rows), rows[-1].id


def _next(table: sa.Table, last: int) -> Sequence[sa.Row[Any]]:
    """Rows as they are stored, held until they are written: nobody's change in between is lost."""
    stored = [sa.type_coerce(column, sa.LargeBinary).label(column.name) for column in encrypted(table)]
    query = sa.select(table.c.id, *stored, *_indexes(table)).where(table.c.id > last)
    return _session().execute(query.order_by(table.c.id).limit(ROWS).with_for_update()).all()


def _indexes(table: sa.Table) -> list[sa.Column[Any]]:
    return [table.c[index] for name, index in INDEXED if name == table.name]


def _renew(table: sa.Table, row: sa.Row[Any]) -> bool:
    stored = dict(row._mapping)
    wanted = _texts(table, stored) | _found_by(table, stored)
    if wanted:
        _session().execute(sa.update(table).where(table.c.id == row.id).values(wanted))
    return bool(wanted)


def _texts(table: sa.Table, stored: Mapping[str, Any]) -> dict[str, Any]:
    """What must be encrypted anew."""
    tokens = {column.name: stored[column.name] for column in encrypted(table)}
    renewed = {name: crypto.rotate_token(token) for name, token in tokens.items() if token is not None}
    return {name: sa.literal(token, sa.LargeBinary) for name, token in renewed.items() if token}


def _found_by(table: sa.Table, stored: Mapping[str, Any]) -> dict[str, Any]:
    """Which look-ups must be made anew."""
    wanted = {}
    for (name, index), (column, purpose) in INDEXED.items():
        if name == table.name and stored[column] is not None:
            fresh = crypto.blind_index(purpose, crypto.decrypt(stored[column]))
            if stored[index] is not None and stored[index] != fresh:
                wanted[index] = fresh
    return wanted
