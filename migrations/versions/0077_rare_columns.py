"""Indexes of what few cases have hold those cases alone.

SQLite took the index of secrecy for the cases that have none, which are nearly all, in place of the index of
open cases; and it looked for the parts of a case by reading every case.
"""

import sqlalchemy as sa
from alembic import op

revision = "0077"
down_revision = "0076"
branch_labels = None
depends_on = None

RARE = ("secrecy", "merged_into_id", "split_from_id")


def upgrade() -> None:
    """Forward."""
    for name in RARE:
        where = sa.text(f"{name} IS NOT NULL")
        op.drop_index(f"ix_case_{name}", "case")
        op.create_index(f"ix_case_{name}", "case", [name], postgresql_where=where, sqlite_where=where)
