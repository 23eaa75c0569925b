"""Rules about answers: who keeps which template, and what courtesy asks for. Pure."""

import re

from portal.cases.access import HANDLERS
from portal.cases.enums import Kind
from portal.identity.actors import Role, Staff

HEADS = frozenset({Role.HEAD_OF_UNIT, Role.HEAD_OF_ADMINISTRATION})
OPINIONS = frozenset({Kind.COMPLAINT, Kind.PRAISE, Kind.SUGGESTION})
THANKS = re.compile(r"\b(tack|thank)", re.IGNORECASE)
REGRET = re.compile(
    r"\b(beklag|ledsamt|ledsen|ledsna|tråkigt att|förlåt|ursäkt|sorry|regret|apolog)", re.IGNORECASE
)
# What a template asks its user to write in its place.
PROMPT = re.compile(r"\[(?:Skriv|Write)[^\]\n]*\]", re.IGNORECASE)


def may_keep_template(actor: Staff, unit: int | None) -> bool:
    """Whether the actor writes and archives the templates of a unit, or (None) those that are for all.

    Medborgarservice keeps every one, heads those for all, and whoever handles cases those of their own unit.
    """
    if actor.role is Role.REGISTRAR:
        return True
    if unit is None:
        return actor.role in HEADS
    return unit == actor.unit and actor.role in HANDLERS


def lacks_thanks(kind: Kind, text: str) -> bool:
    """Whether whoever gave an opinion is not thanked for it."""
    return kind in OPINIONS and not THANKS.search(text)


def lacks_regret(kind: Kind, text: str) -> bool:
    """Whether a complaint is answered without a word of regret."""
    return kind is Kind.COMPLAINT and not REGRET.search(text)


def prompts(text: str) -> list[str]:
    """What a template asked for and nobody has written yet: "[Skriv svaret här.]"."""
    return PROMPT.findall(text)
