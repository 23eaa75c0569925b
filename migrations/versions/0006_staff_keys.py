"""What staff providers know people by, and emergency access (nödåtkomst)."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Forward."""
    _staff_key()
    _break_glass()
    _break_glass_code()


def _staff_key() -> None:
    kind = sa.Enum("subject", "affiliation", "email", name="keykind", native_enum=False, length=40)
    op.create_table(
        "staff_key",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("issuer", sa.Text(), nullable=False),
        sa.Column("kind", kind, nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_staff_key_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_staff_key")),
        sa.UniqueConstraint("issuer", "kind", "value", name=op.f("uq_staff_key_issuer_kind_value")),
    )
    op.create_index(op.f("ix_staff_key_person_id"), "staff_key", ["person_id"], unique=False)


def _break_glass() -> None:
    event = sa.Enum("opened", "used", "ended", name="happening", native_enum=False, length=40)
    roles = ("officer", "head_of_unit", "head_of_administration", "registrar", "records_officer")
    roles += ("analyst", "process_owner", "administrator")
    op.create_table(
        "break_glass",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("event", event, nullable=False),
        sa.Column("membership_id", sa.Integer(), nullable=False),
        sa.Column("role", sa.Enum(*roles, name="role", native_enum=False, length=40), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("seal", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["membership_id"], ["membership.id"], name=op.f("fk_break_glass_membership_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_break_glass")),
    )
    op.create_index(op.f("ix_break_glass_membership_id"), "break_glass", ["membership_id"], unique=False)


def _break_glass_code() -> None:
    op.create_table(
        "break_glass_code",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("code", sa.LargeBinary(), nullable=False),
        sa.Column("membership_id", sa.Integer(), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["membership_id"], ["membership.id"], name=op.f("fk_break_glass_code_membership_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_break_glass_code")),
        sa.UniqueConstraint("code", name=op.f("uq_break_glass_code_code")),
        sa.UniqueConstraint("membership_id", name=op.f("uq_break_glass_code_membership_id")),
    )
