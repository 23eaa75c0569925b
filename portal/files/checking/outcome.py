"""What the check of a file results in. Pure."""

from dataclasses import dataclass

from portal.files.enums import FileKind, Refusal


class Unacceptable(Exception):
    """A file that is refused, why, and the limit that it exceeds."""

    def __init__(self, reason: Refusal, limit: str = "") -> None:
        super().__init__(reason.value)
        self.reason = reason
        self.limit = limit


@dataclass(frozen=True)
class Derivative:
    """What is shown of a file: its bytes and their kind."""

    kind: FileKind
    content: bytes


@dataclass(frozen=True)
class Checked:
    """A file that is accepted. Without `shown`, the file itself is what readers get."""

    kind: FileKind
    pages: int | None = None
    has_traces: bool = False
    shown: Derivative | None = None
    thumbnail: Derivative | None = None
