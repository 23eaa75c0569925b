"""Runs the check of a file in a child process, with limits of memory, time and number."""

import json
import subprocess
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from threading import BoundedSemaphore, Timer
from typing import IO, Any, TypeVar

import structlog

from portal.files.checking.outcome import Unacceptable
from portal.files.enums import FileKind, Refusal

log: structlog.stdlib.BoundLogger = structlog.get_logger()
T = TypeVar("T")
ROOT = Path(__file__).parents[3]
# An image of 100 million pixels takes 400 MB before it is scaled.
MAX_MEMORY_BYTES = 1024 * 1024 * 1024
MAX_CPU_SECONDS = 20
MAX_SECONDS = 30
# A check takes a core, and up to the memory above.
MAX_AT_A_TIME = 2
MAX_WAIT_SECONDS = 10
# Each takes a thread of the web server while it waits: the others are for those who send no file.
MAX_WAITING = 2
PIECE = 64 * 1024
MAX_LINE = 1000

_places = BoundedSemaphore(MAX_AT_A_TIME)
_waiting = BoundedSemaphore(MAX_WAITING)


@dataclass(frozen=True)
class Made:
    """A derivative that the child made, and what the caller made of its bytes."""

    kind: FileKind
    stored: Any


@dataclass(frozen=True)
class Answer:
    """What the child says of a file that is accepted."""

    kind: FileKind
    pages: int | None
    has_traces: bool
    shown: Made | None
    thumbnail: Made | None


def check(pieces: Iterable[bytes], extension: str, store: Callable[[Iterable[bytes]], T]) -> Answer:
    """Check a content in a child, and store each derivative as it comes. Raises Unacceptable.

    `store` gets the bytes in pieces, so that none is in the memory of this process as a whole.
    """
    if not (_places.acquire(blocking=False) or _has_waited()):
        raise _failed(Refusal.BUSY, "busy")
    try:
        return _child_answers(pieces, extension, store)
    finally:
        _places.release()


def _has_waited() -> bool:
    """Whether there was a place after a while; at once without one if others wait."""
    if not _waiting.acquire(blocking=False):
        return False
    try:
        return _places.acquire(timeout=MAX_WAIT_SECONDS)
    finally:
        _waiting.release()


def _child_answers(
    pieces: Iterable[bytes], extension: str, store: Callable[[Iterable[bytes]], Any]
) -> Answer:
    with _child(extension) as child:
        _feed(child.stdin, pieces)
        return read_answer(child.stdout, store)


@contextmanager
def _child(extension: str) -> Iterator[Any]:
    limits = [str(MAX_MEMORY_BYTES), str(MAX_CPU_SECONDS)]
    child = subprocess.Popen(  # noqa: S603
        [sys.executable, "-m", "portal.files.checking.child", *limits, extension],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        # What a library says may quote the file.
        stderr=subprocess.DEVNULL,
        cwd=ROOT,
        # None of the portal's settings: the child reads a stranger's file and needs no key.
        env={"LANG": "C.UTF-8", "MALLOC_ARENA_MAX": "1"},
    )
    timer = Timer(MAX_SECONDS, child.kill)
    timer.start()
    try:
        with child:
            yield child
    finally:
        timer.cancel()
        child.kill()


def _feed(stdin: IO[bytes], pieces: Iterable[bytes]) -> None:
    # A child that has ended by then says why in its answer, or by none.
    with suppress(BrokenPipeError):
        for piece in pieces:
            stdin.write(piece)
    with suppress(BrokenPipeError):
        stdin.close()


def read_answer(stdout: IO[bytes], store: Callable[[Iterable[bytes]], Any]) -> Answer:
    """Read what a child has written. Raises Unacceptable."""
    line = stdout.readline(MAX_LINE)
    if not line.endswith(b"\n"):
        raise _failed(Refusal.TOO_DEMANDING, "ended")
    answer = json.loads(line)
    if "refusal" in answer:
        raise Unacceptable(Refusal(answer["refusal"]), answer["limit"])
    return Answer(
        kind=FileKind(answer["kind"]),
        pages=answer["pages"],
        has_traces=answer["has_traces"],
        shown=_made(stdout, answer["shown"], store),
        thumbnail=_made(stdout, answer["thumbnail"], store),
    )


def _made(stdout: IO[bytes], described: Any, store: Callable[[Iterable[bytes]], Any]) -> Made | None:
    if described is None:
        return None
    kind, size = described
    return Made(FileKind(kind), store(_exactly(stdout, size)))


def _exactly(stdout: IO[bytes], size: int) -> Iterator[bytes]:
    left = size
    while left:
        piece = stdout.read(min(PIECE, left))
        if not piece:
            raise _failed(Refusal.TOO_DEMANDING, "ended")
        left -= len(piece)
        yield piece


def _failed(refusal: Refusal, reason: str) -> Unacceptable:
    log.warning("file.check_failed", reason=reason)
    return Unacceptable(refusal)
