"""The page that saved a draft of an answer last, so that an older tab does not replace it unseen."""

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Forward."""
    op.add_column("answer_draft", sa.Column("page", sa.Text(), nullable=True))
