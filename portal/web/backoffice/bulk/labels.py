"""The reasons why a bulk action left a case unchanged, and their texts."""

from enum import StrEnum
from typing import Any

from portal.cases.authority.rules import GroundProblem
from portal.translation import lazy_gettext as _l
from portal.words.labels import GROUND_PROBLEM


class Why(StrEnum):
    """Why a case was left unchanged."""

    UNSEEN = "unseen"
    CHANGED = "changed"
    NOT_NOW = "not_now"
    HELD = "held"
    NOT_THEIRS = "not_theirs"
    CONFIRM = "confirm"
    THERE = "there"
    NOBODY = "nobody"
    NO_GROUND = "no_ground"
    UNDER_SECRECY = "under_secrecy"
    WRONG_GROUND = "wrong_ground"


WHY: dict[Why, Any] = {
    Why.UNSEEN: _l("Det finns inget ärende med det numret som du kan se."),
    Why.CHANGED: _l("Någon hann före. Läs det nya först."),
    Why.NOT_NOW: _l("Det går inte att göra så med ärendet som det är nu."),
    Why.HELD: _l("Det måste först lämnas till rätt nämnd eller myndighet. Öppna ärendet."),
    Why.NOT_THEIRS: _l("Den du valde kan inte få ärendet."),
    Why.CONFIRM: _l("Bekräfta att du vill göra det."),
    Why.THERE: _l("Ärendet finns redan där."),
    Why.NOBODY: _l("Där kan ingen ta hand om ärendet."),
    Why.NO_GROUND: _l("Ärendet går till en annan nämnd eller verksamhetsgren. Välj grund."),
    Why.UNDER_SECRECY: GROUND_PROBLEM[GroundProblem.UNDER_SECRECY],
    Why.WRONG_GROUND: _l("Ärendet kan inte lämnas på den grunden. Välj en annan."),
}
GROUNDS = {
    GroundProblem.MISSING: Why.NO_GROUND,
    GroundProblem.UNDER_SECRECY: Why.UNDER_SECRECY,
    GroundProblem.UNKNOWN: Why.WRONG_GROUND,
}
