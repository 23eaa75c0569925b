"""Special procedures: what a topic is handled by besides the usual way."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Forward."""
    with op.batch_alter_table("category", schema=None) as batch_op:
        batch_op.add_column(sa.Column("special_procedure", sa.Text(), server_default="", nullable=False))
