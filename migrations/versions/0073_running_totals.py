"""Sums of the counted months from the first to each, and the answers of the survey that are counted."""

from collections import Counter
from datetime import date
from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0073"
down_revision = "0072"
branch_labels = None
depends_on = None

# The dimension, and its column of a cell; of the month there is one value, which is everything.
COLUMNS = {
    "month": None,
    "board": "board_id",
    "administration": "administration_id",
    "unit": "unit_id",
    "topic": "category_id",
    "kind": "kind",
    "channel": "channel",
    "level": "level",
    "language": "language",
}
TOTAL = sa.table(
    "statistics_running_total",
    sa.column("dimension", sa.Text),
    sa.column("month", sa.Date),
    sa.column("key", sa.Text),
    sa.column("sums", sa.JSON),
)
MONTH = sa.table("statistics_month", sa.column("month", sa.Date))
CELL = sa.table(
    "statistics_cell",
    sa.column("month", sa.Date),
    sa.column("sums", sa.JSON),
    *(
        sa.column(name, sa.Text if name in ("kind", "channel", "language") else sa.Integer)
        for name in COLUMNS.values()
        if name
    ),
)


def upgrade() -> None:
    """Forward."""
    _create_survey()
    op.create_table(
        "statistics_running_total",
        sa.Column("dimension", sa.String(40), nullable=False),
        sa.Column("month", sa.Date(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("sums", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(
            ["month"],
            ["statistics_month.month"],
            name=op.f("fk_statistics_running_total_month_statistics_month"),
        ),
        sa.PrimaryKeyConstraint("dimension", "month", "key", name=op.f("pk_statistics_running_total")),
    )
    connection = op.get_bind()
    totals: dict[tuple[str, str], Counter[str]] = {}
    for month in connection.scalars(sa.select(MONTH.c.month).order_by(MONTH.c.month)).all():
        _add_cells(connection, month, totals)
        _write(connection, month, totals)


def _create_survey() -> None:
    # Empty: the answers until now are in the next month that is counted.
    op.create_table(
        "statistics_survey",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("board_id", sa.Integer(), nullable=False),
        sa.Column("last", sa.Date(), nullable=False),
        sa.Column("sums", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_statistics_survey_unit_id_unit")),
        sa.ForeignKeyConstraint(["board_id"], ["board.id"], name=op.f("fk_statistics_survey_board_id_board")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_statistics_survey")),
    )
    op.create_index("ix_statistics_survey_unit", "statistics_survey", ["unit_id", "board_id", "last"])
    op.create_index(op.f("ix_statistics_survey_last"), "statistics_survey", ["last"])


def _add_cells(connection: sa.Connection, month: date, totals: dict[tuple[str, str], Counter[str]]) -> None:
    for cell in connection.execute(sa.select(CELL).where(CELL.c.month == month)).mappings():
        for dimension, column in COLUMNS.items():
            value = cell[column] if column else None
            key = "" if value is None else str(value)
            totals.setdefault((dimension, key), Counter()).update(cell["sums"])


def _write(connection: sa.Connection, month: date, totals: dict[tuple[str, str], Counter[str]]) -> None:
    rows: list[dict[str, Any]] = [
        {"dimension": dimension, "month": month, "key": key, "sums": dict(sums)}
        for (dimension, key), sums in totals.items()
    ]
    if rows:
        connection.execute(sa.insert(TOTAL), rows)
