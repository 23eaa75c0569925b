"""Budgets: which of them tripped in which hour, and messages that strangers cause, counted by recipient."""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Forward."""
    op.create_table(
        "budget_trip",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("hour", sa.DateTime(timezone=True), nullable=False),
        sa.Column("budget", sa.Text(), nullable=False),
        sa.Column("lane", sa.Text(), nullable=False),
        sa.Column("minutes", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_budget_trip"),
        sa.UniqueConstraint("hour", "budget", "lane", name="uq_budget_trip_hour_budget_lane"),
    )
    op.add_column("outbox", sa.Column("counted_on", sa.Date()))
    op.add_column("outbox", sa.Column("recipient_mac", sa.LargeBinary()))
    op.create_index("ix_outbox_counted", "outbox", ["counted_on", "medium"])
