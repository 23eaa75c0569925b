"""The index of files that are scanned and counted: those of every state but ready."""

import sqlalchemy as sa
from alembic import op

revision = "0075"
down_revision = "0074"
branch_labels = None
depends_on = None

NOT_READY = sa.text("state <> 'ready'")


def upgrade() -> None:
    """Forward."""
    op.create_index(
        "ix_stored_file_not_ready",
        "stored_file",
        ["state", "id"],
        postgresql_where=NOT_READY,
        sqlite_where=NOT_READY,
    )
    op.drop_index("ix_stored_file_waiting", "stored_file")
