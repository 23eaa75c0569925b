"""Rules of an answer that several senders get: whom it may name, and how each gets it as their own. Pure."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field

from portal.formats.anonymisation import EMAIL, WORD, is_name

# The last digits of a number are the same with and without a country code or a century.
MIN_DIGITS = 8
NUMBER = re.compile(r"\+?\d[\d\s()/‐-―−-]{5,}\d")
GREETING = r"^(\s*(?:hejsan|hej|bästa|kära|god (?:morgon|dag|kväll)|hello|hi|dear))[ \t]+"


@dataclass(frozen=True)
class Identity:
    """What a sender can be recognised by in a text."""

    names: frozenset[str] = frozenset()
    emails: frozenset[str] = frozenset()
    numbers: frozenset[str] = frozenset()
    references: frozenset[str] = field(default_factory=frozenset)


def personal(text: str, kept: str, name: str, number: str, own_name: str, own_number: str) -> str:
    """The answer to the sender `name` of one case as it is sent in another.

    The greeting and the number of the case become those of the other sender. `kept` is their whole name.
    """
    text = re.sub(rf"(?<!\w){re.escape(number)}(?!\w)", own_number, text, flags=re.IGNORECASE)
    for known in sorted({kept, name} - {""}, key=len, reverse=True):
        greeting = re.compile(rf"{GREETING}{re.escape(known)}(?!\w)", re.IGNORECASE)
        if greeting.search(text):
            return greeting.sub(lambda match: f"{match[1]} {own_name}".rstrip(), text, count=1)
    return text


def named(text: str, identity: Identity) -> list[str]:
    """The words and numbers of a text by which a sender can be recognised, in their order."""
    matches = [word for word in WORD.findall(text) if is_name(word, identity.names)]
    matches += [word.rstrip(".!?") for word in EMAIL.findall(text) if _is_address(word, identity.emails)]
    matches += [number for number in NUMBER.findall(text) if _is_number(number, identity.numbers)]
    matches += [
        reference for reference in sorted(identity.references) if reference.casefold() in text.casefold()
    ]
    return list(dict.fromkeys(matches))


def digits(*written: str | None) -> frozenset[str]:
    """The last digits of numbers that are long enough to be those of one person."""
    every = {re.sub(r"\D", "", number or "") for number in written}
    return frozenset(number[-MIN_DIGITS:] for number in every if len(number) >= MIN_DIGITS)


def _is_address(word: str, known: Iterable[str]) -> bool:
    return word.rstrip(".!?").casefold() in {email.casefold() for email in known}


def _is_number(written: str, known: frozenset[str]) -> bool:
    return bool(digits(written) & known)
