"""Uploads: files that wait for their form to be sent. They belong to the browser that has the handle."""

import secrets
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import IO

from sqlalchemy import func, insert, select
from sqlalchemy.engine import Connection

from portal import clock, crypto
from portal.config import settings
from portal.db import after_commit, appending, engine, in_transaction, session
from portal.files import rules
from portal.files.checking import process
from portal.files.checking.outcome import Unacceptable
from portal.files.checking.process import Answer, Made
from portal.files.enums import FileKind, FileState, Refusal, Sender
from portal.files.kinds import OFFICE
from portal.files.models import StoredContent, StoredFile
from portal.files.names import clean_name, extension_of, name_of_kind
from portal.files.rules import Candidate
from portal.files.storage import folder
from portal.files.storage.folder import Content
from portal.organisation import queries as organisation

HANDLE_BYTES = 16
PURPOSE = "upload"
DIGEST = "file content"
PIECE = 64 * 1024
# Of all uploads that wait for their form, as they arrived, and of the disk.
MAX_STAGED = 4 * 1024 * rules.MEGABYTE
MIN_FREE = 1024 * rules.MEGABYTE


class RefusedFile(Exception):
    """A file that is not accepted: its name, why, and the limit that it exceeds, in words."""

    def __init__(self, name: str, reason: Refusal, limit: str = "") -> None:
        super().__init__(reason.value)
        self.name = name
        self.reason = reason
        self.limit = limit


@dataclass(frozen=True)
class Upload:
    """A file that waits for its form; `bytes` is its size as it arrived."""

    handle: str
    name: str
    kind: FileKind
    bytes: int
    has_traces: bool


def stage(stream: IO[bytes], name: str, sender: Sender) -> Upload:
    """Check and store a file for STAGED_FOR. Raises RefusedFile, and leaves nothing behind then.

    It takes seconds, so it must be called outside transaction().
    """
    clean = clean_name(name)
    _require_room(clean, sender)
    with _written_contents() as written:
        try:
            original = written.store(_bounded(stream))
            answer = process.check(
                folder.read(original.name, original.key), extension_of(clean), written.store
            )
            if sender is Sender.ANONYMOUS and answer.kind in OFFICE:
                raise Unacceptable(Refusal.NOT_AS_ANONYMOUS)
        except Unacceptable as refused:
            raise RefusedFile(clean, refused.reason, refused.limit) from None
        except folder.NoRoom:
            raise RefusedFile(clean, Refusal.NO_ROOM) from None
        # From here on a row may name them, even if the commit seems to fail: the sweep takes what none does.
        written.keep()
    handle = secrets.token_urlsafe(HANDLE_BYTES)
    with appending() as connection:
        _insert(connection, handle, clean, original, answer)
    return Upload(handle, name_of_kind(clean, answer.kind), answer.kind, original.size, answer.has_traces)


def _require_room(name: str, sender: Sender) -> None:
    """Raises RefusedFile: what strangers upload and never send must not fill the disk of all others."""
    # Staff answer also while it is full.
    is_full = sender is not Sender.STAFF and _staged_bytes() > MAX_STAGED
    if is_full or folder.free_bytes() < MIN_FREE:
        raise RefusedFile(name, Refusal.NO_ROOM)


def _staged_bytes() -> int:
    total = select(func.sum(StoredContent.size)).join(StoredFile, StoredFile.original_id == StoredContent.id)
    # The session of the request would not see the uploads that come after it.
    with engine().execution_options(postgresql_readonly=True).connect() as connection:
        return connection.scalar(total.where(StoredFile.expires_at.is_not(None))) or 0


class _Written:
    """The contents that are on the disk before any row names them."""

    def __init__(self) -> None:
        self.names: list[str] = []

    def store(self, pieces: Iterable[bytes]) -> Content:
        content = folder.write(pieces)
        self.names.append(content.name)
        return content

    def keep(self) -> None:
        self.names.clear()


@contextmanager
def _written_contents() -> Iterator[_Written]:
    written = _Written()
    try:
        yield written
    finally:
        for name in written.names:
            folder.remove(name)


def _bounded(stream: IO[bytes]) -> Iterator[bytes]:
    left = rules.MAX_BYTES
    while piece := stream.read(PIECE):
        left -= len(piece)
        if left < 0:
            raise Unacceptable(Refusal.TOO_LARGE, rules.megabytes(rules.MAX_BYTES))
        yield piece
    if left == rules.MAX_BYTES:
        raise Unacceptable(Refusal.EMPTY)


