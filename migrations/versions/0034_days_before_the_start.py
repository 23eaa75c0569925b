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
    arrivals = connection.scalars(sa.select(CASE.c.clock_started_on).distinct()).all()
    starts = {day: start for day in arrivals if (start := _first_open_day(day)) != day}
    changes = []
    # All in one query: no index has the day of arrival.
    for row in connection.execute(sa.select(CASE).where(CASE.c.clock_started_on.in_(starts))).all():
        start = starts[row.clock_started_on]
        # A date that was set before the start is that of the extension, which the present rule keeps.
        is_counted = row.extended_on is None or row.extended_on >= start
        if is_counted and any(row.promise.values()):
            delay = [row.clock_started_on.isoformat(), start.isoformat(), START]
            changes.append({"row": row.id, "now": [delay, *row.pauses]})
    if changes:
        now = sa.bindparam("now", type_=sa.JSON())
        changed = sa.update(CASE).where(CASE.c.id == sa.bindparam("row")).values(pauses=now)
        connection.execute(changed, changes)


def _first_open_day(day: date) -> date:
    while closed(day, organisation.closed_days()):
        day += timedelta(days=1)
    return day
