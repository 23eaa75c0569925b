"""Where the fault of a report is."""

import sqlalchemy as sa
from alembic import op

revision = "0058"
down_revision = "0057"
branch_labels = None
depends_on = None

OPEN = sa.text("is_open")


def upgrade() -> None:
    """Forward."""
    op.create_table(
        "case_location",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("latitude", sa.Integer(), nullable=True),
        sa.Column("longitude", sa.Integer(), nullable=True),
        sa.Column("accuracy", sa.Integer(), nullable=True),
        sa.Column("street", sa.Text(), nullable=True),
        sa.Column("street_name", sa.Text(), nullable=True),
        sa.Column("block", sa.Integer(), nullable=True),
        sa.Column("north", sa.Integer(), nullable=True),
        sa.Column("east", sa.Integer(), nullable=True),
        sa.Column("is_open", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["case.id"], name="fk_case_location_case_id_case"),
        sa.PrimaryKeyConstraint("id", name="pk_case_location"),
        sa.UniqueConstraint("case_id", name="uq_case_location_case_id"),
    )
    op.create_index(
        "ix_case_location_street",
        "case_location",
        ["street", "case_id"],
        postgresql_where=OPEN,
        sqlite_where=OPEN,
    )
    op.create_index(
        "ix_case_location_square",
        "case_location",
        ["north", "east"],
        postgresql_where=OPEN,
        sqlite_where=OPEN,
    )
