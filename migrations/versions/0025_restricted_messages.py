"""An index of the few messages that are marked as secret or stay with an authority, for searching."""

import sqlalchemy as sa
from alembic import op

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None

RESTRICTED = sa.text("secrecy_provision IS NOT NULL OR kept_by_board_id IS NOT NULL")


def upgrade() -> None:
    """Forward."""
    op.create_index(
        "ix_message_restricted",
        "message",
        ["id"],
        postgresql_where=RESTRICTED,
        sqlite_where=RESTRICTED,
    )
