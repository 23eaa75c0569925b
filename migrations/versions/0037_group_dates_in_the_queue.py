"""What the queue sorts and counts by knows the dates of a group, and which cases wait for another."""

import sqlalchemy as sa
from alembic import op

revision = "0037"
down_revision = "0036"
branch_labels = None
depends_on = None

IS_OPEN = "status IN ('awaiting_citizen', 'in_progress', 'received')"
OWN = (
    "CASE WHEN paused_on IS NULL "
    "THEN coalesce(due_answer, CASE WHEN contacted_at IS NULL THEN due_contact END) END"
)
DUE = f"CASE WHEN group_due < coalesce({OWN}, '9999-12-31') THEN group_due ELSE {OWN} END"
KEEP_BY = f"CASE WHEN {IS_OPEN} THEN {DUE} END"
URGENCY = (
    f"CASE WHEN {IS_OPEN} AND record_request THEN '0001-01-01' "
    f"WHEN {IS_OPEN} THEN coalesce({DUE}, '9999-12-31') ELSE '9999-12-31' END"
)
COMPUTED = (("keep_by", KEEP_BY), ("urgency", URGENCY))
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
    "merged_into_id",
)


def upgrade() -> None:
    """Forward."""
    op.drop_index("ix_case_open", "case")
    if op.get_bind().dialect.name == "postgresql":
        # In one statement: adding a stored column rewrites the table.
        old = [f"DROP {name}" for name, _sql in COMPUTED]
        new = [f"ADD {name} DATE GENERATED ALWAYS AS ({sql}) STORED" for name, sql in COMPUTED]
        op.execute(f'ALTER TABLE "case" {", ".join(old + new)}')
    else:
        for name, sql in COMPUTED:
            op.execute(f'ALTER TABLE "case" DROP COLUMN {name}')
            op.execute(f'ALTER TABLE "case" ADD {name} DATE GENERATED ALWAYS AS ({sql}) VIRTUAL')
    is_open = sa.text(IS_OPEN)
    op.create_index("ix_case_open", "case", [*COVERED], postgresql_where=is_open, sqlite_where=is_open)
