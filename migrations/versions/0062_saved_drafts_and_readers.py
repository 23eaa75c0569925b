"""Drafts that a signed-in person saves, and the role and place of each reader in the read log."""

import sqlalchemy as sa
from alembic import op

revision = "0062"
down_revision = "0060"
branch_labels = None
depends_on = None

ROLES = (
    "officer",
    "head_of_unit",
    "head_of_administration",
    "registrar",
    "records_officer",
    "analyst",
    "process_owner",
    "administrator",
)
PLACES = ("unit", "board", "administration")


def upgrade() -> None:
    """Forward."""
    op.create_table(
        "saved_draft",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("handle", sa.Text(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.UniqueConstraint("handle", name="uq_saved_draft_handle"),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name="fk_saved_draft_person_id"),
    )
    op.create_index("ix_saved_draft_person_id", "saved_draft", ["person_id"])
    op.create_index("ix_saved_draft_expires_at", "saved_draft", ["expires_at"])
    # Rows from before have none: what their memberships were then is not known.
    role = sa.Enum(*ROLES, name="role", native_enum=False, length=40)
    op.add_column("read_log", sa.Column("role", role, nullable=True))
    for place in PLACES:
        # In the statement that adds the column: SQLite adds no constraint to a table afterwards.
        key = sa.ForeignKey(f"{place}.id", name=f"fk_read_log_{place}_id")
        op.add_column(
            "read_log", sa.Column(f"{place}_id", sa.Integer(), key, nullable=True), inline_references=True
        )
