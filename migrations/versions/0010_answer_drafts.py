"""What an officer is writing as an answer, kept by the server."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Forward."""
    op.create_table(
        "answer_draft",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("membership_id", sa.Integer(), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("saved_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["case.id"], name="fk_answer_draft_case_id"),
        sa.ForeignKeyConstraint(["membership_id"], ["membership.id"], name="fk_answer_draft_membership_id"),
        sa.PrimaryKeyConstraint("id", name="pk_answer_draft"),
        sa.UniqueConstraint("case_id", "membership_id", name="uq_answer_draft_case_id_membership_id"),
    )
    op.create_index("ix_answer_draft_membership_id", "answer_draft", ["membership_id"])
    op.create_index("ix_answer_draft_saved_at", "answer_draft", ["saved_at"])
