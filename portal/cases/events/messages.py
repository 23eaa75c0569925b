"""Events of the messages about a case."""

from dataclasses import dataclass

from portal.cases.events import CaseEvent


@dataclass(frozen=True, kw_only=True)
class MessageResent(CaseEvent):
    """A message to the sender that was not delivered was queued again, by its id in the outbox."""

    notification: int
