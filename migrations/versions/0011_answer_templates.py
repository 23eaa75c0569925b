"""Answer templates and their versions."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

KINDS = ("fraga", "klagomal", "berom", "forslag", "felanmalan")


def upgrade() -> None:
    """Forward."""
    op.create_table(
        "answer_template",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.Text(), nullable=True),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("kind", sa.Enum(*KINDS, name="kind", native_enum=False, length=40), nullable=True),
        sa.Column("category_id", sa.Integer(), nullable=True),
        sa.Column("language", sa.Text(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=True),
        sa.Column("archived_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["category_id"], ["category.id"], name="fk_answer_template_category_id"),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name="fk_answer_template_unit_id"),
        sa.PrimaryKeyConstraint("id", name="pk_answer_template"),
        sa.UniqueConstraint("key", name="uq_answer_template_key"),
    )
    op.create_index("ix_answer_template_unit_id", "answer_template", ["unit_id"])
    op.create_table(
        "answer_template_version",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("template_id", sa.Integer(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("author_id", sa.Integer(), nullable=True),
        sa.Column("saved_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["template_id"], ["answer_template.id"], name="fk_answer_template_version_template_id"
        ),
        sa.ForeignKeyConstraint(
            ["author_id"], ["membership.id"], name="fk_answer_template_version_author_id"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_answer_template_version"),
    )
    op.create_index("ix_answer_template_version_template_id", "answer_template_version", ["template_id"])
