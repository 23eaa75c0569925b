"""Encryption in chunks: what was written is read, and no other bytes are."""

import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.files.storage.encryption import CHUNK, TAG, BadContent, decrypted, encrypted, new_key

STORED = CHUNK + TAG


def written(content: bytes, key: bytes, piece: int = 50_000) -> bytes:
    pieces = [content[start : start + piece] for start in range(0, len(content), piece)]
    return b"".join(encrypted(key, pieces))


def read(stored: bytes, key: bytes) -> bytes:
    return b"".join(decrypted(key, io.BytesIO(stored)))


SIZES = [0, 1, CHUNK - 1, CHUNK, CHUNK + 1, 2 * CHUNK, 3 * CHUNK + 7]


@given(st.sampled_from(SIZES), st.integers(1, 200_000))
def test_what_was_written_is_read(size: int, piece: int) -> None:
    key, content = new_key(), bytes(index % 251 for index in range(size))
    stored = written(content, key, max(piece, 1000))
    assert read(stored, key) == content
    assert len(stored) == size + TAG * max(1, -(-size // CHUNK))


CONTENT = b"".join(bytes([number]) * CHUNK for number in range(4))
KEY = new_key()
WHOLE = written(CONTENT, KEY)


@pytest.mark.parametrize(
    "changed",
    [
        b"",
        WHOLE[:-1],
        WHOLE[:-STORED],
        WHOLE[: 2 * STORED],
        WHOLE[:TAG],
        WHOLE + b"\0",
        WHOLE + WHOLE[:STORED],
        WHOLE[STORED:],
        WHOLE[STORED : 2 * STORED] + WHOLE[:STORED] + WHOLE[2 * STORED :],
        WHOLE[:STORED] + WHOLE[2 * STORED :],
        WHOLE[:100] + bytes([WHOLE[100] ^ 1]) + WHOLE[101:],
        WHOLE[:-1] + bytes([WHOLE[-1] ^ 1]),
        written(CONTENT, new_key()),
    ],
    ids=[
        "nothing",
        "a byte short",
        "a chunk short",
        "without its end",
        "a tag alone",
        "a byte more",
        "a chunk more",
        "without its beginning",
        "chunks in another order",
        "without its middle",
        "a bit of a chunk",
        "a bit of the last tag",
        "another key",
    ],
)
def test_bytes_that_were_cut_moved_added_or_changed_are_not_read(changed: bytes) -> None:
    with pytest.raises(BadContent):
        read(changed, KEY)


def test_no_two_chunks_have_the_same_nonce() -> None:
    stored = written(b"\0" * (3 * CHUNK), KEY)
    chunks = [stored[start : start + CHUNK] for start in range(0, len(stored), STORED)]
    assert len(set(chunks)) == 3
