"""Times of sessions and of people to the hour, so that none is near that of a case sent anonymously."""

from datetime import datetime

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None

COLUMNS = {"sign_in": ("created_at", "last_seen_at"), "person": ("created_at",)}


def upgrade() -> None:
    """Forward."""
    for name, columns in COLUMNS.items():
        moments = [sa.column(column, sa.DateTime(timezone=True)) for column in columns]
        table = sa.table(name, sa.column("id", sa.Integer()), *moments)
        for row in op.get_bind().execute(sa.select(table)).mappings().all():
            values = {column: _to_hour(row[column]) for column in columns}
            op.execute(sa.update(table).where(table.c.id == row["id"]).values(values))


def _to_hour(moment: datetime) -> datetime:
    return moment.replace(minute=0, second=0, microsecond=0)
