"""Rows that name a person, and how they could be tied to the rows of a case sent anonymously."""

import base64
import datetime as dt
import itertools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from portal import clock, db
from portal.crypto import Encrypted
from portal.operations import migrations

NEAR = dt.timedelta(minutes=5)
# Columns of personal data without a foreign key. The id in the trail is a person's for some kinds of actor.
PERSONAL = frozenset({"email", "phone", "address", "recipient", "identity_number", "actor_id"})
FERNET = b"gAAAAA"


@dataclass(frozen=True)
class Row:
    """A row as the database stores it: what is encrypted stays so."""

    table: str
    values: dict[str, Any]

    @property
    def key(self) -> tuple[str, Any]:
        """Which row it is."""
        return self.table, self.values.get("id")

    def moments(self) -> Iterator[tuple[str, dt.datetime]]:
        """Every time in the row by its column, those in the tokens of encrypted columns among them."""
        for column, value in self.values.items():
            if isinstance(value, dt.datetime):
                yield column, value
            elif isinstance(value, bytes) and value.startswith(FERNET):
                stamp = int.from_bytes(base64.urlsafe_b64decode(value)[1:9], "big")
                yield f"{column} (token)", dt.datetime.fromtimestamp(stamp, dt.UTC)


def is_of_a_case(table: sa.Table) -> bool:
    """Whether the rows of the table are those of a case."""
    return table.name == "case" or any(key.column.table.name == "case" for key in table.foreign_keys)


def leads_to_person(table: sa.Table) -> bool:
    """Whether foreign keys lead from a row of the table to a person, not by way of a case."""
    if table.name == "person":
        return True
    targets = {key.column.table for key in table.foreign_keys} - {table}
    return not is_of_a_case(table) and any(leads_to_person(target) for target in targets)


def personal_columns(table: sa.Table) -> set[str]:
    """The columns that name a person in a row where they hold something."""
    columns = set()
    for column in table.columns:
        names = any(leads_to_person(key.column.table) for key in column.foreign_keys)
        if names or column.name in PERSONAL or isinstance(column.type, Encrypted):
            columns.add(column.name)
    return columns | ({"id"} if table.name == "person" else set())


def rows(table: sa.Table) -> list[Row]:
    """Every row of a table."""
    columns = []
    for column in table.columns:
        encrypted = isinstance(column.type, Encrypted)
        columns.append(sa.type_coerce(column, sa.LargeBinary).label(column.name) if encrypted else column)
    with db.engine().connect() as connection:
        return [Row(table.name, dict(row)) for row in connection.execute(sa.select(*columns)).mappings()]


def rows_of_case(number: int) -> list[Row]:
    """The rows of the case with this number, in every table that has a foreign key to cases."""
    metadata = migrations.metadata()
    cases = metadata.tables["case"]
    case = next(row for row in rows(cases) if row.values["number"] == number)
    belonging = [case]
    for table in metadata.tables.values():
        keys = [key.parent.name for key in table.foreign_keys if key.column.table is cases]
        ids = [(row, {row.values[key] for key in keys}) for row in rows(table)] if table is not cases else []
        belonging += [row for row, owners in ids if case.values["id"] in owners]
    party = case.values["party_id"]
    belonging += contents_of(belonging)
    return belonging + [row for row in rows(metadata.tables["party"]) if row.values["id"] == party]


def contents_of(belonging: Sequence[Row]) -> list[Row]:
    """The contents of the files among the rows."""
    named = ("original_id", "shown_id", "thumbnail_id")
    files = [row for row in belonging if row.table == "stored_file"]
    ids = {row.values[column] for row in files for column in named}
    table = migrations.metadata().tables["stored_content"]
    return [row for row in rows(table) if row.values["id"] in ids]


def rows_naming_a_person(besides: Sequence[Row] = ()) -> list[Row]:
    """Every row that names a person, except those of the cases that they sent in their own name."""
    own = {row.key for row in besides}
    naming = []
    for table in migrations.metadata().tables.values():
        columns = personal_columns(table)
        for row in rows(table) if columns else []:
            if row.key not in own and any(row.values[column] is not None for column in columns):
                naming.append(row)
    return naming


def ties(personal: Sequence[Row], anonymous: Sequence[Row]) -> list[str]:
    """How rows that name a person and rows of an anonymous case are tied: one row, or times that are near."""
    cases = {row.key for row in anonymous}
    found = [f"{row.table} {row.values['id']} is of the case" for row in personal if row.key in cases]
    for person, case in itertools.product(personal, anonymous):
        for (column, at), (other, when) in itertools.product(person.moments(), case.moments()):
            # A whole hour says no more than the hour.
            if at != clock.to_hour(at) and abs(at - when) <= NEAR:
                found.append(f"{person.table}.{column} {at} is near {case.table}.{other} {when}")
    return found
