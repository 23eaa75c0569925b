"""Absences of staff, with their substitutes."""

import sqlalchemy as sa
from alembic import op

revision = "0050"
down_revision = "0049"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Forward."""
    op.create_table(
        "staff_absence",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("membership_id", sa.Integer(), nullable=False),
        sa.Column("first_day", sa.Date(), nullable=False),
        sa.Column("last_day", sa.Date(), nullable=False),
        sa.Column("substitute_id", sa.Integer(), nullable=True),
        sa.Column("written_by_id", sa.Integer(), nullable=False),
        sa.CheckConstraint("first_day <= last_day", name="ck_staff_absence_days"),
        sa.ForeignKeyConstraint(
            ["membership_id"], ["membership.id"], name="fk_staff_absence_membership_id_membership"
        ),
        sa.ForeignKeyConstraint(
            ["substitute_id"], ["membership.id"], name="fk_staff_absence_substitute_id_membership"
        ),
        sa.ForeignKeyConstraint(
            ["written_by_id"], ["membership.id"], name="fk_staff_absence_written_by_id_membership"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_staff_absence"),
    )
    op.create_index("ix_staff_absence_membership_id", "staff_absence", ["membership_id"])
    op.create_index("ix_staff_absence_days", "staff_absence", ["last_day", "first_day"])
