"""Events of e-mail that comes in to a case."""

from portal.cases.events import MessageEvent


class ReplyReceivedByEmail(MessageEvent):
    """A letter came in as a reply to a message of the portal; its sender is not verified."""
