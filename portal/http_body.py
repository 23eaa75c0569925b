"""The body of an HTTP response, within a size and a time."""

import time

import requests

CHUNK_BYTES = 64 * 1024


class BodyTooLong(ValueError):
    """A body longer than the limit."""


def read_body(response: requests.Response, max_bytes: int, deadline: float, decode: bool = True) -> bytes:
    """Return the body of a streamed response; the deadline is a time.monotonic().

    Raises BodyTooLong, and TimeoutError after the deadline. `decode` decompresses the body.
    """
    # In chunks, because the timeout of requests is for each read: slow bytes would never exceed it.
    body = b""
    while chunk := response.raw.read1(CHUNK_BYTES, decode_content=decode):
        body += chunk
        if len(body) > max_bytes:
            raise BodyTooLong(f"a body of more than {max_bytes} bytes")
        if time.monotonic() > deadline:
            raise TimeoutError("a body that takes too long")
    return body
