"""The first-line unit that had a case first, wherever it went."""

import sqlalchemy as sa
from alembic import op

revision = "0055"
down_revision = "0054"
branch_labels = None
depends_on = None

ANSWERED = sa.text("answered_at IS NOT NULL")
# A case that was passed on has in its trail from which unit; any other is where it came in.
UNITS = """
    UPDATE "case" SET first_line_unit_id =
    (SELECT unit.id FROM unit WHERE unit.first_line AND unit.id = coalesce(
        (SELECT CAST(details ->> 'before' AS INTEGER) FROM trail WHERE trail.case_id = "case".id
         AND event IN ('CaseHandedOver', 'CaseHandedToAuthority', 'CasePlaced')
         AND details ->> 'before' IS NOT NULL ORDER BY sequence LIMIT 1),
        "case".handling_unit_id
    ))
"""


def upgrade() -> None:
    """Forward."""
    # In the statement that adds the column: SQLite adds no constraint to a table afterwards.
    unit = sa.ForeignKey("unit.id", name="fk_case_first_line_unit_id")
    column = sa.Column("first_line_unit_id", sa.Integer(), unit, nullable=True)
    op.add_column("case", column, inline_references=True)
    op.execute(UNITS)
    op.create_index(
        "ix_case_first_line_answered",
        "case",
        ["first_line_unit_id", "answered_at"],
        postgresql_where=ANSWERED,
        sqlite_where=ANSWERED,
    )
