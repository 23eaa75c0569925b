"""The day of the next step, and the date of a group, among the days that the queue sorts by.

An open case that no day presses gets one: as many open days after its last change as the profile has between
steps. A case that nobody has changed for longer is therefore late at once, as it is.
"""

from datetime import date
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from alembic import op

from portal.cases.deadlines import open_day_after
from portal.organisation import queries as organisation

revision = "0036"
down_revision = "0035"
branch_labels = None
depends_on = None

IS_OPEN = "status IN ('awaiting_citizen', 'in_progress', 'received')"
OWN = (
    "CASE WHEN paused_on IS NOT NULL THEN coalesce(supplement_due, next_step_on) "
    "ELSE coalesce(due_answer, CASE WHEN contacted_at IS NULL THEN due_contact END, next_step_on) END"
)
DUE = f"CASE WHEN group_due < coalesce({OWN}, '9999-12-31') THEN group_due ELSE {OWN} END"
KEEP_BY = f"CASE WHEN {IS_OPEN} THEN {DUE} END"
URGENCY = (
    f"CASE WHEN {IS_OPEN} AND record_request THEN '0001-01-01' "
    f"WHEN {IS_OPEN} THEN coalesce({DUE}, '9999-12-31') ELSE '9999-12-31' END"
)
PROMISED_DAYS = (
    "CAST(CASE WHEN paused_on IS NOT NULL THEN NULL WHEN due_answer IS NOT NULL THEN promise ->> 'answer' "
    "WHEN contacted_at IS NULL THEN promise ->> 'contact' END AS INTEGER)"
)
COMPUTED = (
    ("keep_by", "DATE", KEEP_BY),
    ("urgency", "DATE", URGENCY),
    ("promised_days", "INTEGER", PROMISED_DAYS),
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
    "merged_into_id",
)
CASE = sa.table(
    "case",
    sa.column("id", sa.Integer()),
    sa.column("status", sa.Text()),
    sa.column("record_request", sa.Boolean()),
    sa.column("updated_at", sa.DateTime(timezone=True)),
    sa.column("next_step_on", sa.Date()),
    sa.column("keep_by", sa.Date()),
)
OPEN = ("awaiting_citizen", "in_progress", "received")
# A request for a public record is handled promptly.
RECORD_REQUEST_DAYS = 1


def upgrade() -> None:
    """Forward."""
    op.add_column("case", sa.Column("next_step_on", sa.Date()))
    op.add_column(
        "case", sa.Column("next_step_shared", sa.Boolean(), nullable=False, server_default=sa.false())
    )
    op.drop_index("ix_case_open", "case")
    _compute()
    _fill()
    is_open = sa.text(IS_OPEN)
    op.create_index("ix_case_open", "case", [*COVERED], postgresql_where=is_open, sqlite_where=is_open)


def _compute() -> None:
    if op.get_bind().dialect.name == "postgresql":
        # In one statement: adding a stored column rewrites the table.
        changes = [f"DROP {name}" for name, _kind, _sql in COMPUTED]
        changes += [f"ADD {name} {kind} GENERATED ALWAYS AS ({sql}) STORED" for name, kind, sql in COMPUTED]
        op.execute(f'ALTER TABLE "case" {", ".join(changes)}')
        return
    for name, kind, sql in COMPUTED:
        op.execute(f'ALTER TABLE "case" DROP COLUMN {name}')
        op.execute(f'ALTER TABLE "case" ADD {name} {kind} GENERATED ALWAYS AS ({sql}) VIRTUAL')


def _fill() -> None:
    query = sa.select(CASE.c.id, CASE.c.record_request, CASE.c.updated_at)
    query = query.where(CASE.c.status.in_(OPEN), CASE.c.keep_by.is_(None))
    days = organisation.profile().promise.next_step_working_days
    changes = []
    for row in op.get_bind().execute(query).all():
        changed: date = row.updated_at.astimezone(ZoneInfo("Europe/Stockholm")).date()
        number = RECORD_REQUEST_DAYS if row.record_request else days
        changes.append({"row": row.id, "day": open_day_after(changed, number, organisation.closed_days())})
    if changes:
        day = sa.bindparam("day", type_=sa.Date())
        changed_rows = sa.update(CASE).where(CASE.c.id == sa.bindparam("row")).values(next_step_on=day)
        op.get_bind().execute(changed_rows, changes)
