"""Copies of attachments in another case: nothing that is stored is shared between cases."""

from collections.abc import Sequence

from sqlalchemy import func, or_, select

from portal.cases.enums import Direction
from portal.cases.events import CaseSplit
from portal.cases.models import Case, Message
from portal.db import session
from portal.files.enums import FileState, Refusal
from portal.files.models import StoredContent, StoredFile
from portal.files.rules import MEGABYTE
from portal.files.scanning.hidden_files import hide
from portal.files.storage import folder
from portal.files.storage.encryption import BadContent
from portal.files.uploads import RefusedFile, content_mac

# What a copy has of a file and of a content; what else they have is of their own.
FILE_COLUMNS = ("name", "kind", "state", "pages", "has_traces", "alt")
CONTENT_COLUMNS = ("kind", "digest")

# They are written while the database waits: in about a second.
MAX_COPIED = 100 * MEGABYTE


def copy_files(source: Message, targets: Sequence[tuple[Case, Message]]) -> None:
    """Copy the files of a message to those of other cases, in one transaction. Raises RefusedFile."""
    session().flush()
    if _bytes_of(source.id) * len(targets) > MAX_COPIED:
        raise RefusedFile("", Refusal.NO_ROOM_FOR_COPIES)
    try:
        for case, target in targets:
            _copy(source.id, case.id, target.id)
    except folder.NoRoom:
        raise RefusedFile("", Refusal.NO_ROOM_FOR_COPIES) from None


def _bytes_of(message_id: int) -> int:
    contents = (StoredFile.original_id, StoredFile.shown_id, StoredFile.thumbnail_id)
    named = or_(*(StoredContent.id == content for content in contents))
    query = select(func.sum(StoredContent.size)).join(StoredFile, named)
    return session().scalar(query.where(StoredFile.message_id == message_id)) or 0


def copy_files_to_part(event: CaseSplit) -> None:
    """Listener: the first message of a part that is split off has the files of what it is a copy of."""
    if event.into is not None:
        _copy(_first(event.case), event.into, _first(event.into))


def _first(case_id: int) -> int:
    query = select(func.min(Message.id)).where(Message.case_id == case_id, Message.direction == Direction.IN)
    return session().scalars(query).one()


def _copy(source: int, case_id: int, target: int) -> None:
    files = session().scalars(select(StoredFile).filter_by(message_id=source).order_by(StoredFile.id))
    for file in files.all():
        copied = StoredFile(case_id=case_id, message_id=target)
        for name in FILE_COLUMNS:
            setattr(copied, name, getattr(file, name))
        _copy_contents(file, copied)
        session().add(copied)
    session().flush()


def _copy_contents(file: StoredFile, copied: StoredFile) -> None:
    originals = {content.id: content for content in (file.original, file.shown, file.thumbnail) if content}
    contents = {key: _copied(content) for key, content in originals.items()}
    copied.original = contents[file.original_id]
    copied.shown = contents[file.shown_id]
    copied.thumbnail = contents[file.thumbnail_id] if file.thumbnail_id else None
    is_shown = file.state in (FileState.READY, FileState.WAITING)
    if is_shown and any(folder.is_missing(content.name) for content in contents.values()):
        # There is nothing to copy: staff read of it in both cases.
        hide(copied, FileState.FAILED)
        hide(file, FileState.FAILED)


def _copied(content: StoredContent) -> StoredContent:
    """The same bytes under a name and a key of their own; without bytes if there are none that can be read.

    The sweep takes them if the transaction fails. Raises BadContent while all bytes are away.
    """
    name, key = _written(content)
    copied = StoredContent(name=name, key=key, size=content.size)
    for column in CONTENT_COLUMNS:
        setattr(copied, column, getattr(content, column))
    copied.content_mac = content_mac(name, copied.digest)
    return copied


def _written(content: StoredContent) -> tuple[str, str]:
    try:
        stored = folder.write(folder.read(content.name, content.key))
    except BadContent:
        if not folder.is_in_use():
            raise
        return folder.unused()
    return stored.name, stored.key
