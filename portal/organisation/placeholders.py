"""Placeholders in answer templates, such as {namn}: parsing, validation and substitution. Pure."""

import re
from collections.abc import Callable, Collection, Mapping
from enum import StrEnum

from portal.formats import cleaning

BRACES = re.compile(r"\{([^{}\n]*)\}|[{}]")
# Spaces that are removed together with a placeholder.
GAP = "[ \N{NO-BREAK SPACE}]*+"
# Only from the first space of a row, so that a long one is read once.
BEFORE_GAP = re.compile(f"(?<![ \N{NO-BREAK SPACE}]){GAP}\0")


class Placeholder(StrEnum):
    """The placeholders, as they are written between the braces."""

    NAME = "namn"
    NUMBER = "nummer"
    SUBJECT = "rubrik"
    OFFICER = "handläggare"
    UNIT = "enhet"
    MUNICIPALITY = "kommun"
    TODAY = "datum"
    DUE = "svar senast"


ALL = tuple(f"{{{placeholder}}}" for placeholder in Placeholder)


def parse(name: str) -> Placeholder | None:
    """The placeholder of a name, regardless of case and extra spaces; None if there is none."""
    # NFC: macOS may paste the ä of "handläggare" as two characters.
    plain = cleaning.line(name).casefold()
    return Placeholder(plain) if plain in set(Placeholder) else None


def unknown(text: str) -> list[str]:
    """The unknown placeholders and unpaired braces of a text, without duplicates, in order."""
    matches = BRACES.finditer(text)
    return list(dict.fromkeys(match[0] for match in matches if _placeholder(match) is None))


def not_among(text: str, allowed: Collection[Placeholder]) -> list[str]:
    """The placeholders of a text that are unknown or not allowed, without duplicates, in order."""
    matches = BRACES.finditer(text)
    return list(dict.fromkeys(match[0] for match in matches if _placeholder(match) not in allowed))


def fill(text: str, values: Mapping[Placeholder, str]) -> str:
    """Substitute the placeholders of a text. One without a value is removed with its punctuation."""
    for placeholder in _used(text):
        if not values.get(placeholder):
            text = _remove(text, placeholder)
    return _substitute(text, values.get)


def _used(text: str) -> list[Placeholder]:
    # In the order of the text: which punctuation a removal includes depends on what is left beside it.
    placeholders = dict.fromkeys(map(_placeholder, BRACES.finditer(text)))
    return [placeholder for placeholder in placeholders if placeholder]


def _remove(text: str, missing: Placeholder) -> str:
    """Remove a placeholder: "Hej {namn}," is "Hej,", and "{namn}, tack" at the start of a line is "Tack"."""
    # NUL marks the gap: no text that people can save contains one.
    marked = _substitute(text, lambda placeholder: "\0" if placeholder is missing else None)
    capitalised = re.sub(rf"(?m)^{GAP}\0[,:;]?{GAP}(\w?)", lambda match: match[1].upper(), marked)
    return BEFORE_GAP.sub("", capitalised)


def _substitute(text: str, value: Callable[[Placeholder], str | None]) -> str:
    """Replace each placeholder that has a value and leave the others as they are."""

    def replacement(match: re.Match[str]) -> str:
        placeholder = _placeholder(match)
        text = value(placeholder) if placeholder else None
        return match[0] if text is None else text

    return BRACES.sub(replacement, text)


def _placeholder(match: re.Match[str]) -> Placeholder | None:
    """The placeholder of a match of BRACES; None for an unknown name or an unpaired brace."""
    return None if match[1] is None else parse(match[1])
