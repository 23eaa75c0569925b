"""A duplicate waits, open, for the answer of the case that was kept, which has the earliest date of them."""

import sqlalchemy as sa
from alembic import op

revision = "0035"
down_revision = "0034"
branch_labels = None
depends_on = None

# Closed as a duplicate of a case that is not answered yet: its sender still waits. One whose case has been
# answered or closed stays as it is, and is reopened by undoing the merge.
REOPENED = """
UPDATE "case" SET status = 'in_progress', close_reason = NULL, close_details = NULL, closed_at = NULL
WHERE close_reason = 'duplicate' AND answered_at IS NULL AND secrecy IS NULL AND NOT record_request
AND merged_into_id IN (
    SELECT kept.id FROM "case" AS kept
    WHERE kept.status IN ('awaiting_citizen', 'in_progress', 'received')
    AND kept.secrecy IS NULL AND NOT kept.record_request
)
"""
DUE = """
UPDATE "case" SET group_due = (
    SELECT coalesce(
        min(coalesce(member.due_answer, CASE WHEN member.contacted_at IS NULL THEN member.due_contact END)),
        '9999-12-31'
    )
    FROM "case" AS member WHERE member.merged_into_id = "case".id AND member.status = 'in_progress'
)
WHERE id IN (SELECT merged_into_id FROM "case" WHERE status = 'in_progress')
"""


def upgrade() -> None:
    """Forward."""
    op.add_column("case", sa.Column("group_due", sa.Date(), nullable=True))
    op.execute(REOPENED)
    op.execute(DUE)
