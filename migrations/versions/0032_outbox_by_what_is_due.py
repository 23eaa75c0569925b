"""The worker finds the messages that are due, and the texts to be cleared, without reading what was sent."""

import sqlalchemy as sa
from alembic import op

revision = "0032"
down_revision = "0031"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Forward."""
    waiting = sa.text("state IN ('queued', 'sending')")
    kept = sa.text("recipient IS NOT NULL")
    columns = ["next_try_at", "id"]
    op.create_index("ix_outbox_due", "outbox", columns, postgresql_where=waiting, sqlite_where=waiting)
    op.create_index("ix_outbox_kept", "outbox", ["created_at"], postgresql_where=kept, sqlite_where=kept)
