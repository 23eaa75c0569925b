"""Measures stay with the authority that wrote them when another one comes to answer for the case."""

import sqlalchemy as sa
from alembic import op

revision = "0028"
down_revision = "0027"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Forward."""
    # No case has been handed to another authority before this release, so no measure is kept yet.
    with op.batch_alter_table("measure") as table:
        table.add_column(sa.Column("kept_by_board_id", sa.Integer(), nullable=True))
        name = op.f("fk_measure_kept_by_board_id")
        table.create_foreign_key(name, "board", ["kept_by_board_id"], ["id"])
        table.add_column(sa.Column("kept_by_branch", sa.Text(), nullable=False, server_default=""))
    held = sa.Column("measures_held", sa.JSON(), nullable=False, server_default="[]")
    op.add_column("case_handover", held)
