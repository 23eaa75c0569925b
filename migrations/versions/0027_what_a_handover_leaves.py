"""What a handover leaves: the branch that answers, the messages an authority had, and who the sender was."""

import sqlalchemy as sa
from alembic import op

revision = "0027"
down_revision = "0026"
branch_labels = None
depends_on = None

SENDER = ("sender_name", "sender_email", "sender_phone")


def upgrade() -> None:
    """Forward."""
    op.add_column("case", sa.Column("responsible_branch", sa.Text(), nullable=False, server_default=""))
    op.execute(
        'UPDATE "case" SET responsible_branch = '
        '(SELECT branch FROM unit WHERE unit.id = "case".responsible_unit_id)'
    )
    op.add_column("message", sa.Column("kept_by_branch", sa.Text(), nullable=False, server_default=""))
    held = sa.Column("messages_held", sa.JSON(), nullable=False, server_default="[]")
    op.add_column("case_handover", held)
    for name in SENDER:
        op.add_column("case_handover", sa.Column(name, sa.LargeBinary(), nullable=True))
