"""Events of the messages about a case, and of the letters that answer them."""

from dataclasses import dataclass

from portal.cases.enums import KnownBy, Via
from portal.cases.events import (
    CaseEvent,
    CaseReopened,
    MessageEvent,
    ReplyReceived,
    SupplementReceived,
)


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
class ReplyRecorded(ReplyReceived):
    """Staff wrote down what the sender said: by which way, and how the sender was known."""

    via: Via
    known: KnownBy


@dataclass(frozen=True, kw_only=True)
class SupplementRecorded(SupplementReceived):
    """The same, of what the sender was asked for."""

    via: Via
    known: KnownBy


@dataclass(frozen=True, kw_only=True)
class CaseReopenedByRecord(CaseReopened):
    """The same after an answer, so that the case is open again."""

    via: Via
    known: KnownBy


@dataclass(frozen=True, kw_only=True)
class UnverifiedReplyRecorded(MessageEvent):
    """Staff wrote down what a person said who may be anybody."""

    via: Via
    known: KnownBy
