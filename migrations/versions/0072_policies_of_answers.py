"""Which policies a round of a case follows."""

import sqlalchemy as sa
from alembic import op

revision = "0072"
down_revision = "0070"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Forward."""
    for table in ("case", "past_clock"):
        # NULL in older rows: not counted.
        op.add_column(table, sa.Column("contact_named", sa.Boolean(), nullable=True))
        op.add_column(table, sa.Column("answer_thanks", sa.Boolean(), nullable=True))
        op.add_column(table, sa.Column("answer_regrets", sa.Boolean(), nullable=True))
        op.add_column(table, sa.Column("answer_lix", sa.Integer(), nullable=True))
