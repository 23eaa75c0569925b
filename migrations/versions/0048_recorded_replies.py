"""How staff knew who said what they have written down on a case."""

import sqlalchemy as sa
from alembic import op

revision = "0048"
down_revision = "0046"
branch_labels = None
depends_on = None

KNOWN = ("code", "signed_in", "staff", "unverified")


def upgrade() -> None:
    """Forward. No message until now was written down for its sender."""
    known = sa.Enum(*KNOWN, name="knownby", native_enum=False, length=40)
    op.add_column("message", sa.Column("known", known, nullable=True))
