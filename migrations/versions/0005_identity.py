"""Identity: samordningsnummer with its level, persons from other countries, and spent logout tokens."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Forward."""
    with op.batch_alter_table("person", schema=None) as batch_op:
        batch_op.add_column(sa.Column("coordination_level", sa.Text(), nullable=True))
        batch_op.add_column(sa.Column("prid", sa.LargeBinary(), nullable=True))
        batch_op.add_column(sa.Column("prid_index", sa.LargeBinary(), nullable=True))
        batch_op.create_unique_constraint(batch_op.f("uq_person_prid_index"), ["prid_index"])
    op.create_table(
        "logout_token",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("token", sa.LargeBinary(), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_logout_token")),
        sa.UniqueConstraint("token", name=op.f("uq_logout_token_token")),
    )
    op.create_index(op.f("ix_logout_token_expires_at"), "logout_token", ["expires_at"], unique=False)
