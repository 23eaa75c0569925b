"""Budgets of the messages that strangers cause: for each recipient and day, and text messages in all.

They are counted in the outbox itself: that is exact for several processes and survives a restart. What
an officer decides, or a signed-in person does, is sent without a budget and uses up none.
"""

from datetime import date
from typing import Any

import structlog
from sqlalchemy import func, select, update

from portal import clock, crypto
from portal.budgets.rules import Lane
from portal.budgets.trips import QUIET, Trips
from portal.config import settings
from portal.db import advisory_lock, changed_rows, session
from portal.notifications.models import OutboxMessage
from portal.notifications.rules import Medium, same_recipient
from portal.organisation import queries as organisation

log: structlog.stdlib.BoundLogger = structlog.get_logger()
# What is held is seen in the outbox itself, so only the log needs to be kept short.
_trips = Trips()


def spend(row: OutboxMessage, recipient: str) -> bool:
    """Count a message under today's budgets; False if one of them is used up, and nothing is counted then."""
    if settings().limits == "off":
        return True
    today = clock.today()
    macs = crypto.blind_indexes(f"recipient {today}", same_recipient(row.medium, recipient))
    # Two requests at once must not both take the last message of a day.
    advisory_lock(macs[0])
    if _is_used_up(row.medium, today, macs):
        _report(row.medium)
        return False
    row.counted_on = today
    row.recipient_mac = macs[0]
    return True


def _report(medium: Medium) -> None:
    if _trips.is_due("message", medium.value, QUIET):
        log.warning("limit.tripped", budget=f"message_{medium.value}", lane=Lane.STRANGER.value)


def _is_used_up(medium: Medium, today: date, macs: list[bytes]) -> bool:
    limits = organisation.profile().limits
    counted = select(func.count(OutboxMessage.id)).where(
        OutboxMessage.counted_on == today, OutboxMessage.medium == medium
    )
    if _count(counted.where(OutboxMessage.recipient_mac.in_(macs))) >= limits.per_recipient(medium):
        return True
    return medium is Medium.SMS and _count(counted) >= limits.stranger_sms_per_day


def _count(query: Any) -> int:
    return int(session().scalar(query) or 0)


def forget_old() -> int:
    """Remove the counts of earlier days, and with them what shows that two messages had one recipient."""
    query = update(OutboxMessage).where(OutboxMessage.counted_on < clock.today())
    return changed_rows(query.values(counted_on=None, recipient_mac=None))
