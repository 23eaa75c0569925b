"""Indexes for the answers of a unit in a period."""

import sqlalchemy as sa
from alembic import op

revision = "0051"
down_revision = "0050"
branch_labels = None
depends_on = None

ANSWERED = sa.text("answered_at IS NOT NULL")


def upgrade() -> None:
    """Forward."""
    op.create_index(
        "ix_case_unit_answered",
        "case",
        ["handling_unit_id", "answered_at"],
        postgresql_where=ANSWERED,
        sqlite_where=ANSWERED,
    )
    op.create_index("ix_past_clock_answered_at", "past_clock", ["answered_at"])
