"""The reasons why a bulk action left a case unchanged, and their texts."""

from enum import StrEnum
from typing import Any

from flask_babel import lazy_gettext as _l


class Why(StrEnum):
    """Why a case was left unchanged."""

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
    Why.CONFIRM: _l("Bekräfta att du vill göra det."),
}
