"""Matters that are received wherever they are sent, and the day on which they were passed on."""

import sqlalchemy as sa
from alembic import op

revision = "0037"
down_revision = "0036"
branch_labels = None
depends_on = None

MATTERS = ("appeal", "damages", "child_concern", "whistleblowing", "time_limit")


def upgrade() -> None:
    """Forward."""
    what = sa.Enum(*MATTERS, name="legalmatter", native_enum=False, length=40)
    op.add_column("case", sa.Column("legal_matter", what, nullable=True))
    op.add_column("case", sa.Column("matter_passed_on", sa.Date(), nullable=True))
