"""The duplicates that a draft of an answer leaves out."""

import sqlalchemy as sa
from alembic import op

revision = "0039"
down_revision = "0038"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Forward. The drafts that are there leave none out."""
    left_out = sa.Column("left_out", sa.JSON(), server_default="[]", nullable=False)
    op.add_column("answer_draft", left_out)
