"""Sessions keep no ID Token: none is sent back when a session ends at its provider."""

from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Forward. The sessions stay open."""
    op.drop_column("sign_in", "id_token")
