"""The reasons why a bulk action left a case unchanged, and their texts."""

from enum import StrEnum
from typing import Any

from portal.cases.authority.rules import GroundProblem
from portal.cases.deadlines import DateProblem
from portal.translation import lazy_gettext as _l
from portal.words.labels import DATE_PROBLEM, GROUND_PROBLEM


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
    NO_PROMISE = "no_promise"
    WAITING = "waiting"
    LATE = "late"
    NOT_LATER = "not_later"
    WRONG_DAY = "wrong_day"
    GROUP = "group"
    DRAFT = "draft"
    IMPROVEMENT = "improvement"


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
    Why.NO_PROMISE: _l("Ärendet har ingen sista dag för svaret."),
    Why.WAITING: _l("Ni väntar på invånaren."),
    Why.LATE: DATE_PROBLEM[DateProblem.LATE],
    Why.NOT_LATER: _l("Svaret ska redan komma den dagen eller senare."),
    Why.GROUP: _l("Fler väntar på samma svar. Svara på ärendets egen sida, så ser du vilka."),
    Why.DRAFT: _l("Du har ett eget utkast i ärendet. Öppna det först."),
    Why.IMPROVEMENT: _l("Ärendet kan inte kopplas till den förbättringen. Välj en annan."),
    Why.WRONG_DAY: _l("Välj en arbetsdag inom ett år som inte har varit."),
}
# The days that no case allows are refused at their field, so these are of a day that has become one.
DAYS = {DateProblem.LATE: Why.LATE, DateProblem.NOT_LATER: Why.NOT_LATER}
GROUNDS = {
    GroundProblem.MISSING: Why.NO_GROUND,
    GroundProblem.UNDER_SECRECY: Why.UNDER_SECRECY,
    GroundProblem.UNKNOWN: Why.WRONG_GROUND,
}
