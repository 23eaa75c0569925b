"""Improvements that many cases lead to, and what is published of those that are done."""

import sqlalchemy as sa
from alembic import op

revision = "0066"
down_revision = "0063"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)
CURRENT = sa.text("ended_at IS NULL")
WAITING = sa.text("publication_id IS NOT NULL AND informed_at IS NULL")


def _reference(table: str, column: str, to: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{to}.id"], name=f"fk_{table}_{column}")


def upgrade() -> None:
    """Forward. Nothing was an improvement of its own before."""
    _improvement()
    _publication()
    _links()
    _log()


def _improvement() -> None:
    op.create_table(
        "improvement",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("plan", sa.Text(), nullable=False),
        sa.Column("state", sa.String(40), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("board_id", sa.Integer(), nullable=False),
        sa.Column("responsible_id", sa.Integer(), nullable=True),
        sa.Column("author_id", sa.Integer(), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        _reference("improvement", "unit_id", "unit"),
        _reference("improvement", "board_id", "board"),
        _reference("improvement", "responsible_id", "membership"),
        _reference("improvement", "author_id", "membership"),
    )
    op.create_index("ix_improvement_board", "improvement", ["board_id", "due_on", "id"])
    op.create_index("ix_improvement_unit_id", "improvement", ["unit_id"])
    op.create_index("ix_improvement_responsible_id", "improvement", ["responsible_id"])


def _publication() -> None:
    op.create_table(
        "publication",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("improvement_id", sa.Integer(), nullable=False),
        sa.Column("board_id", sa.Integer(), nullable=False),
        sa.Column("you_said", sa.Text(), nullable=False),
        sa.Column("we_did", sa.Text(), nullable=False),
        sa.Column("first_published_at", MOMENT, nullable=False),
        sa.Column("published_at", MOMENT, nullable=False),
        sa.Column("author_snapshot_id", sa.Integer(), nullable=False),
        sa.Column("ended_at", MOMENT, nullable=True),
        sa.Column("ended_by_snapshot_id", sa.Integer(), nullable=True),
        _reference("publication", "improvement_id", "improvement"),
        _reference("publication", "board_id", "board"),
        _reference("publication", "author_snapshot_id", "membership_snapshot"),
        _reference("publication", "ended_by_snapshot_id", "membership_snapshot"),
    )
    op.create_index("ix_publication_newest", "publication", ["first_published_at", "id"])
    op.create_index(
        "uq_publication_current",
        "publication",
        ["improvement_id"],
        unique=True,
        postgresql_where=CURRENT,
        sqlite_where=CURRENT,
    )


def _links() -> None:
    op.create_table(
        "improvement_case",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("improvement_id", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("linked_at", MOMENT, nullable=False),
        sa.Column("author_snapshot_id", sa.Integer(), nullable=False),
        sa.Column("publication_id", sa.Integer(), nullable=True),
        sa.Column("informed_at", MOMENT, nullable=True),
        _reference("improvement_case", "improvement_id", "improvement"),
        _reference("improvement_case", "case_id", "case"),
        _reference("improvement_case", "author_snapshot_id", "membership_snapshot"),
        _reference("improvement_case", "publication_id", "publication"),
        sa.UniqueConstraint("improvement_id", "case_id", name="uq_improvement_case_improvement_id_case_id"),
    )
    op.create_index("ix_improvement_case_case_id", "improvement_case", ["case_id"])
    op.create_index(
        "ix_improvement_case_waiting",
        "improvement_case",
        ["id"],
        postgresql_where=WAITING,
        sqlite_where=WAITING,
    )


def _log() -> None:
    op.create_table(
        "improvement_entry",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("improvement_id", sa.Integer(), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("kind", sa.String(40), nullable=False),
        sa.Column("details", sa.JSON(), nullable=False),
        sa.Column("author_snapshot_id", sa.Integer(), nullable=False),
        _reference("improvement_entry", "improvement_id", "improvement"),
        _reference("improvement_entry", "author_snapshot_id", "membership_snapshot"),
    )
    op.create_index("ix_improvement_entry_improvement_id", "improvement_entry", ["improvement_id"])
