"""Events of how the sender is notified."""

from portal.cases.events import CaseEvent


class MessagesDeclined(CaseEvent):
    """The sender wants no more messages about the case."""
