"""Events of ownership: who has a case that its handler could not keep. Ids only."""

from dataclasses import dataclass

from portal.cases.events import CaseEvent, OfficerEvent


@dataclass(frozen=True, kw_only=True)
class CasePlaced(CaseEvent):
    """A case without a handler was placed in a unit, unread, or with a handler of it."""

    unit: int
    before: int
    officer: int | None = None


class CaseReleased(OfficerEvent):
    """A handler or a contact person whose membership has ended does not have the case any more."""
