"""Events of bars (jäv): who may not handle a case. Ids only."""

from dataclasses import dataclass

from portal.cases.events import CaseEvent, MessageEvent, OfficerEvent, OtherCaseEvent


@dataclass(frozen=True, kw_only=True)
class HandlerRecused(CaseEvent):
    """The actor is barred from the case (jäv) by their own report; `message` is the note with the reason."""

    message: int | None = None


class ColleagueConcerned(OfficerEvent):
    """The case concerns a member of staff, who is barred from it (jäv)."""


class BarsCopied(OtherCaseEvent):
    """The bars of a merged case, or of the case that this part was split from, hold for this case too."""


@dataclass(frozen=True, kw_only=True)
class BarLifted(OfficerEvent, MessageEvent):
    """A bar was lifted because it was a mistake; `message` is the note with the reason."""
