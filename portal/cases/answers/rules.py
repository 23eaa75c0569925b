"""Rules about answers: who may edit which template, and what a courteous answer contains. Pure."""

import re

from portal.cases.access import HANDLERS
from portal.cases.enums import Kind
from portal.identity.actors import Role, Staff

HEADS = frozenset({Role.HEAD_OF_UNIT, Role.HEAD_OF_ADMINISTRATION})
OPINIONS = frozenset({Kind.COMPLAINT, Kind.PRAISE, Kind.SUGGESTION})
# Whole words with their inflections: "tacksam" is thanks, and "tackla" is none. Nor is "tackar nej".
THANKS = re.compile(
    r"(?<!\bnej )\b(?:tack(?:a|ar|as|ade|at|sam|samt|samma|samhet|samheten)?"
    r"|thank(?:s|ful|fully)?|grateful)\b(?!\s{1,3}nej\b)",
    re.IGNORECASE,
)
REGRET = re.compile(
    r"\b(?:beklag(?:a|ar|as|ade|at|ande|andet|anden|andena|lig|ligt|liga|ligtvis|ansvärt|ansvärd|ansvärda)"
    r"|ledsamt|ledsamma|ledsen|ledset|ledsna|tråkigt att|förlåt|förlåta|ursäkt(?:en|er|a|ar|as|ade|at)?"
    r"|sorry|regret(?:s|ted|table|tably|fully)?|apolog(?:y|ies|ise|ised|ising|ize|ized|izing))\b",
    re.IGNORECASE,
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
    return kind in OPINIONS and not has_thanks(text)


def lacks_regret(kind: Kind, text: str) -> bool:
    """Whether an answer to a complaint expresses no regret."""
    return kind is Kind.COMPLAINT and not has_regret(text)


def has_thanks(text: str) -> bool:
    """Whether a text has a word of thanks."""
    return THANKS.search(text) is not None


def has_regret(text: str) -> bool:
    """Whether a text has a word of regret."""
    return REGRET.search(text) is not None


def prompts(text: str) -> list[str]:
    """Texts in brackets that look like the prompt of a template: "[Skriv svaret här.]"."""
    return PROMPT.findall(text)
