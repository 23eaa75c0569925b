"""Closed months as they were counted and what is published of them, in place of the kept counts."""

import sqlalchemy as sa
from alembic import op

revision = "0063"
down_revision = "0062"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Forward."""
    # Empty: the worker counts the months that are closed, one at a time.
    op.create_table(
        "statistics_month",
        sa.Column("month", sa.Date(), nullable=False),
        sa.Column("counted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("last_case", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("month", name=op.f("pk_statistics_month")),
    )
    op.create_table(
        "statistics_cell",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("month", sa.Date(), nullable=False),
        sa.Column("kind", sa.String(40), nullable=False),
        sa.Column("board_id", sa.Integer(), nullable=False),
        sa.Column("administration_id", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("category_id", sa.Integer(), nullable=True),
        sa.Column("channel", sa.String(40), nullable=False),
        sa.Column("level", sa.Integer(), nullable=True),
        sa.Column("language", sa.Text(), nullable=False),
        sa.Column("sums", sa.JSON(), nullable=False),
        *_foreign_keys(),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_statistics_cell")),
    )
    op.create_index(op.f("ix_statistics_cell_month"), "statistics_cell", ["month"])
    op.create_table(
        "statistics_row",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("of", sa.String(40), nullable=False),
        sa.Column("keys", sa.JSON(), nullable=False),
        sa.Column("names", sa.JSON(), nullable=False),
        sa.Column("others", sa.Boolean(), nullable=False),
        sa.Column("first", sa.Date(), nullable=False),
        sa.Column("last", sa.Date(), nullable=False),
        sa.Column("sums", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_statistics_row")),
    )
    op.create_index("ix_statistics_row_last", "statistics_row", ["last", "id"])
    for name in ("statistics_counts", "statistics_promise", "statistics_pending"):
        op.drop_table(name)


def _foreign_keys() -> list[sa.ForeignKeyConstraint]:
    keys = [("month", "statistics_month.month")]
    keys += [(f"{name}_id", f"{name}.id") for name in ("board", "administration", "unit", "category")]
    return [
        sa.ForeignKeyConstraint(
            [column], [target], name=op.f(f"fk_statistics_cell_{column}_{target.split('.')[0]}")
        )
        for column, target in keys
    ]
