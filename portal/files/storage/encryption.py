"""Encryption in chunks: AES-256-GCM with a counter and a mark of the last chunk as nonce (STREAM).

A key encrypts one content once, so its nonces never repeat. A chunk that is changed, moved, missing or added
is detected (Hoang, Reyhanitabar, Rogaway and Vizár, "Online Authenticated-Encryption and its Nonce-Reuse
Misuse-Resistance", 2015).
"""

from collections.abc import Iterable, Iterator
from typing import IO

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

CHUNK = 64 * 1024
TAG = 16
KEY_BITS = 256


class BadContent(Exception):
    """Stored bytes that are not what was written, or are missing."""


def new_key() -> bytes:
    """A random key for one content."""
    return AESGCM.generate_key(KEY_BITS)


def encrypted(key: bytes, pieces: Iterable[bytes]) -> Iterator[bytes]:
    """The chunks to be stored, each of CHUNK bytes and a tag; the last may be shorter."""
    cipher = AESGCM(key)
    pending = b""
    count = 0
    for piece in pieces:
        pending += piece
        # One is held back: only at the end is it known which chunk is the last.
        while len(pending) > CHUNK:
            yield cipher.encrypt(_nonce(count, last=False), pending[:CHUNK], None)
            pending = pending[CHUNK:]
            count += 1
    yield cipher.encrypt(_nonce(count, last=True), pending, None)


def decrypted(key: bytes, file: IO[bytes]) -> Iterator[bytes]:
    """The content in chunks. Raises BadContent, at the latest after the last chunk that is intact."""
    cipher = AESGCM(key)
    chunk = file.read(CHUNK + TAG)
    count = 0
    last = False
    while not last:
        following = file.read(CHUNK + TAG)
        last = not following
        try:
            yield cipher.decrypt(_nonce(count, last), chunk, None)
        except InvalidTag:
            raise BadContent("the stored bytes have been changed") from None
        chunk = following
        count += 1


def _nonce(count: int, last: bool) -> bytes:
    return count.to_bytes(11, "big") + bytes([last])
