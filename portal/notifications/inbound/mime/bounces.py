"""Bounces: what a mail server reports about a letter that it could not deliver (RFC 3464). Pure."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from email.message import Message

MAX_FIELD = 500
MAX_PARTS = 20
STATUS = re.compile(r"\b([245])\.([0-9]{1,3})\.([0-9]{1,3})\b")
REPLY = re.compile(r"\b([45][0-9]{2})\b")


@dataclass(frozen=True)
class Bounce:
    """A report of a mail server: whether it has given up, and the code of its reply if it says one."""

    final: bool
    code: int | None = None


def read(message: Message) -> Bounce | None:
    """The report in a letter; None if it is none. Of several recipients the one that was given up counts."""
    reports = [_report(block) for block in _blocks(message)]
    finals = [report for report in reports if report and report.final]
    others = [report for report in reports if report]
    return next(iter([*finals, *others]), None)


def _blocks(message: Message) -> Iterator[Message]:
    """The blocks of fields of a delivery status: one for the letter, and one for each recipient."""
    if message.get_content_type() != "multipart/report":
        return
    for part in parts(message):
        if part.get_content_type() == "message/delivery-status":
            yield from parts(part)


def parts(message: Message) -> list[Message]:
    """The parts of a letter, if it has any."""
    # A part that is none may have a content that cannot be decoded.
    children = list(message.get_payload()) if message.is_multipart() else []
    return [child for child in children[:MAX_PARTS] if isinstance(child, Message)]


def _report(block: Message) -> Bounce | None:
    action = _field(block, "Action").partition(" ")[0].lower()
    status = STATUS.search(_field(block, "Status"))
    if not action and status is None:
        return None
    final = action == "failed" if action else bool(status and status[1] == "5")
    return Bounce(final, _code(_field(block, "Diagnostic-Code"), status))


def _code(diagnostic: str, status: re.Match[str] | None) -> int | None:
    # The status may begin with the same digits as a reply: 5.5.0.
    reply = REPLY.search(STATUS.sub(" ", diagnostic))
    if reply:
        return int(reply[1])
    return int("".join(status.groups())) if status else None


def _field(block: Message, name: str) -> str:
    return str(block.get(name, ""))[:MAX_FIELD].strip()


def in_words(text: str) -> Bounce | None:
    """The report of a server that writes one as a text, by the status in it; None if there is none."""
    status = STATUS.search(text)
    if status is None or status[1] != "5":
        return None
    return Bounce(True, _code(text[:MAX_FIELD], status))
