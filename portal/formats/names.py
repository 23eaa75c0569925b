"""The given name of a person, for a greeting. Pure."""

import re

from portal.formats import cleaning

MAX_GREETED = 40
TITLES = frozenset(
    {"herr", "hr", "fru", "fr", "fröken", "frk", "dr", "doktor", "docent", "prof", "professor", "mag", "ing"}
    | {"civ", "fil", "tekn", "med", "jur", "lic", "kand", "mr", "mrs", "ms", "miss", "mx", "sir", "madam"}
)
# The last word of a company or an association, and what may come after a name without being one.
SUFFIXES = frozenset({"ab", "hb", "kb", "brf", "jr", "sr", "junior", "senior", "ii", "iii", "phd", "md"})
INITIAL = re.compile(r"[^\W\d_]\.?|(?:[^\W\d_]\.){2,}")
EDGES = ".,;:!?\"'()[]<>/\\|*_~-–—’”“"
UNLIKE_A_NAME = re.compile(r"[0-9@/\\<>{}=]")


def given_name(name: str) -> str:
    """The given name in a name such as "Maja Svensson" or "Svensson, Maja"; empty if it cannot be told."""
    family_first = [part.strip() for part in cleaning.line(name).split(",")]
    words = _words(_given_part(family_first))
    if not words:
        return ""
    first = words[0]
    # A single initial says too little, and what follows it may be the family name.
    if INITIAL.fullmatch(first) and first.isascii():
        rest = [word for word in words if not INITIAL.fullmatch(word)]
        first = rest[0] if len(rest) > 1 else ""
    return _cased(first.strip(EDGES)) if len(first) <= MAX_GREETED else ""


def _given_part(parts: list[str]) -> str:
    """The part with the given name: the one after the comma, unless that is a title, a role or an address."""
    if len(parts) == 1:
        return parts[0]
    after = parts[1]
    if not after:
        # "Maja Svensson," is a whole name, but "Svensson," is only the family name.
        return parts[0] if " " in parts[0] else ""
    is_name = after[0].isupper() or not after[0].isalpha() or not _has_case(after)
    return after if is_name and _words(after) else parts[0]


def _has_case(text: str) -> bool:
    return text.lower() != text.upper()


def _words(text: str) -> list[str]:
    """The words that can be names: no titles, suffixes, numbers or addresses."""
    words = []
    for word in text.split():
        plain = word.strip(EDGES).casefold()
        is_name = any(character.isalpha() for character in plain) and not UNLIKE_A_NAME.search(plain)
        if is_name and plain not in TITLES and plain not in SUFFIXES:
            words.append(word.strip('"“”()[],;:'))
    return words


def _cased(name: str) -> str:
    """A name that is written in capitals, as a name is written: ANNA-KARIN is Anna-Karin."""
    if len(name) < 3 or not name.isupper():
        return name
    return "-".join(part.capitalize() for part in name.split("-"))
