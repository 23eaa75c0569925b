"""Measures: what was done because of a case, and proposals for improvement."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

KINDS = ("taken", "proposal")
STATES = ("proposed", "decided", "done", "rejected")


def _enum(name: str, words: tuple[str, ...]) -> sa.Enum:
    return sa.Enum(*words, name=name, native_enum=False, length=40)


def upgrade() -> None:
    """Forward."""
    op.create_table(
        "measure",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("kind", _enum("measurekind", KINDS), nullable=False),
        sa.Column("state", _enum("measurestate", STATES), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("author_id", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("settled_by_id", sa.Integer()),
        sa.Column("settled_at", sa.DateTime(timezone=True)),
        sa.ForeignKeyConstraint(["case_id"], ["case.id"], name="fk_measure_case_id"),
        sa.ForeignKeyConstraint(["author_id"], ["membership.id"], name="fk_measure_author_id"),
        sa.ForeignKeyConstraint(["settled_by_id"], ["membership.id"], name="fk_measure_settled_by_id"),
        sa.PrimaryKeyConstraint("id", name="pk_measure"),
    )
    op.create_index("ix_measure_case_id", "measure", ["case_id"])
    op.create_index("ix_measure_newest", "measure", ["created_at", "id"])
