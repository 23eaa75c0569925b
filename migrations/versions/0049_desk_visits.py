"""Visits at the desk, each served by one membership."""

import sqlalchemy as sa
from alembic import op

revision = "0049"
down_revision = "0048"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Forward."""
    op.create_table(
        "desk_visit",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("membership_id", sa.Integer(), sa.ForeignKey("membership.id"), nullable=False),
        sa.Column("number", sa.LargeBinary(), nullable=True),
        sa.Column("number_mac", sa.LargeBinary(), nullable=True),
        sa.Column("screen", sa.LargeBinary(), nullable=True),
        sa.Column("case_id", sa.Integer(), sa.ForeignKey("case.id"), nullable=True),
        sa.Column("person_id", sa.Integer(), sa.ForeignKey("person.id"), nullable=True),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("claimed_at", MOMENT, nullable=True),
        sa.Column("known_at", MOMENT, nullable=True),
        sa.Column("ended_at", MOMENT, nullable=True),
        sa.UniqueConstraint("number_mac", name="uq_desk_visit_number_mac"),
        sa.UniqueConstraint("screen", name="uq_desk_visit_screen"),
    )
    for column in ("membership_id", "case_id", "person_id", "created_at"):
        op.create_index(f"ix_desk_visit_{column}", "desk_visit", [column])
