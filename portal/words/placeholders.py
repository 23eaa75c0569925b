"""The placeholders of answer templates, explained to their authors with an example."""

from dataclasses import dataclass

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _staff
from flask_babel.speaklater import LazyString

from portal.organisation.placeholders import Placeholder


@dataclass(frozen=True)
class PlaceholderHelp:
    """What a placeholder is replaced by, and an example of it."""

    text: LazyString
    example: str


# Examples are invented data, not text of the page: they are not translated.
PLACEHOLDER: dict[Placeholder, PlaceholderHelp] = {
    Placeholder.NAME: PlaceholderHelp(
        _staff("avsändarens förnamn; inget alls när namnet saknas eller är skyddat"), "Maja"
    ),
    Placeholder.NUMBER: PlaceholderHelp(_staff("ärendets nummer"), "KB-2026-000123"),
    Placeholder.SUBJECT: PlaceholderHelp(_staff("rubriken som avsändaren skrev"), "Lekplatsen är stängd"),
    Placeholder.OFFICER: PlaceholderHelp(_staff("ditt namn"), "Anna Lindqvist"),
    Placeholder.UNIT: PlaceholderHelp(_staff("enheten som har ärendet"), "Parkenheten"),
    Placeholder.MUNICIPALITY: PlaceholderHelp(_staff("kommunens namn"), "Burlövs kommun"),
    Placeholder.TODAY: PlaceholderHelp(_staff("dagens datum"), "måndag 4 maj"),
    Placeholder.DUE: PlaceholderHelp(
        _staff("dagen då svaret är lovat; utan lovad dag blir det ”så snart vi kan”"),
        "senast måndag 18 maj",
    ),
}


def due_phrase(when: str | None) -> str:
    """The replacement for the due date: the date in words, or a phrase that is true without a date."""
    return _("senast %(when)s", when=when) if when else _("så snart vi kan")


def examples() -> dict[Placeholder, str]:
    """An example value for each placeholder, for the preview of a template."""
    return {placeholder: text.example for placeholder, text in PLACEHOLDER.items()}
