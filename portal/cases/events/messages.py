"""Events of the messages about a case, and of the letters that answer them."""

from dataclasses import dataclass

from portal.cases.enums import KnownBy, Via
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


@dataclass(frozen=True, kw_only=True)
class RecordedEvent(MessageEvent):
    """Staff wrote down what a person said: by which way, and how the person was known."""

    via: Via
    known: KnownBy


class VerifiedRecordEvent(RecordedEvent):
    """It was the sender who said it."""


class ReplyRecorded(VerifiedRecordEvent):
    """The sender said more while the case was open."""


class SupplementRecorded(VerifiedRecordEvent):
    """The sender gave the supplement that was requested; the answer clock resumes."""


class CaseReopenedByRecord(VerifiedRecordEvent):
    """The sender said more after the answer: the case is reopened, with a new clock."""


class UnverifiedReplyRecorded(RecordedEvent):
    """Anybody may have said it: nothing else changes."""
