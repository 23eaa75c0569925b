"""Events of a case that another authority answers for from then on."""

from dataclasses import dataclass

from portal.cases.enums import HandoverGround
from portal.cases.events import NewUnitEvent


@dataclass(frozen=True, kw_only=True)
class NewAuthorityEvent(NewUnitEvent):
    """Another authority answers for the case from now on, by board id; `handover` is the row about it."""

    board: int
    ground: HandoverGround
    handover: int


class CaseHandedToAuthority(NewAuthorityEvent):
    """The case was handed over to another authority, on a ground (OSL 8:1-2)."""


class CaseFollowedUnit(NewAuthorityEvent):
    """The unit moved to another board (nämnd), and its open case with it."""
