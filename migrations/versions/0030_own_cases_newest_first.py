"""A person's own cases are read by an index, newest first: the planner took that of the ids of all cases."""

from alembic import op

revision = "0030"
down_revision = "0029"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Forward."""
    op.create_index("ix_case_own", "case", ["sender_person_id", "id"])
    # The new one begins with the same column.
    op.drop_index("ix_case_sender_person_id", "case")
