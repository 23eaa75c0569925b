"""The promise in full and the whole life of a case: pauses by date, extensions, past rounds, relations.

Columns are added one by one and none of the tables is built anew: SQLite would let go of what refers to it.
"""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

PURPOSES = ("answer", "question", "contact", "call")
REFERENCES = (
    ("case", "contact_id", "membership"),
    ("case", "merged_into_id", "case"),
    ("case", "split_from_id", "case"),
    ("membership", "substitute_for_id", "membership"),
    ("sign_in", "membership_id", "membership"),
)


def upgrade() -> None:
    """Forward."""
    _cases()
    _past_clocks()
    _relations()
    op.add_column(
        "message", sa.Column("purpose", sa.Enum(*PURPOSES, name="purpose", native_enum=False, length=40))
    )
    for table, column, other in REFERENCES:
        name = f"fk_{table}_{column}"
        op.execute(
            f'ALTER TABLE "{table}" ADD COLUMN {column} INTEGER CONSTRAINT {name} REFERENCES "{other}" (id)'
        )
    for column in ("merged_into_id", "split_from_id"):
        op.create_index(f"ix_case_{column}", "case", [column])


def _cases() -> None:
    no = sa.false()
    for column in (
        sa.Column("close_details", sa.JSON()),
        sa.Column("record_request", sa.Boolean(), server_default=no, nullable=False),
        sa.Column("pauses", sa.JSON(), server_default="[]", nullable=False),
        sa.Column("supplement_due", sa.Date()),
        sa.Column("extended_on", sa.Date()),
        sa.Column("extended_to", sa.Date()),
        sa.Column("extension_reason", sa.Text()),
        sa.Column("extended_for_summer", sa.Boolean(), server_default=no, nullable=False),
        sa.Column("unsatisfied", sa.Boolean(), server_default=no, nullable=False),
    ):
        op.add_column("case", column)
    # Nothing has been released that counts on it: which days were not counted stands in `pauses` now.
    op.execute('ALTER TABLE "case" DROP COLUMN paused_days')


def _past_clocks() -> None:
    op.create_table(
        "past_clock",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("started_on", sa.Date(), nullable=False),
        sa.Column("pauses", sa.JSON(), nullable=False),
        sa.Column("due_contact", sa.Date()),
        sa.Column("due_answer", sa.Date()),
        sa.Column("extended_to", sa.Date()),
        sa.Column("extended_for_summer", sa.Boolean(), nullable=False),
        sa.Column("unsatisfied", sa.Boolean(), nullable=False),
        sa.Column("contacted_at", sa.DateTime(timezone=True)),
        sa.Column("answered_at", sa.DateTime(timezone=True)),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["case.id"], name="fk_past_clock_case_id"),
        sa.PrimaryKeyConstraint("id", name="pk_past_clock"),
    )
    op.create_index("ix_past_clock_case_id", "past_clock", ["case_id"])


def _relations() -> None:
    op.create_table(
        "case_relation",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("other_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["case.id"], name="fk_case_relation_case_id"),
        sa.ForeignKeyConstraint(["other_id"], ["case.id"], name="fk_case_relation_other_id"),
        sa.PrimaryKeyConstraint("id", name="pk_case_relation"),
        sa.UniqueConstraint("case_id", "other_id", name="uq_case_relation_case_id_other_id"),
    )
    op.create_index("ix_case_relation_other_id", "case_relation", ["other_id"])
