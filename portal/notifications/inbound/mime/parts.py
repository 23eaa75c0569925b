"""The text of a letter, and how many attachments it has. Pure."""

from dataclasses import dataclass
from email.errors import MessageError
from email.message import Message

from portal.notifications.inbound.mime import markup
from portal.notifications.inbound.mime.charsets import decode

# The longest text of one part that is read, in bytes and characters.
MAX_TEXT = 200_000
MAX_PARTS = 500
MAX_DEPTH = 40
SIGNATURES = frozenset(
    {"application/pgp-signature", "application/pkcs7-signature", "application/x-pkcs7-signature"}
)


@dataclass(frozen=True)
class Content:
    """The text of some parts and the number of other parts; `whole` is False if not all was read."""

    text: str
    attachments: int
    whole: bool = True


def read(message: Message, depth: int = 0) -> Content:
    """The content of a letter or a part of it."""
    if depth > MAX_DEPTH:
        return Content("", 0, whole=False)
    if message.get_content_maintype() != "multipart" or not message.is_multipart():
        return _leaf(message)
    payload = list(message.get_payload())
    children = [child for child in payload[:MAX_PARTS] if isinstance(child, Message)]
    contents = [read(child, depth + 1) for child in children]
    if message.get_content_type() == "multipart/alternative":
        return _preferred(children, contents)
    text = "\n\n".join(content.text for content in contents if content.text.strip())
    whole = len(payload) <= MAX_PARTS and all(content.whole for content in contents)
    return Content(text, sum(content.attachments for content in contents), whole)


def _preferred(children: list[Message], contents: list[Content]) -> Content:
    """The plain text of several forms of the same; else the last form that has a text."""
    attachments = max((content.attachments for content in contents), default=0)
    readable = [content for content in contents if content.text.strip()]
    for child, content in zip(children, contents, strict=True):
        if content in readable and child.get_content_type() == "text/plain":
            return Content(content.text, attachments, content.whole)
    last = readable[-1] if readable else Content("", 0)
    return Content(last.text, attachments, last.whole)


def _leaf(message: Message) -> Content:
    kind = message.get_content_type()
    if kind in SIGNATURES:
        return Content("", 0)
    if _is_attachment(message) or kind not in ("text/plain", "text/html"):
        return Content("", 1)
    content = _bytes(message)
    text = decode(content[:MAX_TEXT], _charset(message))
    shown = markup.text_of(text) if kind == "text/html" else text
    return Content(shown, 0, len(content) <= MAX_TEXT)


def _is_attachment(message: Message) -> bool:
    disposition = str(message.get("Content-Disposition", ""))[:200].strip().lower()
    return disposition.startswith("attachment")


def _charset(message: Message) -> str:
    try:
        return str(message.get_param("charset", ""))
    except (MessageError, ValueError, LookupError):
        return ""


def _bytes(message: Message) -> bytes:
    try:
        content = message.get_payload(decode=True)
    except (MessageError, ValueError, LookupError):
        return b""
    return content if isinstance(content, bytes) else b""
