"""Letters that were read from the mailbox, and by which way a message came in."""

import sqlalchemy as sa
from alembic import op

revision = "0045"
down_revision = "0044"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)
OUTCOMES = ("reply", "forwarded", "bounce", "automatic", "left")


def _enum(name: str, words: tuple[str, ...]) -> sa.Enum:
    return sa.Enum(*words, name=name, native_enum=False, length=40)


def upgrade() -> None:
    """Forward. Every message until now came in by the portal itself."""
    via = _enum("via", ("web", "email"))
    op.add_column("message", sa.Column("via", via, server_default="web", nullable=False))
    op.create_table(
        "inbound_mail",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("mac", sa.LargeBinary(), nullable=False),
        sa.Column("outcome", _enum("outcome", OUTCOMES), nullable=False),
        sa.Column("read_at", MOMENT, nullable=False),
        sa.Column("must_forward", sa.Boolean(), nullable=False),
        sa.Column("lease_until", MOMENT, nullable=True),
        sa.Column("finished_at", MOMENT, nullable=True),
        sa.Column("sender_mac", sa.LargeBinary(), nullable=True),
        sa.Column("answered_at", MOMENT, nullable=True),
        sa.UniqueConstraint("mac", name="uq_inbound_mail_mac"),
    )
    op.create_index("ix_inbound_mail_read_at", "inbound_mail", ["read_at"])
    op.create_index("ix_inbound_mail_sender_mac", "inbound_mail", ["sender_mac"])
