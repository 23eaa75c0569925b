"""Re-encrypt stored values with the newest data key and rehash lookups with the newest index key.

It runs beside the portal, in short transactions, and can be interrupted and run again.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import sqlalchemy as sa
from cryptography.fernet import InvalidToken

from portal import crypto
from portal.db import session as _session
from portal.db import transaction
from portal.files.uploads import DIGEST
from portal.identity.account_linking import NUMBERS, PRIDS
from portal.operations import migrations

# Few enough that no writer waits long for the locks.
BATCH = 200
# Ids that are shown of rows that no key decrypts.
MAX_IDS = 20
# (table, index column): (encrypted column, purpose of the hash).
INDEXED: Mapping[tuple[str, str], tuple[str, str]] = {
    ("person", "identity_number_index"): ("identity_number", NUMBERS),
    ("person", "prid_index"): ("prid", PRIDS),
    ("party", "identity_number_index"): ("identity_number", NUMBERS),
    # Of the digest, so that the bytes in the storage are never read.
    ("stored_content", "content_mac"): ("digest", DIGEST),
}
# The column that is hashed together with the value: uploads.content_mac().
TOGETHER_WITH = {("stored_content", "content_mac"): "name"}


def encrypted_tables() -> Iterator[sa.Table]:
    """The tables that have encrypted columns."""
    return filter(encrypted_columns, migrations.metadata().tables.values())


def encrypted_columns(table: sa.Table) -> list[sa.Column[Any]]:
    """The encrypted columns of a table."""
    return [column for column in table.columns if isinstance(column.type, crypto.Encrypted)]


@dataclass
class Rotated:
    """How many rows were changed and read, and the ids of those that no key decrypts."""

    changed: int = 0
    seen: int = 0
    unreadable: list[int] = field(default_factory=list)


def rotate_table(table: sa.Table) -> Rotated:
    """Rotate a table in transactions of BATCH rows."""
    rotated = Rotated()
    last_id = 0
    while True:
        with transaction():
            rows = _next_rows(table, last_id)
            for row in rows:
                _count(rotated, table, row)
        if not rows:
            return rotated
        last_id = rows[-1].id


def _count(rotated: Rotated, table: sa.Table, row: sa.Row[Any]) -> None:
    rotated.seen += 1
    try:
        rotated.changed += _rotate_row(table, row)
    # One row must not keep all others under the old key.
    except InvalidToken:
        rotated.unreadable.append(row.id)


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
    names = [key[1] for key in INDEXED if key[0] == table.name]
    names += [column for key, column in TOGETHER_WITH.items() if key[0] == table.name]
    return [table.c[name] for name in names]


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
            value = crypto.decrypt(stored[column])
            if beside := TOGETHER_WITH.get((name, index)):
                value = f"{stored[beside]} {value}"
            newest = crypto.blind_index(purpose, value)
            if stored[index] is not None and stored[index] != newest:
                values[index] = newest
    return values


def describe(ids: Sequence[int]) -> str:
    """How many rows, and the ids of the first of them."""
    more = ", …" if len(ids) > MAX_IDS else ""
    return f"{len(ids)} rows (id {', '.join(map(str, ids[:MAX_IDS]))}{more})"


def unreadable(table: sa.Table, where: sa.ColumnElement[bool], limit: int) -> list[int]:
    """The ids of the rows with a value that no key decrypts, among so many first and last ones."""
    columns = [_stored(column) for column in encrypted_columns(table)]
    ids: set[int] = set()
    for order in (table.c.id.asc(), table.c.id.desc()):
        query = sa.select(table.c.id, *columns).where(where).order_by(order).limit(limit)
        ids.update(row.id for row in _session().execute(query) if not _is_readable(row))
    return sorted(ids)


def _is_readable(row: sa.Row[Any]) -> bool:
    tokens: list[Any] = list(row)[1:]
    try:
        for token in filter(None, tokens):
            crypto.decrypt(token)
    except InvalidToken:
        return False
    return True
