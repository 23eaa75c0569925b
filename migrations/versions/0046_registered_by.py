"""The person on the staff who wrote a message down for its sender."""

import sqlalchemy as sa
from alembic import op

revision = "0046"
down_revision = "0045"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Forward. Every message until now was sent by the sender, or written in a case by staff."""
    # In the statement that adds the column: SQLite adds no constraint to a table afterwards.
    person = sa.ForeignKey("person.id", name="fk_message_registered_by_id")
    column = sa.Column("registered_by_id", sa.Integer(), person, nullable=True)
    op.add_column("message", column, inline_references=True)
