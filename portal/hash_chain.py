"""Seals of an append-only log: a row that was changed, or removed before the last one, breaks the chain."""

import hashlib
import json
from collections.abc import Sequence

# The seal before the first row: the length of a SHA-256 digest.
GENESIS_SEAL = b"\0" * 32


def seal(previous: bytes, content: Sequence[object]) -> bytes:
    """Return the SHA-256 of the seal before and of a row's content as JSON."""
    # A JSON array, so that no text of one column can pass for the end of another.
    return hashlib.sha256(previous + json.dumps(content, sort_keys=True).encode()).digest()
