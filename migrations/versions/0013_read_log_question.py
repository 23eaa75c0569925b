"""The read log keeps which question led to a list: an HMAC. Code from before this leaves it empty."""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Forward."""
    op.add_column("read_log", sa.Column("question", sa.LargeBinary()))
