"""Events of a case that is answered together with the one that it duplicates."""

from portal.cases.events import CaseEvent, IntoCaseEvent, WrittenAnswerEvent


class MemberAnswered(WrittenAnswerEvent):
    """The sender got the answer of the case that theirs duplicates, as a message of their own."""


class MemberAnsweredAndClosed(WrittenAnswerEvent):
    """The sender got that answer, and both cases were closed."""


class MemberClosed(CaseEvent):
    """The case was closed together with the one that it was answered with."""


class GroupLeft(IntoCaseEvent):
    """The case is not answered with the one that it duplicates, and is on its own again."""


class GroupJoined(IntoCaseEvent):
    """The sender said that the fault is the one of another report, and is answered with it."""
