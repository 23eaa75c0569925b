"""A session knows when its person was identified. Those that are open do not, and count as old."""

import sqlalchemy as sa
from alembic import op

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Forward."""
    op.add_column("sign_in", sa.Column("authenticated_at", sa.DateTime(timezone=True)))
