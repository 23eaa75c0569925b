"""Which fault reports others may be asked about, what a form held, and the place of a case handed over."""

import sqlalchemy as sa
from alembic import op

from portal.formats.places import streets

revision = "0069"
down_revision = "0067"
branch_labels = None
depends_on = None

ASKABLE = sa.text("is_askable")
# What portal/cases/locations/records.py says of a case.
IS_ASKABLE = """
UPDATE case_location SET is_askable = is_open AND EXISTS (
    SELECT 1 FROM "case" WHERE "case".id = case_location.case_id
    AND merged_into_id IS NULL AND secrecy IS NULL AND NOT hide_sender AND NOT record_request
    AND legal_matter IS NULL AND reader_contested_at IS NULL
)
"""
STREET = "UPDATE case_location SET street = :key, street_name = :name WHERE id = :id"


def upgrade() -> None:
    """Forward."""
    op.add_column("case", sa.Column("submitted_content", sa.LargeBinary(), nullable=True))
    is_askable = sa.Column("is_askable", sa.Boolean(), nullable=False, server_default=sa.false())
    op.add_column("case_location", is_askable)
    op.execute(IS_ASKABLE)
    _write_streets()
    op.drop_index("ix_case_location_square", "case_location")
    for name, columns in (("street", ["street", "case_id"]), ("square", ["north", "east"])):
        index = f"ix_case_location_askable_{name}"
        op.create_index(index, "case_location", columns, postgresql_where=ASKABLE, sqlite_where=ASKABLE)
    op.add_column("case_handover", sa.Column("place_text", sa.Text(), nullable=True))
    for name in ("latitude", "longitude", "accuracy"):
        op.add_column("case_handover", sa.Column(f"place_{name}", sa.Integer(), nullable=True))


def _write_streets() -> None:
    """Without the words before the street, which are not its own."""
    connection = op.get_bind()
    rows = connection.execute(sa.text("SELECT id, text FROM case_location WHERE street IS NOT NULL"))
    for row in rows.all():
        street = streets.find(row.text)
        values = {"id": row.id, "key": street and street.key, "name": street and street.name}
        connection.execute(sa.text(STREET), values)
