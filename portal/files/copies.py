"""Copies of attachments in another case: nothing that is stored is shared between cases."""

from sqlalchemy import func, select

from portal.cases.enums import Direction
from portal.cases.events import CaseSplit
from portal.cases.models import Case, Message
from portal.db import session
from portal.files.models import StoredContent, StoredFile
from portal.files.storage import folder
from portal.files.uploads import content_mac

# What a copy has of a file and of a content; what else they have is of their own.
FILE_COLUMNS = ("name", "kind", "state", "pages", "has_traces", "alt")
CONTENT_COLUMNS = ("kind", "digest")


def copy_files(source: Message, case: Case, target: Message) -> None:
    """Copy the files of a message to one of another case, in the caller's transaction."""
    session().flush()
    _copy(source.id, case.id, target.id)


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
        contents = {
            content.id: _copied(content) for content in (file.original, file.shown, file.thumbnail) if content
        }
        copied.original = contents[file.original_id]
        copied.shown = contents[file.shown_id]
        copied.thumbnail = contents[file.thumbnail_id] if file.thumbnail_id else None
        session().add(copied)
    session().flush()


def _copied(content: StoredContent) -> StoredContent:
    """The same bytes under a name and a key of their own. The sweep takes them if the transaction fails."""
    stored = folder.write(folder.read(content.name, content.key))
    copied = StoredContent(name=stored.name, key=stored.key, size=content.size)
    for name in CONTENT_COLUMNS:
        setattr(copied, name, getattr(content, name))
    copied.content_mac = content_mac(copied.name, copied.digest)
    return copied
