"""A PostgreSQL database as a test begins: what the profile gave, numbers from the start, nothing else."""

from collections.abc import Iterator
from contextlib import contextmanager

import psycopg
import sqlalchemy as sa

from portal.operations import migrations

# The tables that the profile fills.
PROFILE_TABLES = (
    "profile_version",
    "board",
    "administration",
    "unit",
    "category",
    "answer_template",
    "answer_template_version",
)
# One function, called by one connection that stays open: PostgreSQL plans its hundreds of statements once.
_FUNCTION = "CREATE FUNCTION applied.restore() RETURNS void LANGUAGE plpgsql AS $$ BEGIN {} END $$"
_connections: dict[str, psycopg.Connection] = {}


@contextmanager
def restorable(url: str) -> Iterator[None]:
    """Copy what the profile gave into a schema of its own, from where `empty` restores it."""
    address = sa.make_url(url).set(drivername="postgresql").render_as_string(hide_password=False)
    with psycopg.connect(address, autocommit=True) as connection:
        connection.execute("CREATE SCHEMA applied")
        for name in PROFILE_TABLES:
            connection.execute(f'CREATE TABLE applied."{name}" AS TABLE "{name}"')
        connection.execute(_FUNCTION.format("\n".join(_statements(connection))))
        # Rows go without a look at what refers to them.
        connection.execute("SET session_replication_role = replica")
        connection.execute("SET lock_timeout = '5s'")
        _connections[url] = connection
        yield
        del _connections[url]


def empty(url: str) -> None:
    """Delete all but what the profile gave, restore that, and number from the start.

    TRUNCATE makes new files for every table and index: fifty times the work for a handful of rows.
    """
    _connections[url].execute("SELECT applied.restore()")


def _statements(connection: psycopg.Connection) -> Iterator[str]:
    for name, table in migrations.metadata().tables.items():
        is_of_profile = name in PROFILE_TABLES
        if is_of_profile:
            yield from _restored(table)
        else:
            yield f'IF EXISTS (SELECT FROM "{name}") THEN DELETE FROM "{name}"; END IF;'
        if "id" in table.columns and isinstance(table.columns["id"].type, sa.Integer):
            query = "SELECT quote_literal(pg_get_serial_sequence(%s, 'id'))"
            (sequence,) = connection.execute(query, [f'"{name}"']).fetchone() or ()
            first = f'(SELECT coalesce(max(id), 0) + 1 FROM "{name}")' if is_of_profile else "1"
            yield f"IF pg_sequence_last_value({sequence}) IS NOT NULL THEN"
            yield f"  PERFORM setval({sequence}, {first}, false); END IF;"


def _restored(table: sa.Table) -> Iterator[str]:
    """A test may have added rows, or changed some: a name, or when they were closed."""
    name = table.name
    columns = [f'"{column.name}"' for column in table.columns]
    values = ", ".join(f"applied.{column}" for column in columns)
    yield f'DELETE FROM "{name}" WHERE id NOT IN (SELECT id FROM applied."{name}");'
    yield (
        f'UPDATE "{name}" SET ({", ".join(columns)}) = ROW({values}) FROM applied."{name}" AS applied'
        f' WHERE applied.id = "{name}".id AND applied::text <> "{name}"::text;'
    )
