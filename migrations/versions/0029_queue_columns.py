"""What the queue sorts and counts by is on the case, and in an index of the open ones."""

import sqlalchemy as sa
from alembic import op

revision = "0029"
down_revision = "0028"
branch_labels = None
depends_on = None

IS_OPEN = "status IN ('awaiting_citizen', 'in_progress', 'received')"
DUE = "coalesce(due_answer, CASE WHEN contacted_at IS NULL THEN due_contact END)"
KEEP_BY = f"CASE WHEN {IS_OPEN} AND paused_on IS NULL THEN {DUE} END"
URGENCY = (
    f"CASE WHEN {IS_OPEN} AND record_request THEN '0001-01-01' "
    f"WHEN {IS_OPEN} AND paused_on IS NULL THEN coalesce({DUE}, '9999-12-31') ELSE '9999-12-31' END"
)
PROMISED_DAYS = (
    "CAST(CASE WHEN due_answer IS NOT NULL THEN promise ->> 'answer' "
    "ELSE promise ->> 'contact' END AS INTEGER)"
)
COMPUTED = (
    ("keep_by", "DATE", KEEP_BY),
    ("urgency", "DATE", URGENCY),
    ("promised_days", "INTEGER", PROMISED_DAYS),
)
PLACES = ("category", "officer", "handling_unit", "responsible_unit", "responsible_board")
WIDE_PLACES = (
    "handling_board",
    "handling_administration",
    "responsible_board",
    "responsible_administration",
)
COVERED = (
    "urgency",
    "id",
    "keep_by",
    "promised_days",
    "status",
    "handling_unit_id",
    "responsible_unit_id",
    "secrecy",
    "sender_person_id",
    "officer_id",
    "category_id",
    "kind",
    "channel",
    "unsatisfied",
    "reopened",
    "received_at",
    "updated_at",
    "handling_board_id",
    "responsible_board_id",
    "handling_administration_id",
    "responsible_administration_id",
    "reader_contested_at",
)


def upgrade() -> None:
    """Forward."""
    op.drop_index("ix_case_queue", "case")
    op.drop_index("ix_case_received_at", "case")
    for name in {*PLACES, *WIDE_PLACES}:
        op.drop_index(f"ix_case_{name}_id", "case")
    op.add_column("case", sa.Column("reopened", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.execute('UPDATE "case" SET reopened = true WHERE id IN (SELECT case_id FROM past_clock)')
    _compute()
    _index()
    _count_combinations()
    undone = sa.text("done_at IS NULL")
    op.create_index("ix_task_undone", "task", ["case_id"], postgresql_where=undone, sqlite_where=undone)


def _compute() -> None:
    if op.get_bind().dialect.name == "postgresql":
        # In one statement: adding a stored column rewrites the table.
        columns = [f"ADD {name} {kind} GENERATED ALWAYS AS ({sql}) STORED" for name, kind, sql in COMPUTED]
        op.execute(f'ALTER TABLE "case" {", ".join(columns)}')
        return
    for name, kind, sql in COMPUTED:
        # SQLite adds no column that is stored; what is in an index is stored there.
        op.execute(f'ALTER TABLE "case" ADD {name} {kind} GENERATED ALWAYS AS ({sql}) VIRTUAL')


def _count_combinations() -> None:
    # Or PostgreSQL believes that cases without secrecy are as common in every administration, and looks for
    # those of one where all have it by reading every case.
    if op.get_bind().dialect.name == "postgresql":
        columns = ", ".join(["secrecy", *[f"{name}_id" for name in WIDE_PLACES]])
        op.execute(f'CREATE STATISTICS st_case_public (mcv) ON {columns} FROM "case"')


def _index() -> None:
    op.create_index("ix_case_received", "case", ["received_at", "id"])
    for name in PLACES:
        # The first column is that of the index before it, which this one replaces.
        op.create_index(f"ix_case_{name}", "case", [f"{name}_id", "received_at", "id"])
    public = sa.text("secrecy IS NULL")
    for name in WIDE_PLACES:
        columns = [f"{name}_id", "received_at", "id"]
        op.create_index(
            f"ix_case_public_{name}", "case", columns, postgresql_where=public, sqlite_where=public
        )
    unclosed = sa.text("status <> 'closed'")
    owned = ["handling_unit_id", "sender_person_id"]
    op.create_index("ix_case_unclosed", "case", owned, postgresql_where=unclosed, sqlite_where=unclosed)
    is_open = sa.text(IS_OPEN)
    op.create_index("ix_case_open", "case", [*COVERED], postgresql_where=is_open, sqlite_where=is_open)
