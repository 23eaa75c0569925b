"""What stands in braces in an answer template: which there are, what is wrong, how they are filled. Pure."""

import re
import unicodedata
from collections.abc import Callable, Iterator, Mapping
from enum import StrEnum

BRACES = re.compile(r"\{([^{}\n]*)\}|[{}]")
GAP = "[ \N{NO-BREAK SPACE}]*"


class Placeholder(StrEnum):
    """The words that are replaced, as they are written between the braces."""

    NAME = "namn"
    NUMBER = "nummer"
    SUBJECT = "rubrik"
    OFFICER = "handläggare"
    UNIT = "enhet"
    MUNICIPALITY = "kommun"
    TODAY = "datum"
    DUE = "svar senast"


ALL = tuple(f"{{{each}}}" for each in Placeholder)


def named(inside: str) -> Placeholder | None:
    """The placeholder of this name; capitals and spaces around it are forgiven."""
    plain = " ".join(unicodedata.normalize("NFC", inside).casefold().split())
    return Placeholder(plain) if plain in set(Placeholder) else None


def unknown(text: str) -> list[str]:
    """What stands in braces and is no placeholder, and braces that stand alone, each once and in order."""
    wrong = (each[0] for each in BRACES.finditer(text) if each[1] is None or named(each[1]) is None)
    return list(dict.fromkeys(wrong))


def fill(text: str, values: Mapping[Placeholder, str]) -> str:
    """The text with its placeholders replaced. One without a value leaves no hole: see `_without`."""
    for missing in _used(text):
        if not values.get(missing):
            text = _without(text, missing)
    return _replaced(text, lambda each: values.get(each))


def _used(text: str) -> Iterator[Placeholder]:
    for each in dict.fromkeys(match[1] for match in BRACES.finditer(text) if match[1] is not None):
        if found := named(each):
            yield found


def _without(text: str, missing: Placeholder) -> str:
    """Nothing in its place: "Hej {namn}," is "Hej,", and "{namn}, tack" at the start of a line is "Tack"."""
    marked = _replaced(text, lambda each: "\0" if each is missing else None)
    begun = re.sub(rf"(?m)^{GAP}\0[,:;]?{GAP}(\w?)", lambda match: match[1].upper(), marked)
    return re.sub(rf"{GAP}\0", "", begun)


def _replaced(text: str, value: Callable[[Placeholder], str | None]) -> str:
    """Each placeholder replaced by its value; where there is none it stays."""

    def put(match: re.Match[str]) -> str:
        found = named(match[1]) if match[1] is not None else None
        given = value(found) if found else None
        return match[0] if given is None else given

    return BRACES.sub(put, text)
