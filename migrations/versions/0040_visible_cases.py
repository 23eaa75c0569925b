"""Open cases are read from their indexes alone: ids of those that are not closed, and a VACUUM in time.

An index tells whether a row is visible only for pages that VACUUM has seen since they were changed. By
default that is when a fifth of all cases have changed, and until then each count of the queue reads every
open case itself. Autovacuum now comes after some thousand changes, and reads what was changed since.
"""

import sqlalchemy as sa
from alembic import op

revision = "0040"
down_revision = "0039"
branch_labels = None
depends_on = None

VACUUM = (
    'ALTER TABLE "case" SET ('
    "autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 1000, "
    "autovacuum_vacuum_insert_scale_factor = 0, autovacuum_vacuum_insert_threshold = 1000)"
)


def upgrade() -> None:
    """Forward."""
    where = sa.text("status <> 'closed'")
    op.drop_index("ix_case_unclosed", "case")
    columns = ["handling_unit_id", "sender_person_id", "id"]
    op.create_index("ix_case_unclosed", "case", columns, postgresql_where=where, sqlite_where=where)
    if op.get_bind().dialect.name == "postgresql":
        op.execute(VACUUM)
