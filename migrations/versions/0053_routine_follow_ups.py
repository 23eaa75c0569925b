"""When each routine of the profile was followed up, by whom, and when it is due again."""

import sqlalchemy as sa
from alembic import op

revision = "0053"
down_revision = "0051"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Forward. Nothing was recorded before."""
    op.create_table(
        "routine_follow_up",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("routine", sa.Text(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("followed_up_on", sa.Date(), nullable=False),
        sa.Column("next_on", sa.Date(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("author_snapshot_id", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name="fk_routine_follow_up_unit_id"),
        sa.ForeignKeyConstraint(
            ["author_snapshot_id"],
            ["membership_snapshot.id"],
            name="fk_routine_follow_up_author_snapshot_id",
        ),
        sa.UniqueConstraint("routine", "followed_up_on", name="uq_routine_follow_up_routine_followed_up_on"),
    )
