"""Checks a file in a process of its own: python -m … MAX_BYTES SECONDS EXTENSION.

Reads the file from standard input and writes to standard output a line of JSON, then the bytes of what is
shown and of the thumbnail. It opens no file and no connection once it has read, and never the network.
"""

import json
import resource
import sys
from typing import Any

# Standard input, output and error: with no more, neither a file nor a socket can be opened.
DESCRIPTORS = 3


def main() -> None:
    """Check the file."""
    max_bytes, seconds, extension = sys.argv[1:]
    _limit(resource.RLIMIT_AS, int(max_bytes))
    _limit(resource.RLIMIT_CPU, int(seconds))
    _limit(resource.RLIMIT_CORE, 0)
    _limit(resource.RLIMIT_FSIZE, 0)
    from portal.files.checking import content

    _limit(resource.RLIMIT_NOFILE, DESCRIPTORS)
    data = sys.stdin.buffer.read()
    for part in _answer(content, data, extension):
        sys.stdout.buffer.write(part)


def _limit(what: int, value: int) -> None:
    resource.setrlimit(what, (value, value))


def _answer(content: Any, data: bytes, extension: str) -> list[bytes]:
    try:
        checked = content.check(data, extension)
    except content.Unacceptable as refused:
        return [_line({"refusal": refused.reason, "limit": refused.limit})]
    parts = [part for part in (checked.shown, checked.thumbnail) if part]
    answer = {
        "kind": checked.kind,
        "pages": checked.pages,
        "has_traces": checked.has_traces,
        "shown": _described(checked.shown),
        "thumbnail": _described(checked.thumbnail),
    }
    return [_line(answer), *(part.content for part in parts)]


def _described(part: Any) -> Any:
    return [part.kind, len(part.content)] if part else None


def _line(answer: dict[str, Any]) -> bytes:
    return json.dumps(answer).encode() + b"\n"


if __name__ == "__main__":
    main()
