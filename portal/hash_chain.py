"""Seals of an append-only log: a row that was changed, or removed before the last one, breaks the chain."""

import hashlib
import json
from collections.abc import Callable, Iterable, Sequence
from typing import Protocol, TypeVar

# The seal before the first row: the length of a SHA-256 digest.
GENESIS_SEAL = b"\0" * 32


class Sealed(Protocol):
    """A row of an append-only log."""

    seal: bytes


Row = TypeVar("Row", bound=Sealed)


def seal(previous: bytes, content: Sequence[object]) -> bytes:
    """Return the SHA-256 of the seal before and of a row's content as JSON."""
    # A JSON array, so that no text of one column can pass for the end of another.
    return hashlib.sha256(previous + json.dumps(content, sort_keys=True).encode()).digest()


def is_intact(rows: Iterable[Row], seal_of: Callable[[bytes, Row], bytes]) -> bool:
    """Whether every seal matches; False if a row was changed, or deleted before the last one.

    `seal_of` computes the seal of a row from the seal before it.
    """
    previous = GENESIS_SEAL
    for row in rows:
        if row.seal != seal_of(previous, row):
            return False
        previous = row.seal
    return True
