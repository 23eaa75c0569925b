"""Texts without what a person can be recognised by: a prompt is in place of each detail. Pure."""

import re
from collections.abc import Collection
from dataclasses import dataclass
from enum import StrEnum

from portal.formats import identity_numbers

# Shorter ones are words too ("Bo", "Li"), so they count with their capital letter alone.
MIN_NAME = 3
MIN_DIGITS = 7
# The last digits of a telephone number are the same with and without a country code.
SAME_DIGITS = 8
MIN_ADDRESS = 5
WORD = re.compile(r"[^\W\d_]+")
# From the first sign of a word, so that a long one is read once.
EMAIL = re.compile(r"(?<![^\s<>,;:()\"'])[^\s<>,;:()\"'@]+@[^\s<>,;:()\"']+")
# From a zero or a plus sign, and not from within a date or another number.
PHONE = re.compile(r"(?<![\w–-])(?:\+|0)(?:\(0\)|[\d \u00a0/‐-―−-]){5,17}\d(?!\w)")
STREET = re.compile(
    r"(?<![\w-])[^\W\d_][\w-]{0,40}?(?:gatan|vägen|gränd|stigen|torget|allén|backen|gården|gången)"
    r"[ \u00a0]\d{1,4}(?:[ \u00a0]?[A-Za-z](?!\w))?(?!\w)"
)
_NAME = r"[^\W\d_][\w'’-]{1,40}"
# A name after a greeting is one also where the sender has given none.
GREETING = re.compile(
    r"^([ \t]*(?:(?i:hejsan|hej|bästa|kära|hello|hi|dear))[ \t]+)"
    rf"({_NAME}(?:[ \t]{_NAME}){{0,2}})(?=[ \t]*(?:[,.!?]|$))",
    re.MULTILINE,
)


_CAPITAL = r"[A-ZÀ-ÖØ-Þ][^\W\d_]+"
# Within a sentence, whose first word has a capital letter whatever it is.
WHOLE_NAME = re.compile(rf"(?<=[\w,;] ){_CAPITAL} {_CAPITAL}")


class Mask(StrEnum):
    """What is written in place of a detail."""

    NAME = "[Skriv namn]"
    EMAIL = "[Skriv e-postadress]"
    PHONE = "[Skriv telefonnummer]"
    IDENTITY_NUMBER = "[Skriv personnummer]"
    REFERENCE = "[Skriv ärendenummer]"
    ADDRESS = "[Skriv adress]"


REPEATED_NAME = re.compile(rf"(?:{re.escape(Mask.NAME)}[ \t])+(?={re.escape(Mask.NAME)})")


@dataclass(frozen=True)
class Details:
    """What is known of the people that a text may name, and the prefix of case numbers.

    `kept_phones` are numbers that anyone may read, such as that of the municipality.
    """

    prefix: str
    names: frozenset[str] = frozenset()
    addresses: tuple[str, ...] = ()
    kept_phones: tuple[str, ...] = ()


def masked(text: str, known: Details) -> str:
    """The text without e-mail addresses, numbers, street addresses, and the names that are known."""
    # A full stop after an address ends the sentence.
    text = EMAIL.sub(lambda match: Mask.EMAIL + _end(match[0]), text)
    text = identity_numbers.without_numbers(text, Mask.IDENTITY_NUMBER)
    text = _reference(known.prefix).sub(Mask.REFERENCE, text)
    text = _without_addresses(text, known.addresses)
    kept = {digits[-SAME_DIGITS:] for digits in map(_digits, known.kept_phones) if digits}
    text = PHONE.sub(lambda match: match[0] if _is_kept(match[0], kept) else Mask.PHONE, text)
    text = GREETING.sub(_without_greeted, text)
    text = WORD.sub(lambda match: Mask.NAME if is_name(match[0], known.names) else match[0], text)
    return REPEATED_NAME.sub("", text)


def details_in(text: str, known: Details) -> list[Mask]:
    """What kinds of details a text has."""
    without = masked(text, known)
    return [mask for mask in Mask if without.count(mask) > text.count(mask)]


def has_whole_name(text: str) -> bool:
    """Whether two words in a row within a sentence have capital letters, as a first and a last name have."""
    return WHOLE_NAME.search(text) is not None


def names(*whole: str | None) -> frozenset[str]:
    """The parts of names."""
    return frozenset(part for name in whole for part in WORD.findall(name or "") if len(part) > 1)


def is_name(word: str, known: Collection[str]) -> bool:
    """Whether a word is one of the names, also in the genitive."""
    for name in known:
        # In Swedish the genitive has an s and no apostrophe.
        forms = (name, f"{name}s")
        if word in forms or (
            len(name) >= MIN_NAME and word.casefold() in [form.casefold() for form in forms]
        ):
            return True
    return False


def _reference(prefix: str) -> re.Pattern[str]:
    return re.compile(rf"(?<!\w){re.escape(prefix)}[- ]?\d{{4}}[- ]?\d{{1,9}}(?!\w)", re.IGNORECASE)


def _without_addresses(text: str, addresses: Collection[str]) -> str:
    for line in "\n".join(addresses).splitlines():
        if len(line.strip()) >= MIN_ADDRESS:
            text = re.sub(re.escape(line.strip()), Mask.ADDRESS, text, flags=re.IGNORECASE)
    return STREET.sub(Mask.ADDRESS, text)


def _is_kept(written: str, kept: Collection[str]) -> bool:
    digits = _digits(written)
    return len(digits) < MIN_DIGITS or digits[-SAME_DIGITS:] in kept


def _end(written: str) -> str:
    return written[len(written.rstrip(".!?")) :]


def _digits(written: str) -> str:
    return re.sub(r"\D", "", written)


def _without_greeted(match: re.Match[str]) -> str:
    words = match[2].split()
    # "Hej och tack": only what is written as a name is one.
    if not all(word[0].isupper() for word in words):
        return match[0]
    return f"{match[1]}{Mask.NAME}"
