"""Events of what a sender makes of an answer, and of texts that need no answer."""

from portal.cases.events import CaseEvent, MessageEvent


class SenderThanked(MessageEvent):
    """The sender thanked for the answer: the case is closed, and has no new promise."""


class NoAnswerNeeded(CaseEvent):
    """What the sender wrote was read, needs no answer, and the case is closed."""
