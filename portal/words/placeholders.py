"""What each placeholder of an answer template becomes, for those who write templates, with an example."""

from dataclasses import dataclass

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _staff
from flask_babel.speaklater import LazyString

from portal.organisation.placeholders import Placeholder


@dataclass(frozen=True)
class Meaning:
    """What stands in its place, and how that may look."""

    text: LazyString
    example: str


# An example is invented and stands for what somebody wrote: no word of ours.
PLACEHOLDER: dict[Placeholder, Meaning] = {
    Placeholder.NAME: Meaning(
        _staff("avsändarens förnamn; inget alls när namnet saknas eller är skyddat"), "Maja"
    ),
    Placeholder.NUMBER: Meaning(_staff("ärendets nummer"), "KB-2026-000123"),
    Placeholder.SUBJECT: Meaning(_staff("rubriken som avsändaren skrev"), "Lekplatsen är stängd"),
    Placeholder.OFFICER: Meaning(_staff("ditt namn"), "Anna Lindqvist"),
    Placeholder.UNIT: Meaning(_staff("enheten som har ärendet"), "Parkenheten"),
    Placeholder.MUNICIPALITY: Meaning(_staff("kommunens namn"), "Burlövs kommun"),
    Placeholder.TODAY: Meaning(_staff("dagens datum"), "måndag 4 maj"),
    Placeholder.DUE: Meaning(
        _staff("dagen då svaret är lovat; utan lovad dag blir det ”så snart vi kan”"),
        "senast måndag 18 maj",
    ),
}


def due(when: str | None) -> str:
    """What "svar senast" becomes: a day in words, or what is true without one."""
    return _("senast %(when)s", when=when) if when else _("så snart vi kan")


def examples() -> dict[Placeholder, str]:
    """All the examples, to fill a template with."""
    return {each: meaning.example for each, meaning in PLACEHOLDER.items()}
