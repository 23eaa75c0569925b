"""Files that people send, and their content in the storage folder."""

import sqlalchemy as sa
from alembic import op

revision = "0056"
down_revision = "0055"
branch_labels = None
depends_on = None

WAITING = sa.text("state = 'waiting'")


def upgrade() -> None:
    """Forward."""
    op.create_table(
        "stored_content",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("kind", sa.String(40), nullable=False),
        sa.Column("key", sa.LargeBinary(), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("digest", sa.LargeBinary(), nullable=False),
        sa.Column("content_mac", sa.LargeBinary(), nullable=False),
        sa.UniqueConstraint("name", name="uq_stored_content_name"),
    )
    op.create_table(
        "stored_file",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("name", sa.LargeBinary(), nullable=False),
        sa.Column("kind", sa.String(40), nullable=False),
        sa.Column("state", sa.String(40), nullable=False),
        sa.Column("pages", sa.Integer(), nullable=True),
        sa.Column("has_traces", sa.Boolean(), nullable=False),
        sa.Column("original_id", sa.Integer(), sa.ForeignKey("stored_content.id"), nullable=False),
        sa.Column("shown_id", sa.Integer(), sa.ForeignKey("stored_content.id"), nullable=False),
        sa.Column("thumbnail_id", sa.Integer(), sa.ForeignKey("stored_content.id"), nullable=True),
        sa.Column("handle", sa.LargeBinary(), nullable=True),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("case_id", sa.Integer(), sa.ForeignKey("case.id"), nullable=True),
        sa.Column("message_id", sa.Integer(), sa.ForeignKey("message.id"), nullable=True),
        sa.Column("alt", sa.LargeBinary(), nullable=True),
        sa.UniqueConstraint("handle", name="uq_stored_file_handle"),
    )
    for column in ("original_id", "shown_id", "thumbnail_id", "expires_at", "case_id", "message_id"):
        op.create_index(f"ix_stored_file_{column}", "stored_file", [column])
    op.create_index(
        "ix_stored_file_waiting", "stored_file", ["id"], postgresql_where=WAITING, sqlite_where=WAITING
    )
