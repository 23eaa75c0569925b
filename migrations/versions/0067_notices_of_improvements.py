"""Notices of staff about improvements: such a notice has no case."""

import sqlalchemy as sa
from alembic import op

revision = "0067"
down_revision = "0066"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Forward."""
    with op.batch_alter_table("staff_notice") as notice:
        notice.alter_column("case_id", existing_type=sa.Integer(), nullable=True)
        notice.add_column(sa.Column("improvement_id", sa.Integer(), nullable=True))
        name = op.f("fk_staff_notice_improvement_id")
        notice.create_foreign_key(name, "improvement", ["improvement_id"], ["id"])
    op.create_index("ix_staff_notice_improvement_id", "staff_notice", ["improvement_id"])
