"""Checks a file in a process of its own: python -m … MAX_BYTES SECONDS EXTENSION.

Reads the file from standard input and writes to standard output a line of JSON, then the bytes of what is
shown and of the thumbnail. While it checks it can open neither a file nor a connection.
"""

import json
import resource
import sys
from collections.abc import Callable
from typing import Any

from portal.files.checking import content
from portal.files.checking.outcome import Derivative, Unacceptable
from portal.files.enums import Refusal

# Standard input, output and error: with no more, neither a file nor a socket can be opened.
DESCRIPTORS = 3


def main() -> None:
    """Check the file."""
    max_bytes, seconds, extension = sys.argv[1:]
    _limit(resource.RLIMIT_AS, int(max_bytes))
    _limit(resource.RLIMIT_CPU, int(seconds))
    _limit(resource.RLIMIT_CORE, 0)
    _limit(resource.RLIMIT_FSIZE, 0)
    for part in answer(sys.stdin.buffer.read(), extension, _open_nothing_more):
        sys.stdout.buffer.write(part)


def answer(data: bytes, extension: str, ready: Callable[[], None]) -> list[bytes]:
    """What is written of a file, in parts; `ready` is called when all that the check needs is imported."""
    try:
        return _checked(data, extension, ready)
    except Unacceptable as refused:
        return [_line({"refusal": refused.reason, "limit": refused.limit})]
    except MemoryError:
        return [_line({"refusal": Refusal.TOO_DEMANDING, "limit": ""})]


def _open_nothing_more() -> None:
    _limit(resource.RLIMIT_NOFILE, DESCRIPTORS)


def _limit(what: int, value: int) -> None:
    resource.setrlimit(what, (value, value))


def _checked(data: bytes, extension: str, ready: Callable[[], None]) -> list[bytes]:
    check = content.check_for(data, extension)
    ready()
    checked = check(data)
    parts = [part for part in (checked.shown, checked.thumbnail) if part]
    described = {
        "kind": checked.kind,
        "pages": checked.pages,
        "has_traces": checked.has_traces,
        "shown": _described(checked.shown),
        "thumbnail": _described(checked.thumbnail),
    }
    return [_line(described), *(part.content for part in parts)]


def _described(part: Derivative | None) -> list[Any] | None:
    return [part.kind, len(part.content)] if part else None


def _line(values: dict[str, Any]) -> bytes:
    return json.dumps(values).encode() + b"\n"


if __name__ == "__main__":
    main()
