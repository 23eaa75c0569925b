"""Names, addresses and telephone numbers of people are encrypted, those that are stored already too.

The keys of the settings are needed, as everywhere. Code from before this cannot read the columns.
"""

import sqlalchemy as sa
from alembic import op

from portal import crypto

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None

# (table, column, whether it may be empty).
COLUMNS = (
    ("party", "name", True),
    ("party", "email", True),
    ("party", "phone", True),
    ("party", "address", True),
    ("person", "name", False),
    ("person", "email", True),
    ("person", "phone", True),
    ("representation", "name", False),
)


def upgrade() -> None:
    """Forward."""
    for table, column, optional in COLUMNS:
        _encrypt(table, column, optional)
    if op.get_bind().dialect.name == "sqlite":
        _purge_index()


def _encrypt(table: str, column: str, optional: bool) -> None:
    sealed = f"{column}_sealed"
    # A default, since SQLite adds no column without one that may not be empty.
    default = None if optional else sa.text("''" if op.get_bind().dialect.name == "postgresql" else "x''")
    op.add_column(table, sa.Column(sealed, sa.LargeBinary(), nullable=optional, server_default=default))
    rows = sa.table(table, sa.column("id"), sa.column(column), sa.column(sealed, sa.LargeBinary()))
    connection = op.get_bind()
    filled = sa.select(rows.c.id, rows.c[column]).where(rows.c[column].is_not(None))
    for row_id, text in connection.execute(filled).all():
        values = {sealed: crypto.encrypt(text)}
        connection.execute(sa.update(rows).where(rows.c.id == row_id).values(values))
    op.drop_column(table, column)
    # Both databases understand it, and SQLite need not copy the table.
    op.execute(f"ALTER TABLE {table} RENAME COLUMN {sealed} TO {column}")


def _purge_index() -> None:
    # FTS5 keeps the words of protected people, marked as deleted, until it merges.
    op.execute("INSERT INTO search_fts (search_fts) VALUES ('optimize')")
