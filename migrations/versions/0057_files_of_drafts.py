"""The uploads of an answer that is not sent yet."""

import sqlalchemy as sa
from alembic import op

revision = "0057"
down_revision = "0056"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Forward."""
    # Encrypted: a handle opens an upload.
    op.add_column("answer_draft", sa.Column("files", sa.LargeBinary(), nullable=True))
