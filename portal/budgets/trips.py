"""What tripped, for the log and for `flask check`: by hour, without any trace of who."""

from collections.abc import Sequence
from datetime import datetime, timedelta

import structlog
from sqlalchemy import delete, func, insert, select, update

from portal import clock
from portal.budgets.models import BudgetTrip
from portal.database.errors import DatabaseUnavailable
from portal.db import appending, session

log: structlog.stdlib.BoundLogger = structlog.get_logger()
RETENTION = timedelta(days=7)
# A sender who is refused goes on trying: one line and one row a minute say as much as all of them.
QUIET = timedelta(minutes=1)
# In place of a budget: requests that all came from one address, that of a proxy.
ONE_SENDER = "one_sender"


class Trips:
    """Reports what trips in one process, at most once a minute for each budget and lane."""

    def __init__(self) -> None:
        self._reported: dict[tuple[str, str], datetime] = {}

    def report(self, budget: str, lane: str, **details: str) -> None:
        """Log that a budget is used up, and note it for the hour."""
        if self.is_due(budget, lane, QUIET):
            log.warning("limit.tripped", budget=budget, lane=lane, **details)
            _note(budget, lane)

    def report_one_sender(self) -> None:
        """Log, once an hour, that a proxy setting makes all senders one."""
        if self.is_due(ONE_SENDER, "", timedelta(hours=1)):
            log.warning("proxy.one_sender", setting="PORTAL_TRUSTED_PROXIES")
            _note(ONE_SENDER, "")

    def is_due(self, budget: str, lane: str, quiet: timedelta) -> bool:
        """Whether nothing was reported of this in the time before; it counts as reported from now on."""
        last = self._reported.get((budget, lane))
        if last is not None and clock.now() - last < quiet:
            return False
        self._reported[budget, lane] = clock.now()
        return True


def _note(budget: str, lane: str) -> None:
    try:
        _add_minute(_hour(clock.now()), budget, lane)
    except DatabaseUnavailable:
        # The log has it. A limit must hold also where the database does not.
        log.warning("limit.not_noted", budget=budget, lane=lane)


def _hour(moment: datetime) -> datetime:
    return moment.replace(minute=0, second=0, microsecond=0)


def _add_minute(hour: datetime, budget: str, lane: str) -> None:
    same = (BudgetTrip.hour == hour, BudgetTrip.budget == budget, BudgetTrip.lane == lane)
    with appending() as connection:
        connection.execute(delete(BudgetTrip).where(BudgetTrip.hour < hour - RETENTION))
        minute = update(BudgetTrip).where(*same).values(minutes=BudgetTrip.minutes + 1)
        if connection.execute(minute).rowcount == 0:
            connection.execute(insert(BudgetTrip).values(hour=hour, budget=budget, lane=lane, minutes=1))


def tripped_since(moment: datetime) -> Sequence[tuple[str, str, int]]:
    """(budget, lane, minutes) of what tripped since the hour of a moment, by name."""
    query = select(BudgetTrip.budget, BudgetTrip.lane, func.sum(BudgetTrip.minutes))
    query = query.where(BudgetTrip.hour >= _hour(moment)).group_by(BudgetTrip.budget, BudgetTrip.lane)
    rows = session().execute(query.order_by(BudgetTrip.budget, BudgetTrip.lane))
    return [(budget, lane, minutes) for budget, lane, minutes in rows]
