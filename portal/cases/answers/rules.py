"""Rules about answers: who may edit which template, and what a courteous answer contains. Pure."""

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
# A placeholder in a template that its user replaces.
PROMPT = re.compile(r"\[(?:Skriv|Write)[^\[\]\n]*\]", re.IGNORECASE)


def may_keep_template(actor: Staff, unit: int | None) -> bool:
    """Whether the actor may edit and archive the templates of a unit, or (None) those for all units.

    Registrars may edit all, heads those for all units, and every handler those of their own unit.
    """
    if actor.role is Role.REGISTRAR:
        return True
    if unit is None:
        return actor.role in HEADS
    return unit == actor.unit and actor.role in HANDLERS


def lacks_thanks(kind: Kind, text: str) -> bool:
    """Whether an answer to an opinion does not thank for it."""
    return kind in OPINIONS and not THANKS.search(text)


def lacks_regret(kind: Kind, text: str) -> bool:
    """Whether an answer to a complaint expresses no regret."""
    return kind is Kind.COMPLAINT and not REGRET.search(text)


def prompts(text: str) -> list[str]:
    """Texts in brackets that look like the prompt of a template: "[Skriv svaret här.]"."""
    return PROMPT.findall(text)
