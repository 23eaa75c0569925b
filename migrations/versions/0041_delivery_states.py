"""What is known of a message: its attempts, the server's reply, its delivery, and whom it is for."""

import sqlalchemy as sa
from alembic import op

revision = "0041"
down_revision = "0040"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Forward."""
    with op.batch_alter_table("outbox") as outbox:
        outbox.alter_column("case_id", existing_type=sa.Integer(), nullable=True)
        outbox.add_column(sa.Column("membership_id", sa.Integer(), nullable=True))
        outbox.add_column(sa.Column("instead_of_id", sa.Integer(), nullable=True))
        outbox.add_column(sa.Column("uncertain_tries", sa.Integer(), server_default="0", nullable=False))
        outbox.add_column(sa.Column("reply_code", sa.Integer(), nullable=True))
        outbox.add_column(sa.Column("begun_at", MOMENT, nullable=True))
        outbox.add_column(sa.Column("delivered_at", MOMENT, nullable=True))
        outbox.add_column(sa.Column("gateway_id", sa.Text(), nullable=True))
        outbox.create_foreign_key(
            "fk_outbox_membership_id_membership", "membership", ["membership_id"], ["id"]
        )
        outbox.create_foreign_key("fk_outbox_instead_of_id_outbox", "outbox", ["instead_of_id"], ["id"])
        outbox.create_index("ix_outbox_membership_id", ["membership_id"])
        outbox.create_index("ix_outbox_instead_of_id", ["instead_of_id"])
        outbox.create_index("ix_outbox_gateway_id", ["gateway_id"])
    # An earlier version did not note when an SMS began, and what had not begun would be sent again.
    op.execute("UPDATE outbox SET begun_at = next_try_at WHERE medium = 'sms' AND state = 'sending'")
