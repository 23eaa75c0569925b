"""Whether a key could be guessed: too short, repetitive, in a row, or made of a common word. Pure."""

import base64
import binascii
import re
from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise

MIN_LENGTH = 32
MIN_DIFFERENT = 10
# Words of examples and of people in a hurry; six letters or more, so that no random key contains one.
COMMON = re.compile(
    "change.?me|password|passwort|l[oö]senord|hemlig|secret|develop|production|produktion|kontakt|example|"
    "exempel|default|administrator|qwerty|letmein|testtest|123456|abcdef|replace|your.?key|placeholder",
    re.IGNORECASE,
)


def weakness(key: str | bytes) -> str:
    """Why the key is weak, to put after its name; empty if it is not. The key itself is never repeated."""
    if len(key) < MIN_LENGTH:
        return f"must have at least {MIN_LENGTH} signs"
    if len(set(key)) < MIN_DIFFERENT or _period(key) <= len(key) // 2:
        return "is repetitive: make a random one"
    if _is_sequence(key) or COMMON.search(_text(key)):
        return "can be guessed: make a random one"
    return ""


def raw_weakness(key: bytes) -> str:
    """As weakness(), for the bytes of a key that a program makes: a readable text is no random key."""
    if all(32 <= byte < 127 for byte in key):
        return "can be guessed: make a random one"
    return weakness(key)


def _text(key: str | bytes) -> str:
    return key if isinstance(key, str) else key.decode("latin-1")


def _period(key: str | bytes) -> int:
    """The length of the part that the key repeats; its own length if it repeats none."""
    # The key occurs in its double before the second half only if it is made of repetitions.
    for length in range(1, len(key)):
        if key[length:] == key[: len(key) - length]:
            return length
    return len(key)


def _is_sequence(key: str | bytes) -> bool:
    """Whether half of the signs follow their neighbour, as in abcdef or 987654."""
    codes = list(key) if isinstance(key, bytes) else [ord(sign) for sign in key]
    steps = [after - before for before, after in pairwise(codes)]
    return sum(step in (-1, 0, 1) for step in steps) > len(steps) // 2


def is_fernet_key(key: str) -> bool:
    """Whether the key is one of Fernet's: 32 bytes in URL-safe base64."""
    try:
        return len(base64.urlsafe_b64decode(key)) == 32
    except (binascii.Error, ValueError):
        return False


def fernet_weakness(key: str) -> str:
    """As raw_weakness(), for a Fernet key; empty for what is none."""
    return raw_weakness(base64.urlsafe_b64decode(key)) if is_fernet_key(key) else ""


def shared_keys(keys: Mapping[str, Sequence[str]]) -> Iterator[str]:
    """A line for each key that two settings hold; the keys come by the name of their setting."""
    seen: dict[str, str] = {}
    for name, values in keys.items():
        for key in values:
            if key in seen:
                yield f"{name} and {seen[key]} hold the same key"
            seen.setdefault(key, name)
