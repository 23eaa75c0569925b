"""Events of e-mail that comes in to a case."""

from portal.cases.events import MessageEvent


class ReplyReceivedByEmail(MessageEvent):
    """A letter came in as a reply to one of ours; who wrote it is not verified."""
