"""Indexes by which the figures of a unit are read: promises that began in a period, of any case.

The day on which the clock of a case started is added to the indexes by unit and arrival, where it takes no
more room: their entries end on a multiple of eight bytes, and four were free.
"""

import sqlalchemy as sa
from alembic import op

revision = "0076"
down_revision = "0075"
branch_labels = None
depends_on = None

PUBLIC = sa.text("secrecy IS NULL")
PLACES = ("handling_unit", "responsible_unit")
WIDE_PLACES = ("handling_board", "handling_administration", "responsible_board", "responsible_administration")


def upgrade() -> None:
    """Forward."""
    for name in PLACES:
        op.drop_index(f"ix_case_{name}", "case")
        op.create_index(f"ix_case_{name}", "case", _columns(name))
    for name in WIDE_PLACES:
        index = f"ix_case_public_{name}"
        op.drop_index(index, "case")
        op.create_index(index, "case", _columns(name), postgresql_where=PUBLIC, sqlite_where=PUBLIC)
    op.create_index(op.f("ix_past_clock_started_on"), "past_clock", ["started_on"])


def _columns(name: str) -> list[str]:
    return [f"{name}_id", "received_at", "id", "clock_started_on"]
