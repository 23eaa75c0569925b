"""Encoding and number of parts of an SMS (3GPP TS 23.038, formerly GSM 03.38). Pure."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

Encoding = Literal["gsm-7", "ucs-2"]
BASIC = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
# Written with an escape character before them, so each takes two units.
EXTENSION = frozenset("\f^{}\\[~]|€")
# Units in a single part, and in each of several: those lose room to the header that joins them.
MAX_UNITS: dict[Encoding, tuple[int, int]] = {"gsm-7": (160, 153), "ucs-2": (70, 67)}


@dataclass(frozen=True)
class Segments:
    """Encoding, length in units of the encoding (septets or UTF-16 code units) and number of parts."""

    encoding: Encoding
    length: int
    parts: int


def count(text: str) -> Segments:
    """Count the parts that a text is sent in; each of them is charged."""
    encoding: Encoding = "gsm-7" if set(text) <= BASIC | EXTENSION else "ucs-2"
    sizes = [_units(character, encoding) for character in text]
    single, joined = MAX_UNITS[encoding]
    length = sum(sizes)
    return Segments(encoding, length, 1 if length <= single else _parts(sizes, joined))


def _units(character: str, encoding: Encoding) -> int:
    return 1 + (character in EXTENSION if encoding == "gsm-7" else character > "\uffff")


def _parts(sizes: Iterable[int], room: int) -> int:
    parts = 1
    used = 0
    for size in sizes:
        # A character is not split between parts: half of it would be another character, or none.
        if used + size > room:
            parts += 1
            used = 0
        used += size
    return parts
