"""Queries for attachments. The actor is the first argument of each, and limits what it returns."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache

from sqlalchemy import ColumnElement, Row, Select, bindparam, select

from portal.audit import read_log
from portal.audit.models import Read
from portal.audit.transferred import TransferredCase
from portal.cases.models import Case, Message
from portal.cases.visibility import ScopeKind, kind_of, message_visible_to, parametrised, scope_values
from portal.db import session
from portal.files.enums import FileKind, FileState, Variant
from portal.files.kinds import KINDS
from portal.files.models import StoredContent, StoredFile
from portal.files.names import name_of_kind
from portal.files.scanning import hidden_files
from portal.identity.actors import Actor, Role, Staff

Chunks = Iterator[bytes]


@dataclass(frozen=True)
class Attachment:
    """A file of a message, as readers get it: `kind` and `bytes` are those of the derivative."""

    id: int
    message_id: int
    name: str
    kind: FileKind
    bytes: int
    alt: str
    state: FileState
    pages: int | None
    has_thumbnail: bool
    arrived_at: datetime


@dataclass(frozen=True)
class Download:
    """A file that is sent to a browser in chunks."""

    name: str
    mimetype: str
    bytes: int
    chunks: Chunks


def attachments(actor: Actor, case: Case) -> dict[int, list[Attachment]]:
    """The files of the messages of a case that the actor may read, by id of message."""
    return attachments_of(actor, [case.id])


def attachments_of(actor: Actor, case_ids: Sequence[int]) -> dict[int, list[Attachment]]:
    """The same of several cases."""
    values = {"case_ids": list(case_ids), **scope_values(actor)}
    files: dict[int, list[Attachment]] = {}
    for row in session().execute(_of_cases(kind_of(actor)), values):
        files.setdefault(row.StoredFile.message_id, []).append(_attachment(row))
    return files


def _attachment(row: Row[StoredFile, FileKind, int, datetime]) -> Attachment:
    file, kind, size, arrived_at = row
    return Attachment(
        id=file.id,
        message_id=file.message_id or 0,
        name=name_of_kind(file.name, kind),
        kind=kind,
        bytes=size,
        alt=file.alt or "",
        state=file.state,
        pages=file.pages,
        has_thumbnail=file.thumbnail_id is not None and file.state is FileState.READY,
        arrived_at=arrived_at,
    )


@cache
def _of_cases(kind: ScopeKind) -> Select[StoredFile, FileKind, int, datetime]:
    own = Case.id.in_(bindparam("case_ids", expanding=True))
    return (
        select(StoredFile, StoredContent.kind, StoredContent.size, Message.arrived_at)
        .join(StoredContent, StoredFile.shown_id == StoredContent.id)
        .join(Message, StoredFile.message_id == Message.id)
        .join(Case, Message.case_id == Case.id)
        .where(message_visible_to(parametrised(kind)), own)
        .order_by(StoredFile.id)
    )


def open_attachment(actor: Actor, case: Case, attachment_id: int, variant: Variant) -> Download | None:
    """A file to be sent; None if it does not exist, the actor may not read it, or it is not to be shown.

    What arrived is opened by records officers alone, whatever state it is in. The read log has a row of
    each file that staff open. Raises BadContent.
    """
    if variant is Variant.ORIGINAL and not _keeps_records(actor):
        return None
    values = {"case_id": case.id, "file_id": attachment_id, **scope_values(actor)}
    file = session().scalar(_one(kind_of(actor)), values)
    return _download(actor, case, file, variant) if file else None


def _download(actor: Actor, case: Case, file: StoredFile, variant: Variant) -> Download | None:
    content = _content(file, variant)
    if content is None:
        return None
    name, size = name_of_kind(file.name, content.kind), content.size
    chunks = hidden_files.chunks(file.id, content)
    _log(actor, case, variant)
    return Download(name, KINDS[content.kind].mimetype, size, chunks)


def _log(actor: Actor, case: Case, variant: Variant) -> None:
    if variant is Variant.THUMBNAIL and isinstance(actor, Staff):
        # The page of the case shows it, and has its own row. Without that page it is a file like others.
        read_log.log_redisplay(actor, case, how=Read.FILE)
    else:
        read_log.log_display(actor, [case], Read.ORIGINAL if variant is Variant.ORIGINAL else Read.FILE)


def _keeps_records(actor: Actor) -> bool:
    return isinstance(actor, Staff) and actor.role is Role.RECORDS_OFFICER


def _content(file: StoredFile, variant: Variant) -> StoredContent | None:
    if variant is Variant.ORIGINAL:
        return file.original
    if file.state is not FileState.READY:
        return None
    return file.thumbnail if variant is Variant.THUMBNAIL else file.shown


@cache
def _one(kind: ScopeKind) -> Select[StoredFile]:
    return (
        select(StoredFile)
        .join(Message, StoredFile.message_id == Message.id)
        .join(Case, Message.case_id == Case.id)
        .where(
            message_visible_to(parametrised(kind)),
            Case.id == bindparam("case_id"),
            StoredFile.id == bindparam("file_id"),
        )
    )


def attachments_held(known: TransferredCase) -> dict[int, list[Attachment]]:
    """The files of what a board had of a case when it handed it over, by id of message."""
    query = select(StoredFile, StoredContent.kind, StoredContent.size, Message.arrived_at)
    query = query.join(StoredContent, StoredFile.shown_id == StoredContent.id)
    query = query.join(Message, StoredFile.message_id == Message.id).where(_held(known))
    files: dict[int, list[Attachment]] = {}
    for row in session().execute(query.order_by(StoredFile.id)):
        files.setdefault(row.StoredFile.message_id, []).append(_attachment(row))
    return files


def open_held(actor: Staff, known: TransferredCase, attachment_id: int, variant: Variant) -> Download | None:
    """As open_attachment(), of what the board of the actor had of a case when it handed it over."""
    query = select(StoredFile).where(StoredFile.id == attachment_id, _held(known))
    file = session().scalar(query)
    return _download(actor, known.handover.case, file, variant) if file else None


def _held(known: TransferredCase) -> ColumnElement[bool]:
    return StoredFile.message_id.in_([message.id for message in known.messages])
