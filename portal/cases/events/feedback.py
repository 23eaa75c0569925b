"""Events of what a sender makes of an answer, of texts that need no answer, and of what cases lead to."""

from dataclasses import dataclass

from portal.cases.events import CaseEvent, MessageEvent


class SenderThanked(MessageEvent):
    """The sender thanked for the answer: the case is closed, and has no new promise."""


class NoAnswerNeeded(CaseEvent):
    """What the sender wrote was read, needs no answer, and the case is closed."""


@dataclass(frozen=True, kw_only=True)
class ImprovementEvent(CaseEvent):
    """A case event about an improvement that the case leads to, by id."""

    improvement: int


class ImprovementLinked(ImprovementEvent):
    """The case was linked to an improvement."""


class ImprovementUnlinked(ImprovementEvent):
    """The link to an improvement was removed."""


@dataclass(frozen=True, kw_only=True)
class ImprovementShared(ImprovementEvent):
    """The sender was informed of what was done, by the id of the published text."""

    publication: int
