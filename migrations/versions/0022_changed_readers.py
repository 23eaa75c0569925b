"""Changed readers of a case, earlier readers who may contest them, and requests for a new code."""

import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None

CHANGES = ("adopted", "new_code", "new_address", "restored")


def upgrade() -> None:
    """Forward."""
    how = sa.Enum(*CHANGES, name="readerchange", native_enum=False, length=40)
    op.add_column("case", sa.Column("reader_change", how, nullable=True))
    op.add_column("case", sa.Column("reader_changed_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("case", sa.Column("reader_contested_at", sa.DateTime(timezone=True), nullable=True))
    op.create_table(
        "earlier_reader",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("token", sa.LargeBinary(), nullable=False),
        sa.Column("code", sa.LargeBinary(), nullable=True),
        sa.Column("contact", sa.LargeBinary(), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["case.id"], name="fk_earlier_reader_case_id"),
        sa.PrimaryKeyConstraint("id", name="pk_earlier_reader"),
        sa.UniqueConstraint("token", name="uq_earlier_reader_token"),
    )
    for column in ("case_id", "code", "expires_at"):
        op.create_index(f"ix_earlier_reader_{column}", "earlier_reader", [column])
    op.create_table(
        "code_request",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("email", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_code_request"),
    )
