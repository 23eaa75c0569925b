"""Read a letter of the mailbox: anybody may have written it, and in any way. Pure.

The work is bounded: what is too long or too complicated is read in part, and the letter says so.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from email.errors import MessageError
from email.header import Header, decode_header
from email.message import Message
from email.parser import BytesParser
from email.policy import Compat32
from hashlib import sha256

from portal.formats import cleaning
from portal.notifications.inbound.mime import bounces, parts
from portal.notifications.inbound.mime.bounces import Bounce
from portal.notifications.inbound.mime.charsets import decode

MAX_HEADER = 64 * 1024
MAX_LINES = 40_000
# Each nesting costs a comparison for every line.
MAX_CONTAINERS = 20
MAX_FIELD = 1_000
MAX_REFERENCES = 50
HEADER_END = re.compile(rb"\r?\n\r?\n")
IDENTIFIER = re.compile(r"<[^<>\s]{1,250}>")
IN_BRACKETS = re.compile(r"<([^<>\s]{0,254})>")
ADDRESS = re.compile(r"[^<>\s,;:@\"()]{1,64}@[^<>\s,;:@\"()]{1,190}")
# A token in the local part of one of our addresses, after its tag.
TOKEN = re.compile(r"\+([0-9]{1,19}-[0-9a-fA-F]{20})@")
RECIPIENTS = ("Delivered-To", "X-Original-To", "Envelope-To", "To", "Cc")
ROBOTS = re.compile(
    r"(?:mailer-?daemon|postmaster|no-?_?reply|do-?not-?reply|noreply|majordomo|listserv|bounces?|owner-.*|"
    r".*-(?:request|owner|bounces?|noreply))(?:[+.].*)?",
    re.IGNORECASE,
)
LISTS = frozenset({"bulk", "list", "junk"})


class Bounded(Compat32):
    """The older policy, with short parameters, as to read these takes quadratic time.

    The newer policy takes it for other fields too.
    """

    def header_fetch_parse(self, name: str, value: str) -> str | Header:  # type: ignore[override]
        """The value of a field."""
        short = value[:MAX_FIELD] if name.lower().startswith("content-") else value
        return super().header_fetch_parse(name, short)


@dataclass(frozen=True)
class Letter:
    """A letter as far as it was read; `whole` is False if there is more of it.

    `references` are the ids of the letters that it answers, the nearest first, `tokens` those in its
    recipients, and `sender` the address for our answer: empty if it must not have one.
    """

    digest: bytes
    message_id: str
    references: tuple[str, ...]
    tokens: tuple[str, ...]
    sender: str
    subject: str
    text: str
    attachments: int
    automatic: bool
    whole: bool
    bounce: Bounce | None = None


def parse(raw: bytes, truncated: bool = False) -> Letter:
    """Read a letter, or its beginning. Never raises, whatever is in it."""
    head = _head(raw)
    kept = b"\n".join(raw.split(b"\n", MAX_LINES)[:MAX_LINES])
    whole = not truncated and len(kept) == len(raw)
    header = _parsed(raw[: min(head, MAX_HEADER)] + b"\r\n\r\n")
    content = parts.Content("", 0, whole=False)
    bounce = None
    if head <= MAX_HEADER and _is_simple(kept):
        message = _parsed(kept)
        content, bounce = parts.read(message), bounces.read(message)
    identifiers = tuple(IDENTIFIER.findall(_field(header, "Message-ID", MAX_FIELD)))
    automatic = _is_automatic(header) or bounce is not None
    return Letter(
        digest=sha256(raw[head:]).digest(),
        message_id=identifiers[0] if identifiers else "",
        references=_references(header),
        tokens=tuple(_tokens(header)),
        sender="" if automatic or _is_list(header) else _sender(header),
        subject=cleaning.printable_line(_decoded(_field(header, "Subject", MAX_FIELD))),
        text=content.text,
        attachments=content.attachments,
        automatic=automatic,
        whole=whole and content.whole,
        bounce=bounce,
    )


def _head(raw: bytes) -> int:
    """The length of the header."""
    match = HEADER_END.search(raw)
    return match.start() if match else len(raw)


def _is_simple(raw: bytes) -> bool:
    lowered = raw.lower()
    return lowered.count(b"boundary") + lowered.count(b"message/") <= MAX_CONTAINERS


def _parsed(raw: bytes) -> Message:
    try:
        return BytesParser(policy=Bounded()).parsebytes(raw)
    except (MessageError, ValueError, LookupError, RecursionError, AssertionError, TypeError):
        return Message()


def _field(header: Message, name: str, limit: int) -> str:
    """All fields of this name, one after the other, and no more than this many characters."""
    try:
        return " ".join(str(value)[:limit] for value in header.get_all(name, [])[:20])[:limit]
    except (MessageError, ValueError, LookupError):
        return ""


def _decoded(text: str) -> str:
    """A header in words, instead of encoded (RFC 2047)."""
    try:
        chunks = decode_header(text)
        return "".join(
            chunk if isinstance(chunk, str) else decode(chunk, charset or "") for chunk, charset in chunks
        )
    except (MessageError, ValueError, LookupError):
        return text


def _references(header: Message) -> tuple[str, ...]:
    nearest = IDENTIFIER.findall(_field(header, "In-Reply-To", 10 * MAX_FIELD))
    earlier = IDENTIFIER.findall(_field(header, "References", 20 * MAX_FIELD))
    return tuple([*nearest, *reversed(earlier)][:MAX_REFERENCES])


def _tokens(header: Message) -> Iterator[str]:
    for name in RECIPIENTS:
        yield from TOKEN.findall(_field(header, name, 10 * MAX_FIELD))


def _is_automatic(header: Message) -> bool:
    """Whether a program wrote the letter (RFC 3834), or it has no sender to answer."""
    submitted = _field(header, "Auto-Submitted", MAX_FIELD).strip().lower()
    replies = header.get("X-Autoreply") or header.get("X-Autorespond") or header.get("X-Autoresponder")
    is_reply = replies is not None or _field(header, "Precedence", MAX_FIELD).strip().lower() == "auto_reply"
    return is_reply or submitted not in ("", "no") or _return_path(header) == ""


def _is_list(header: Message) -> bool:
    if _field(header, "Precedence", MAX_FIELD).strip().lower() in LISTS:
        return True
    names = ("List-Id", "List-Unsubscribe", "List-Post", "X-Auto-Response-Suppress", "Feedback-ID")
    return any(header.get(name) is not None for name in names)


def _return_path(header: Message) -> str | None:
    """The sender of the envelope; empty for a null sender, None if the server has not noted it."""
    if header.get("Return-Path") is None:
        return None
    match = IN_BRACKETS.search(_field(header, "Return-Path", MAX_FIELD))
    return match[1] if match else None


def _sender(header: Message) -> str:
    """The address to answer: that of the envelope, else the writer's; empty for a program's address."""
    named = _field(header, "From", MAX_FIELD)
    address = _return_path(header) or (IN_BRACKETS.findall(named) or [named.strip()])[-1]
    is_person = ADDRESS.fullmatch(address) and not ROBOTS.fullmatch(address.partition("@")[0])
    return address if is_person else ""
