"""The survey after a case was closed: invitations, counted answers and free texts."""

import sqlalchemy as sa
from alembic import op

revision = "0060"
down_revision = "0058"
branch_labels = None
depends_on = None

CODE = sa.String(40)


def upgrade() -> None:
    """Forward."""
    op.create_table(
        "survey_invitation",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("nonce", sa.Text(), nullable=False),
        sa.Column("token", sa.LargeBinary(), nullable=False),
        sa.Column("case_id", sa.Integer(), sa.ForeignKey("case.id"), nullable=False),
        *_unit(),
        sa.Column("kind", CODE, nullable=False),
        sa.Column("asked_on", sa.Date(), nullable=False),
        sa.Column("answered", sa.Boolean(), nullable=False),
        sa.UniqueConstraint("token", name="uq_survey_invitation_token"),
    )
    op.create_index("ix_survey_invitation_case_id", "survey_invitation", ["case_id"])
    op.create_index("ix_survey_invitation_asked_on", "survey_invitation", ["asked_on"])
    op.create_table(
        "survey_answer",
        sa.Column("id", sa.Integer(), primary_key=True),
        *_unit(),
        sa.Column("kind", CODE, nullable=False),
        sa.Column("answered_on", sa.Date(), nullable=False),
        sa.Column("helped", CODE, nullable=False),
        sa.Column("treatment", CODE, nullable=False),
    )
    op.create_index("ix_survey_answer_unit", "survey_answer", ["unit_id", "answered_on"])
    op.create_table(
        "survey_comment",
        sa.Column("id", sa.Integer(), primary_key=True),
        *_unit(),
        sa.Column("month", sa.Date(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
    )
    for name in ("unit", "board"):
        op.create_index(f"ix_survey_comment_{name}", "survey_comment", [f"{name}_id", "month", "id"])


def _unit() -> list[sa.Column[int]]:
    return [
        sa.Column("unit_id", sa.Integer(), sa.ForeignKey("unit.id"), nullable=False),
        sa.Column("board_id", sa.Integer(), sa.ForeignKey("board.id"), nullable=False),
    ]
