"""An SQLite database with the rows of a filled PostgreSQL one."""

import json
import sqlite3
from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any

import psycopg

from portal import config, db, install
from portal.operations import migrations
from tests.bench.filling import fill

BATCH = 5_000


def fill_from(address: str, source: str, say: Callable[[str], None]) -> None:
    """Migrate an empty SQLite file, and copy every row of a PostgreSQL database into it."""
    install(config.load(**fill.SETTINGS, database_url=address))
    db.lift_time_limits()
    migrations.upgrade()
    db.engine().dispose()
    file = address.removeprefix("sqlite:///")
    with sqlite3.connect(file) as target, psycopg.connect(fill.plain(source)) as origin:
        target.execute("PRAGMA synchronous=OFF")
        for table in migrations.metadata().sorted_tables:
            columns = [column.name for column in table.columns if column.computed is None]
            listed = ", ".join(f'"{name}"' for name in columns)
            target.execute(f'DELETE FROM "{table.name}"')
            add = f'INSERT INTO "{table.name}" ({listed}) VALUES ({", ".join("?" * len(columns))})'
            with origin.cursor() as rows:
                rows.execute(f'SELECT {listed} FROM "{table.name}" ORDER BY 1')
                while batch := rows.fetchmany(BATCH):
                    target.executemany(add, [tuple(map(_value, row)) for row in batch])
        target.commit()
        target.execute("ANALYZE")
    say("  copied to SQLite")


def _value(value: Any) -> Any:
    """A value as the portal stores it in SQLite: moments in UTC without a zone, JSON as text."""
    if isinstance(value, datetime):
        return value.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S.%f")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, dict | list):
        return json.dumps(value)
    return value
