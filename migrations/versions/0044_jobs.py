"""The worker's jobs, who was reminded, and the notices of staff."""

import sqlalchemy as sa
from alembic import op

revision = "0044"
down_revision = "0043"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Forward."""
    op.create_table(
        "job",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("next_due_at", MOMENT, nullable=False),
        sa.Column("lease_until", MOMENT, nullable=True),
        sa.Column("started_at", MOMENT, nullable=True),
        sa.Column("finished_at", MOMENT, nullable=True),
        sa.Column("result", sa.String(length=40), nullable=True),
        sa.Column("count", sa.Integer(), nullable=True),
        sa.Column("problem", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("name", name="pk_job"),
    )
    _staff_notices()
    op.create_table(
        "staff_mail",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("address", sa.LargeBinary(), nullable=True),
        sa.Column("choice", sa.String(length=40), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name="fk_staff_mail_person_id_person"),
        sa.PrimaryKeyConstraint("id", name="pk_staff_mail"),
        sa.UniqueConstraint("person_id", name="uq_staff_mail_person_id"),
    )
    op.add_column("case", sa.Column("supplement_reminded_on", sa.Date(), nullable=True))


def _staff_notices() -> None:
    op.create_table(
        "staff_notice",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("membership_id", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("due", sa.Date(), nullable=True),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("seen_at", MOMENT, nullable=True),
        sa.Column("mailed_at", MOMENT, nullable=True),
        sa.ForeignKeyConstraint(["case_id"], ["case.id"], name="fk_staff_notice_case_id_case"),
        sa.ForeignKeyConstraint(
            ["membership_id"], ["membership.id"], name="fk_staff_notice_membership_id_membership"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_staff_notice"),
    )
    op.create_index("ix_staff_notice_case_id", "staff_notice", ["case_id"])
    op.create_index("ix_staff_notice_created_at", "staff_notice", ["created_at"])
    op.create_index("ix_staff_notice_newest", "staff_notice", ["membership_id", "created_at", "id"])
    unseen = sa.text("seen_at IS NULL")
    op.create_index(
        "ix_staff_notice_unseen",
        "staff_notice",
        ["membership_id"],
        postgresql_where=unseen,
        sqlite_where=unseen,
    )
