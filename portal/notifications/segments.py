"""What an SMS is sent as: its alphabet, its length and its parts (GSM 03.38). Pure."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

Encoding = Literal["gsm-7", "ucs-2"]
BASIC = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
EXTENSION = frozenset("\f^{}\\[~]|€")
# In one part, or in each of several: those give up room to say which part they are.
ROOM: dict[Encoding, tuple[int, int]] = {"gsm-7": (160, 153), "ucs-2": (70, 67)}


@dataclass(frozen=True)
class Segments:
    """How a text travels; the length is in the units of its encoding, not in signs."""

    encoding: Encoding
    length: int
    parts: int


def count(text: str) -> Segments:
    """How this text is sent, and in how many parts: each of them is paid for."""
    encoding: Encoding = "gsm-7" if set(text) <= BASIC | EXTENSION else "ucs-2"
    sizes = [_size(sign, encoding) for sign in text]
    alone, together = ROOM[encoding]
    length = sum(sizes)
    return Segments(encoding, length, 1 if length <= alone else _parts(sizes, together))


def _size(sign: str, encoding: Encoding) -> int:
    return 1 + (sign in EXTENSION if encoding == "gsm-7" else sign > "\uffff")


def _parts(sizes: Iterable[int], room: int) -> int:
    """A sign that no longer has room opens a new part: half of it would be another sign, or none."""
    parts, used = 1, 0
    for size in sizes:
        if used + size > room:
            parts, used = parts + 1, 0
        used += size
    return parts
