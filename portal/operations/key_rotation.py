"""Re-encrypt stored values with the newest data key and rehash lookups with the newest index key.

It runs beside the portal, in short transactions, and can be interrupted and run again.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import sqlalchemy as sa

from portal import crypto
from portal.db import session as _session
from portal.db import transaction
from portal.identity.account_linking import NUMBERS, PRIDS
from portal.operations import migrations

# Few enough that no writer waits long for the locks.
BATCH = 200
# (table, index column): (encrypted column, purpose of the hash).
INDEXED: Mapping[tuple[str, str], tuple[str, str]] = {
    ("person", "identity_number_index"): ("identity_number", NUMBERS),
    ("person", "prid_index"): ("prid", PRIDS),
    ("party", "identity_number_index"): ("identity_number", NUMBERS),
}


def encrypted_tables() -> Iterator[sa.Table]:
    """The tables that have encrypted columns."""
    return filter(encrypted_columns, migrations.metadata().tables.values())


def encrypted_columns(table: sa.Table) -> list[sa.Column[Any]]:
    """The encrypted columns of a table."""
    return [column for column in table.columns if isinstance(column.type, crypto.Encrypted)]


def rotate_table(table: sa.Table) -> tuple[int, int]:
    """Rotate a table in transactions of BATCH rows; returns the rows changed and the rows read."""
    changed = seen = last_id = 0
    while True:
        with transaction():
            rows = _next_rows(table, last_id)
            changed += sum(_rotate_row(table, row) for row in rows)
        if not rows:
            return changed, seen
        seen += len(rows)
        last_id = rows[-1].id


def _next_rows(table: sa.Table, last_id: int) -> Sequence[sa.Row[Any]]:
    """The next rows by id, with the encrypted values as stored."""
    stored = [_stored(column) for column in encrypted_columns(table)]
    query = sa.select(table.c.id, *stored, *_indexes(table)).where(table.c.id > last_id)
    # Locked until they are written, so that a change made in between is not overwritten.
    return _session().execute(query.order_by(table.c.id).limit(BATCH).with_for_update()).all()


def _stored(column: sa.Column[Any]) -> sa.Label[bytes]:
    # As bytes: the column's own type would decrypt the value and hide which key it is under.
    return sa.type_coerce(column, sa.LargeBinary).label(column.name)


def _indexes(table: sa.Table) -> list[sa.Column[Any]]:
    return [table.c[index] for name, index in INDEXED if name == table.name]


def _rotate_row(table: sa.Table, row: sa.Row[Any]) -> bool:
    stored = dict(row._mapping)
    values = _new_tokens(table, stored) | _new_indexes(table, stored)
    if values:
        _session().execute(sa.update(table).where(table.c.id == row.id).values(values))
    return bool(values)


def _new_tokens(table: sa.Table, stored: Mapping[str, Any]) -> dict[str, Any]:
    """The encrypted values that are under an older data key, under the newest."""
    values = {}
    for column in encrypted_columns(table):
        token = stored[column.name]
        rotated = crypto.rotate_token(token) if token is not None else None
        if rotated:
            # A literal of plain bytes: the column's own type would encrypt the token once more.
            values[column.name] = sa.literal(rotated, sa.LargeBinary)
    return values


def _new_indexes(table: sa.Table, stored: Mapping[str, Any]) -> dict[str, Any]:
    """The lookup hashes that are under an older index key, under the newest."""
    values = {}
    for (name, index), (column, purpose) in INDEXED.items():
        if name == table.name and stored[column] is not None:
            newest = crypto.blind_index(purpose, crypto.decrypt(stored[column]))
            if stored[index] is not None and stored[index] != newest:
                values[index] = newest
    return values
