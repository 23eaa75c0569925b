"""What is said about doing the same thing with many cases, and why one of them could not be done."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from flask_babel import lazy_gettext as _l
from flask_babel import ngettext


@dataclass(frozen=True)
class Words:
    """A deed with many: its button in the queue, its page's heading and button, what is said after."""

    button: Any
    heading: Callable[[int], str]
    do: Callable[[int], str]
    done: Callable[[int], str]
    key: str = ""


class Why(StrEnum):
    """Why a case was left as it was."""

    UNSEEN = "unseen"
    CHANGED = "changed"
    NOT_NOW = "not_now"
    NOT_THEIRS = "not_theirs"
    CONFIRM = "confirm"


WHY: dict[Why, Any] = {
    Why.UNSEEN: _l("Det finns inget ärende med det numret som du kan se."),
    Why.CHANGED: _l("Någon hann före. Läs det nya först."),
    Why.NOT_NOW: _l("Det går inte att göra så med ärendet som det är nu."),
    Why.NOT_THEIRS: _l("Den du valde kan inte få ärendet."),
    Why.CONFIRM: _l("Ärendet går till en annan nämnd eller förlorar sin sekretess. Bekräfta."),
}
WORDS: dict[str, Words] = {
    "assign": Words(
        _l("Fördela"),
        lambda n: ngettext("Fördela %(num)s ärende", "Fördela %(num)s ärenden", n),
        lambda n: ngettext("Fördela ärendet", "Fördela ärendena", n),
        lambda n: ngettext("%(num)s ärende är fördelat.", "%(num)s ärenden är fördelade.", n),
        "a",
    ),
    "hand_over": Words(
        _l("Lämna över"),
        lambda n: ngettext("Lämna över %(num)s ärende", "Lämna över %(num)s ärenden", n),
        lambda n: ngettext("Lämna över ärendet", "Lämna över ärendena", n),
        lambda n: ngettext("%(num)s ärende är överlämnat.", "%(num)s ärenden är överlämnade.", n),
    ),
    "close": Words(
        _l("Avsluta"),
        lambda n: ngettext("Avsluta %(num)s ärende", "Avsluta %(num)s ärenden", n),
        lambda n: ngettext("Avsluta ärendet", "Avsluta ärendena", n),
        lambda n: ngettext("%(num)s ärende är avslutat.", "%(num)s ärenden är avslutade.", n),
    ),
    "answer": Words(
        _l("Svara"),
        lambda n: ngettext("Svara i %(num)s ärende", "Svara i %(num)s ärenden", n),
        lambda n: ngettext("Skicka svaret", "Skicka svaren", n),
        lambda n: ngettext("%(num)s svar är skickat.", "%(num)s svar är skickade.", n),
        "s",
    ),
}
