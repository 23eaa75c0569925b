"""What the worker removes, uploads that expired and contents without a row, and what it misses."""

from sqlalchemy import func, or_, select

from portal import clock
from portal.config import settings
from portal.db import close_read_session, session
from portal.files import uploads
from portal.files.enums import FileState
from portal.files.models import NOT_READY, StoredContent, StoredFile
from portal.files.scanning import clamd
from portal.files.scanning.hidden_files import hide_lost
from portal.files.storage import folder

BATCH = 100
# A content without a row that is younger may be one whose row is being written.
ORPHAN_SECONDS = 60 * 60


def delete_expired() -> int:
    """Delete at most BATCH uploads that have expired; returns their number."""
    expired = select(StoredFile).where(StoredFile.expires_at < clock.now()).limit(BATCH)
    rows = session().scalars(expired.with_for_update(skip_locked=True)).all()
    for row in rows:
        uploads.remove(row)
    return len(rows)


def sweep_storage() -> int:
    """Remove the contents that no row names, and hide the files whose bytes are gone; returns how many."""
    return _remove_orphans() + _hide_lost()


def _remove_orphans() -> int:
    close_read_session()
    if session().scalar(select(StoredContent.id).limit(1)) is None:
        # Rather a database that is new, or not the one of this folder, than a folder of orphans.
        return 0
    return folder.sweep(ORPHAN_SECONDS, _used)


def _hide_lost() -> int:
    last = hidden = 0
    while rows := _contents_after(last):
        last = rows[-1][0]
        lost = [content_id for content_id, name in rows if folder.is_missing(name)]
        hidden += sum(map(hide_lost, _files_of(lost)))
    return hidden


def _contents_after(last: int) -> list[tuple[int, str]]:
    close_read_session()
    query = select(StoredContent.id, StoredContent.name).where(StoredContent.id > last)
    rows = session().execute(query.order_by(StoredContent.id).limit(folder.BATCH))
    return [(content_id, name) for content_id, name in rows]


def _files_of(content_ids: list[int]) -> list[int]:
    columns = (StoredFile.original_id, StoredFile.shown_id, StoredFile.thumbnail_id)
    query = select(StoredFile.id).where(or_(*(column.in_(content_ids) for column in columns)))
    return list(session().scalars(query.order_by(StoredFile.id))) if content_ids else []


def _used(names: list[str]) -> set[str]:
    close_read_session()
    return set(session().scalars(select(StoredContent.name).where(StoredContent.name.in_(names))))


def counts() -> dict[FileState, int]:
    """The number of files in each state but ready, which would be a scan of all files."""
    query = select(StoredFile.state, func.count()).where(NOT_READY).group_by(StoredFile.state)
    states = [state for state in FileState if state is not FileState.READY]
    return dict.fromkeys(states, 0) | {row.state: row[1] for row in session().execute(query)}


def infected() -> int:
    """The number of files in quarantine."""
    return counts()[FileState.INFECTED]


def problems() -> list[str]:
    """Why files cannot be stored, scanned or shown, in words."""
    lines = [folder.problem()]
    if settings().clamd and not clamd.is_available(settings().clamd):
        lines.append("clamd does not answer: files wait until it does, and are shown to nobody")
    if failed := counts()[FileState.FAILED]:
        lines.append(f"{failed} files are missing or changed in the storage, or could not be scanned")
    return [line for line in lines if line]
