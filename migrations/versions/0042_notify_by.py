"""How the sender is notified, apart from where they read; of a person the same choice under its own name.

Who reads on Mina sidor was sent nothing. From now on they are notified as they have chosen for new cases.
"""

import sqlalchemy as sa
from alembic import op

revision = "0042"
down_revision = "0041"
branch_labels = None
depends_on = None

# The addresses are copied as they are stored: both columns are encrypted with the same keys.
CHOSEN = (
    'SELECT "case".id, "case".party_id, person.notify_by, person.email, person.phone FROM "case" '
    'JOIN party ON party.id = "case".party_id JOIN person ON person.id = party.person_id '
    "WHERE \"case\".reply_by = 'portal' AND (person.notify_by = 'email' AND person.email IS NOT NULL "
    "OR person.notify_by = 'sms' AND person.phone IS NOT NULL)"
)
ADDRESSES = (
    "UPDATE party SET email = (SELECT email FROM chosen WHERE chosen.party_id = party.id "
    "AND notify_by = 'email'), phone = (SELECT phone FROM chosen WHERE chosen.party_id = party.id "
    "AND notify_by = 'sms') WHERE id IN (SELECT party_id FROM chosen)"
)
WAYS = (
    'UPDATE "case" SET notify_by = (SELECT notify_by FROM chosen WHERE chosen.id = "case".id) '
    "WHERE id IN (SELECT id FROM chosen)"
)


def upgrade() -> None:
    """Forward."""
    op.execute("ALTER TABLE person RENAME COLUMN reply_by TO notify_by")
    op.execute("UPDATE person SET notify_by = 'none' WHERE notify_by NOT IN ('email', 'sms')")
    way = sa.Enum("email", "sms", "none", name="notifyby", native_enum=False, length=40)
    op.add_column("case", sa.Column("notify_by", way, server_default="none", nullable=False))
    op.execute("UPDATE \"case\" SET notify_by = reply_by WHERE reply_by IN ('email', 'sms')")
    _notify_on_mina_sidor()


def _notify_on_mina_sidor() -> None:
    op.execute(f"CREATE TEMPORARY TABLE chosen AS {CHOSEN}")
    op.execute(ADDRESSES)
    op.execute(WAYS)
    # Staff find a sender by their address.
    op.execute("INSERT INTO search_pending (case_id) SELECT id FROM chosen")
    op.execute("DROP TABLE chosen")
