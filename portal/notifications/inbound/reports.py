"""Delivery reports of the SMS gateway (46elks): their fields, and what they make of a message."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum

from portal.notifications.models import State

IDENTIFIER = re.compile(r"[A-Za-z0-9._:-]{1,100}")
# The longest moment that datetime.isoformat() writes.
MAX_MOMENT = 32


class Delivery(StrEnum):
    """What the gateway says of a message."""

    SENT = "sent"
    DELIVERED = "delivered"
    FAILED = "failed"


@dataclass(frozen=True)
class Report:
    """A report: the gateway's id of the message, its status, and when it arrived if that is said."""

    gateway_id: str
    delivery: Delivery
    delivered_at: datetime | None = None


# A message may be reported while the worker waits for the gateway's answer to sending it.
_BEFORE_REPORT = frozenset({State.SENDING, State.SENT, State.UNCERTAIN})
# A message that failed by a report may be reported as delivered: reports are sent again and change places.
_BEFORE_DELIVERED = _BEFORE_REPORT | {State.FAILED}


def parse(fields: Mapping[str, str]) -> Report | None:
    """The report in a posted form; None if it is none."""
    identifier, status = fields.get("id", ""), fields.get("status", "")
    if not IDENTIFIER.fullmatch(identifier) or status not in list(Delivery):
        return None
    return Report(identifier, Delivery(status), _moment(fields.get("delivered", "")))


def _moment(text: str) -> datetime | None:
    """The moment of a text such as 2026-03-02T08:00:00.000000, which the gateway writes in UTC."""
    if len(text) > MAX_MOMENT:
        return None
    try:
        moment = datetime.fromisoformat(text)
        return moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)
    except (ValueError, OverflowError):
        return None


def next_state(state: State, delivery: Delivery) -> State:
    """The state after a report; the same one if the report has nothing new."""
    if delivery is Delivery.DELIVERED and state in _BEFORE_DELIVERED:
        return State.DELIVERED
    if delivery is Delivery.FAILED and state in _BEFORE_REPORT:
        return State.FAILED
    return state
