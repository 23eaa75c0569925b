"""What is accepted: how many files, how large, of which kinds, from whom. Pure."""

from collections.abc import Sequence
from datetime import timedelta
from typing import NamedTuple

from portal.files.enums import FileKind, FileState, Refusal, Sender
from portal.files.kinds import OFFICE

MEGABYTE = 1024 * 1024
MAX_FILES = 10
# Of all files of one message together.
MAX_BYTES = 25 * MEGABYTE
MAX_ALT = 300
MAX_PAGES = 500
MAX_PIXELS = 100_000_000
# The longest side of the picture that is shown, and of its thumbnail.
SHOWN_SIDE, THUMBNAIL_SIDE = 2560, 480
# How long an upload waits for its form to be sent, unless a draft is saved that has it.
STAGED_FOR = timedelta(hours=24)


class Candidate(NamedTuple):
    """What the rules need to know of an upload."""

    name: str
    kind: FileKind
    bytes: int
    has_traces: bool
    state: FileState


class Refused(NamedTuple):
    """The name of the file that is refused, why, and the limit that it exceeds, in words."""

    name: str
    reason: Refusal
    limit: str = ""


def refusal(files: Sequence[Candidate], sender: Sender, may_strip: bool) -> Refused | None:
    """The first reason why these files of one message are not accepted from this sender; None if they are.

    `may_strip`: a disposal decision allows that traces are removed from what an anonymous sender sends.
    """
    if len(files) > MAX_FILES:
        return Refused(files[MAX_FILES].name, Refusal.TOO_MANY, str(MAX_FILES))
    total = 0
    for file in files:
        total += file.bytes
        if total > MAX_BYTES:
            return Refused(file.name, Refusal.TOO_LARGE_TOGETHER, megabytes(MAX_BYTES))
        if reason := _reason(file, sender, may_strip):
            return Refused(file.name, reason)
    return None


def _reason(file: Candidate, sender: Sender, may_strip: bool) -> Refusal | None:
    if file.state is FileState.INFECTED:
        return Refusal.INFECTED
    if file.state is FileState.FAILED:
        return Refusal.DAMAGED
    if sender is not Sender.ANONYMOUS:
        return None
    if file.kind in OFFICE:
        return Refusal.NOT_AS_ANONYMOUS
    return Refusal.HAS_TRACES if file.has_traces and not may_strip else None


def megabytes(size: int) -> str:
    """A limit in words."""
    return f"{size // MEGABYTE} MB"
