"""Snapshots of memberships: who wrote a message, and as what and from where, as it was then.

What is known of the past is the present: every membership gets a snapshot as it is now, and the messages,
measures and versions of templates that its holder has written get that one.

The rows of the trail get none. Each is sealed without one, and a seal that is computed again proves nothing
about the time before. The portal shows the first snapshot of the membership that such a row names, which is
the one made here.
"""

from datetime import UTC, datetime

import sqlalchemy as sa
from alembic import op

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None

# (table, the column that names a membership, the new column)
AUTHORS = (
    ("message", "author_id", "author_snapshot_id"),
    ("measure", "author_id", "author_snapshot_id"),
    ("measure", "settled_by_id", "settled_by_snapshot_id"),
    ("answer_template_version", "author_id", "author_snapshot_id"),
)
ROLES = (
    "officer",
    "head_of_unit",
    "head_of_administration",
    "registrar",
    "records_officer",
    "analyst",
    "process_owner",
    "administrator",
)
# The name is copied as it is stored: both columns are encrypted with the same keys. A registrar has no unit
# of their own, and works in the first line.
SNAPSHOTS = """
    INSERT INTO membership_snapshot
        (membership_id, number, name, role, unit_id, unit_name, administration_name, board_name, taken_at)
    SELECT m.id, 1, person.name, m.role, unit.id, unit.name, administration.name,
        COALESCE(board.name, unit_board.name), :now
    FROM membership m
    JOIN person ON person.id = m.person_id
    LEFT JOIN unit ON unit.id = CASE
        WHEN m.unit_id IS NULL AND m.role = 'registrar'
        THEN (SELECT MIN(line.id) FROM unit line WHERE line.first_line AND line.closed_at IS NULL)
        ELSE m.unit_id END
    LEFT JOIN board unit_board ON unit_board.id = unit.board_id
    LEFT JOIN board ON board.id = m.board_id
    LEFT JOIN administration ON administration.id = m.administration_id
    ORDER BY m.id
"""


def upgrade() -> None:
    """Forward."""
    op.create_table(
        "membership_snapshot",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("membership_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("name", sa.LargeBinary(), nullable=False),
        sa.Column("role", sa.Enum(*ROLES, name="role", native_enum=False, length=40), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=True),
        sa.Column("unit_name", sa.Text(), nullable=True),
        sa.Column("administration_name", sa.Text(), nullable=True),
        sa.Column("board_name", sa.Text(), nullable=True),
        sa.Column("taken_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["membership_id"], ["membership.id"], name="fk_membership_snapshot_membership_id"
        ),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name="fk_membership_snapshot_unit_id"),
        sa.PrimaryKeyConstraint("id", name="pk_membership_snapshot"),
        sa.UniqueConstraint("membership_id", "number", name="uq_membership_snapshot_membership_id_number"),
    )
    now = sa.bindparam("now", datetime.now(UTC), sa.DateTime(timezone=True))
    op.execute(sa.text(SNAPSHOTS).bindparams(now))
    for table, membership, snapshot in AUTHORS:
        _add_reference(table, snapshot)
        _fill(table, membership, snapshot)
    _add_reference("trail", "actor_snapshot_id")


def _add_reference(table: str, column: str) -> None:
    # In the statement that adds the column: SQLite adds no constraint to a table afterwards.
    name = f"fk_{table}_{column}"
    reference = sa.ForeignKey("membership_snapshot.id", name=name)
    op.add_column(table, sa.Column(column, sa.Integer(), reference, nullable=True), inline_references=True)


def _fill(table: str, membership: str, snapshot: str) -> None:
    rows = sa.table(table, sa.column(membership), sa.column(snapshot))
    own = sa.table("membership_snapshot", sa.column("id"), sa.column("membership_id"))
    first = sa.select(own.c.id).where(own.c.membership_id == rows.c[membership]).scalar_subquery()
    op.execute(rows.update().where(rows.c[membership].is_not(None)).values({snapshot: first}))
