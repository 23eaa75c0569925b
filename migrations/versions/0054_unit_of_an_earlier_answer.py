"""The unit that handled a case in an earlier round."""

import sqlalchemy as sa
from alembic import op

revision = "0054"
down_revision = "0053"
branch_labels = None
depends_on = None

# The unit of then is not known: that of now is the best guess, and what was counted until now.
UNITS = (
    "UPDATE past_clock SET handling_unit_id = "
    '(SELECT handling_unit_id FROM "case" WHERE "case".id = past_clock.case_id)'
)


def upgrade() -> None:
    """Forward."""
    # In the statement that adds the column: SQLite adds no constraint to a table afterwards.
    unit = sa.ForeignKey("unit.id", name="fk_past_clock_handling_unit_id")
    column = sa.Column("handling_unit_id", sa.Integer(), unit, nullable=True)
    op.add_column("past_clock", column, inline_references=True)
    op.execute(UNITS)
