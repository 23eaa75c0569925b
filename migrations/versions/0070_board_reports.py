"""Reports of boards on whole months, with their comments and the cases that were chosen."""

import sqlalchemy as sa
from alembic import op

revision = "0070"
down_revision = "0069"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)
DRAFT = sa.text("fixed_at IS NULL")


def _reference(table: str, column: str, to: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{to}.id"], name=f"fk_{table}_{column}")


def upgrade() -> None:
    """Forward. No board had a report here before."""
    _report()
    _comment()
    _case()


def _report() -> None:
    op.create_table(
        "board_report",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("board_id", sa.Integer(), nullable=False),
        sa.Column("first", sa.Date(), nullable=False),
        sa.Column("last", sa.Date(), nullable=False),
        sa.Column("content", sa.JSON(), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("created_by_id", sa.Integer(), nullable=False),
        sa.Column("counted_at", MOMENT, nullable=False),
        sa.Column("fixed_at", MOMENT, nullable=True),
        sa.Column("fixed_by_id", sa.Integer(), nullable=True),
        _reference("board_report", "board_id", "board"),
        _reference("board_report", "created_by_id", "membership_snapshot"),
        _reference("board_report", "fixed_by_id", "membership_snapshot"),
    )
    op.create_index("ix_board_report_board_id", "board_report", ["board_id"])
    op.create_index(
        "uq_board_report_draft",
        "board_report",
        ["board_id", "first", "last"],
        unique=True,
        postgresql_where=DRAFT,
        sqlite_where=DRAFT,
    )


def _comment() -> None:
    op.create_table(
        "board_report_comment",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("report_id", sa.Integer(), nullable=False),
        sa.Column("section", sa.String(40), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("written_at", MOMENT, nullable=False),
        sa.Column("author_id", sa.Integer(), nullable=False),
        _reference("board_report_comment", "report_id", "board_report"),
        _reference("board_report_comment", "author_id", "membership_snapshot"),
        sa.UniqueConstraint("report_id", "section", name="uq_board_report_comment_report_id_section"),
    )


def _case() -> None:
    op.create_table(
        "board_report_case",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("report_id", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("checked", sa.Boolean(), nullable=False),
        sa.Column("written_at", MOMENT, nullable=False),
        sa.Column("author_id", sa.Integer(), nullable=False),
        _reference("board_report_case", "report_id", "board_report"),
        _reference("board_report_case", "case_id", "case"),
        _reference("board_report_case", "author_id", "membership_snapshot"),
        sa.UniqueConstraint("report_id", "case_id", name="uq_board_report_case_report_id_case_id"),
    )
    op.create_index("ix_board_report_case_case_id", "board_report_case", ["case_id"])
