"""Cases that arrived on a closed day keep the date that they were promised by the earlier rule.

That rule counted from the first open day, and the present one counts from the day of arrival. The days in
between become a pause with a mark of its own, so that one rule gives the dates of all cases.
"""

from datetime import date, timedelta

import sqlalchemy as sa
from alembic import op

from portal.organisation import queries as organisation
from portal.organisation.calendar import closed

revision = "0034"
down_revision = "0033"
branch_labels = None
depends_on = None

CASE = sa.table(
    "case",
    sa.column("id", sa.Integer()),
    sa.column("promise", sa.JSON()),
    sa.column("pauses", sa.JSON()),
    sa.column("clock_started_on", sa.Date()),
    sa.column("extended_on", sa.Date()),
)
START = "start"


def upgrade() -> None:
    """Forward."""
    connection = op.get_bind()
    changes = []
    for arrival in connection.scalars(sa.select(CASE.c.clock_started_on).distinct()).all():
        start = _first_open_day(arrival)
        if start == arrival:
            continue
        query = sa.select(CASE).where(CASE.c.clock_started_on == arrival)
        # A date that was set before the start is that of the extension, which the present rule keeps.
        query = query.where(sa.or_(CASE.c.extended_on.is_(None), CASE.c.extended_on >= start))
        delay = [arrival.isoformat(), start.isoformat(), START]
        for row in connection.execute(query).all():
            if any(row.promise.values()):
                changes.append({"row": row.id, "now": [delay, *row.pauses]})
    if changes:
        now = sa.bindparam("now", type_=sa.JSON())
        changed = sa.update(CASE).where(CASE.c.id == sa.bindparam("row")).values(pauses=now)
        connection.execute(changed, changes)


def _first_open_day(day: date) -> date:
    while closed(day, organisation.closed_days()):
        day += timedelta(days=1)
    return day
