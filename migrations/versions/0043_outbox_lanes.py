"""Indexes for a lane of each medium, and for the order of the messages of a case."""

import sqlalchemy as sa
from alembic import op

revision = "0043"
down_revision = "0042"
branch_labels = None
depends_on = None

WAITING = sa.text("state IN ('queued', 'sending')")


def upgrade() -> None:
    """Forward."""
    op.drop_index("ix_outbox_due", "outbox")
    _create("ix_outbox_due", ["medium", "next_try_at", "id"])
    _create("ix_outbox_order", ["case_id", "medium", "id"])


def _create(name: str, columns: list[str]) -> None:
    op.create_index(name, "outbox", columns, postgresql_where=WAITING, sqlite_where=WAITING)
