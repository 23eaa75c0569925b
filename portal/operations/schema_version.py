"""Whether the database lacks a migration of this code; without Alembic, which no web process needs."""

from functools import cache
from pathlib import Path

import sqlalchemy as sa

FOLDER = Path(__file__).parents[2] / "migrations"
# Alembic's own table: one row with the revision that the database is at.
VERSION = sa.table("alembic_version", sa.column("version_num"))


def is_older(connection: sa.Connection) -> bool:
    """Whether the database lacks a migration of this code. A newer database is none of its business."""
    if not sa.inspect(connection).has_table(VERSION.name):
        return True
    current = connection.scalar(sa.select(VERSION.c.version_num))
    # Another node with newer code has migrated: migrations keep the version before them working.
    return current is None or current in revisions()[:-1]


@cache
def revisions() -> tuple[str, ...]:
    """The revisions of this code in their order: the numbers that the names of the files begin with."""
    return tuple(sorted(file.name[:4] for file in (FOLDER / "versions").glob("[0-9]*.py")))