def _insert(connection: Connection, handle: str, name: str, original: Content, answer: Answer) -> None:
    original_id = insert_content(connection, original, answer.kind)
    shown_id = _insert_made(connection, answer.shown)
    values = {
        "name": name_of_kind(name, answer.kind),
        "kind": answer.kind,
        "state": FileState.WAITING if settings().clamd else FileState.READY,
        "pages": answer.pages,
        "has_traces": answer.has_traces,
        "original_id": original_id,
        "shown_id": shown_id or original_id,
        "thumbnail_id": _insert_made(connection, answer.thumbnail),
        "handle": fingerprint(handle),
        "expires_at": staged_end(),
    }
    connection.execute(insert(StoredFile).values(values))


def _insert_made(connection: Connection, made: Made | None) -> int | None:
    return insert_content(connection, made.stored, made.kind) if made else None


def insert_content(connection: Connection, content: Content, kind: FileKind) -> int:
    """Add the row of a content that has been written; returns its id."""
    values = {
        "name": content.name,
        "kind": kind,
        "key": content.key,
        "size": content.size,
        "digest": content.digest,
        "content_mac": content_mac(content.name, content.digest),
    }
    result = connection.execute(insert(StoredContent).values(values).returning(StoredContent.id))
    return result.scalar_one()


def content_mac(name: str, digest: str) -> bytes:
    """The keyed hash of a content, with its random name: equal files of two cases have nothing in common."""
    return crypto.blind_index(DIGEST, f"{name} {digest}")


def fingerprint(handle: str) -> bytes:
    """What the database has of a handle."""
    return crypto.fingerprint(PURPOSE, handle)


def staged_rows(handles: Sequence[str]) -> list[tuple[str, StoredFile]]:
    """The uploads of these handles in their order, each once; expired and unknown ones are left out."""
    hashes = {fingerprint(handle): handle for handle in dict.fromkeys(handles)}
    query = select(StoredFile).where(
        StoredFile.handle.in_(hashes), StoredFile.expires_at > clock.now(), StoredFile.message_id.is_(None)
    )
    if in_transaction():
        # Of two that attach the same, the second waits and finds it gone.
        query = query.with_for_update()
    rows = {row.handle: row for row in session().scalars(query)}
    return [(handle, rows[digest]) for digest, handle in hashes.items() if digest in rows]


def staged(handles: Sequence[str]) -> list[Upload]:
    """The uploads of these handles in their order; expired and unknown ones are left out."""
    return [_upload(handle, row) for handle, row in staged_rows(handles)]


def _upload(handle: str, row: StoredFile) -> Upload:
    return Upload(handle, row.name, row.kind, row.original.size, row.has_traces)


def keep_until(handles: Sequence[str], until: datetime) -> None:
    """Let the uploads of a form wait as long as the draft that has them."""
    for _handle, row in staged_rows(handles):
        row.expires_at = until


def staged_end() -> datetime:
    """When an upload expires whose form is not saved. To the hour: it must not tell when it was sent."""
    return clock.to_hour(clock.now()) + rules.STAGED_FOR + timedelta(hours=1)


def discard(handle: str) -> None:
    """Remove an upload: its row, and its bytes when this transaction is committed."""
    for _handle, row in staged_rows([handle]):
        remove(row)


def remove(row: StoredFile) -> None:
    """Remove an upload that has no message, and its contents."""
    contents = {content.id: content for content in (row.original, row.shown, row.thumbnail) if content}
    session().delete(row)
    for content in contents.values():
        remove_content(content)


def remove_content(content: StoredContent) -> None:
    """Remove a content that no file has any more."""
    # The rows that named it first.
    session().flush()
    session().delete(content)
    # The bytes last: a crash in between leaves bytes without a row, which the sweep takes.
    after_commit(folder.remove, content.name)


def require_acceptable(handles: Sequence[str], sender: Sender) -> None:
    """Check the uploads again when it is known who sends them. Raises RefusedFile for the first refused."""
    require_accepted([row for _handle, row in staged_rows(handles)], sender)


def require_accepted(rows: Sequence[StoredFile], sender: Sender) -> None:
    """The same for uploads that have been read."""
    refused = rules.refusal([_candidate(row) for row in rows], sender, bool(trace_disposal()))
    if refused:
        raise RefusedFile(*refused)


def _candidate(row: StoredFile) -> Candidate:
    return Candidate(row.name, row.kind, row.original.size, row.has_traces, row.state)


def trace_disposal() -> str:
    """The decision that lets traces be removed from what an anonymous sender sends; empty without one."""
    return organisation.trace_disposal()
