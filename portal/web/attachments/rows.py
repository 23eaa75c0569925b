"""The files of a message as pages show them."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from flask import request, url_for

from portal.files.enums import FileState
from portal.files.queries import Attachment
from portal.translation import lazy_gettext as _l
from portal.web.attachments.kinds import details
from portal.web.support.case_presenter import ThreadMessage

# The address of a view of a file, by the name of the view and the id of the file.
Address = Callable[[str, int], str]
Files = Mapping[int, Sequence[Attachment]]
STATE = {
    FileState.WAITING: _l("Filen kontrolleras. Ladda om sidan om en stund."),
    FileState.INFECTED: _l("Filen visas inte: den innehåller något som kan skada datorn."),
    FileState.FAILED: _l("Filen gick inte att kontrollera, så den visas inte."),
}


@dataclass(frozen=True)
class FileRow:
    """A file as a template draws it. Without `href` it cannot be opened, and `state` says why.

    `details` are its kind, pages and size.
    """

    name: str
    details: str
    alt: str
    state: str
    href: str = ""
    thumbnail: str = ""
    original: str = ""


def with_files(
    shown: ThreadMessage,
    message_id: int,
    files: Files,
    address: Address | None = None,
    originals: bool = False,
) -> ThreadMessage:
    """A message with its files. Without `address` they are only named; `originals` adds what arrived."""
    rows = [_row(file, address, originals) for file in files.get(message_id, ())]
    return replace(shown, files=rows) if rows else shown


def _row(file: Attachment, address: Address | None, originals: bool) -> FileRow:
    opens = address is not None and file.state is FileState.READY
    return FileRow(
        name=file.name,
        details=details(file.kind, file.bytes, file.pages),
        alt=file.alt,
        state=str(STATE.get(file.state, "")),
        href=address("attachment", file.id) if address and opens else "",
        thumbnail=address("thumbnail", file.id) if address and opens and file.has_thumbnail else "",
        original=address("original", file.id) if address and originals else "",
    )


def sender_address(view: str, file: int) -> str:
    """The address of a file on the page of its sender, which the request is for."""
    parts: dict[str, Any] = dict(request.view_args or {})
    parts["file"] = file
    return url_for(f".{view}", **parts)


def staff_address(number: str) -> Address:
    """The addresses of the files of a case for staff."""
    return lambda view, file: url_for(f"backoffice.{view}", number=number, file=file)
