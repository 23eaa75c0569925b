"""Markers of cases whose texts have changed since they were indexed."""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Forward."""
    op.create_table(
        "search_pending",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True)),
        sa.ForeignKeyConstraint(["case_id"], ["case.id"], name="fk_search_pending_case_id_case"),
        sa.PrimaryKeyConstraint("id", name="pk_search_pending"),
    )
    op.create_index("ix_search_pending_case_id", "search_pending", ["case_id"])
