"""For whom a sender writes, what a provider vouches for in a session, and who looked at who is protected."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

KINDS = sa.Enum("organisation", "child", "helped", name="forwhom", native_enum=False, length=40)
READ = sa.Enum("case", "sender", name="read", native_enum=False, length=40)


def upgrade() -> None:
    """Forward."""
    op.create_table(
        "representation",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("kind", KINDS, nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("organisation_number", sa.Text(), nullable=True),
        sa.Column("vouched", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["case.id"], name=op.f("fk_representation_case_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_representation")),
        sa.UniqueConstraint("case_id", name=op.f("uq_representation_case_id")),
    )
    op.add_column("sign_in", sa.Column("organisation_name", sa.LargeBinary(), nullable=True))
    op.add_column("sign_in", sa.Column("organisation_number", sa.LargeBinary(), nullable=True))
    op.add_column("read_log", sa.Column("what", READ, nullable=False, server_default="case"))
