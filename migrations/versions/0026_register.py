"""The register: when a message became a row of it, and the indexes of its pages."""

import sqlalchemy as sa
from alembic import op

revision = "0026"
down_revision = "0025"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Forward."""
    with op.batch_alter_table("message") as batch:
        batch.add_column(sa.Column("registered_at", sa.DateTime(timezone=True), nullable=True))
    op.execute("UPDATE message SET registered_at = arrived_at")
    with op.batch_alter_table("message") as batch:
        batch.alter_column("registered_at", existing_type=sa.DateTime(timezone=True), nullable=False)
    op.create_index("ix_message_register", "message", ["board_id", "registered_at"])
    for column, name in (("from_board_id", "left"), ("to_board_id", "came")):
        # The new index begins with the same column.
        op.drop_index(op.f(f"ix_case_handover_{column}"), "case_handover")
        op.create_index(f"ix_case_handover_{name}", "case_handover", [column, "at"])
