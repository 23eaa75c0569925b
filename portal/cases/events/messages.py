"""Events of the messages about a case, and of the letters that answer them."""

from dataclasses import dataclass

from portal.cases.events import CaseEvent, MessageEvent


@dataclass(frozen=True, kw_only=True)
class MessageResent(CaseEvent):
    """A message to the sender that was not delivered was queued again, by its id in the outbox."""

    notification: int


class ReplyReceivedByEmail(MessageEvent):
    """A letter came in as a reply to a message of the portal; its sender is not verified."""


class SupplementReminded(CaseEvent):
    """The sender was reminded of the supplement that they were asked for."""


class MessagesDeclined(CaseEvent):
    """The sender wants no more messages about the case."""
