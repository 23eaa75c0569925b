"""Which improvement a proposal in a case became."""

import sqlalchemy as sa
from alembic import op

revision = "0074"
down_revision = "0073"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Forward. No proposal was one before."""
    key = sa.ForeignKey("improvement.id", name=op.f("fk_measure_improvement_id"))
    op.add_column(
        "measure", sa.Column("improvement_id", sa.Integer(), key, nullable=True), inline_references=True
    )
    op.create_index(op.f("ix_measure_improvement_id"), "measure", ["improvement_id"])
