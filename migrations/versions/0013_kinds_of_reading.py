"""How a case was read: opened on its page, printed, or taken along as a PDF."""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

KINDS = ("opened", "printed", "pdf")


def upgrade() -> None:
    """Forward."""
    kind = sa.Enum(*KINDS, name="readingkind", native_enum=False, length=40)
    op.add_column("read_log", sa.Column("kind", kind, server_default="opened", nullable=False))
