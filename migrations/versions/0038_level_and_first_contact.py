"""Level, first contact, and whether an answer is wanted, on the case. The level is that of its topic."""

import sqlalchemy as sa
from alembic import op

revision = "0038"
down_revision = "0037"
branch_labels = None
depends_on = None

# A topic without a level in the profile leaves the case not judged.
LEVELS = (
    'UPDATE "case" SET level = '
    '(SELECT rosa_level FROM category WHERE category.id = "case".category_id) '
    "WHERE category_id IS NOT NULL"
)


def upgrade() -> None:
    """Forward. Whether an earlier case was solved at first contact is not known, and will not be counted."""
    wanted = sa.Column("answer_wanted", sa.Boolean(), server_default=sa.true(), nullable=False)
    op.add_column("case", wanted)
    op.add_column("case", sa.Column("level", sa.Integer(), nullable=True))
    op.add_column("case", sa.Column("first_contact", sa.Boolean(), nullable=True))
    op.execute(LEVELS)
    op.execute("UPDATE \"case\" SET first_contact = false WHERE status <> 'closed'")
