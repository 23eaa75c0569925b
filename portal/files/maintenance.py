"""What the worker removes: uploads whose form was not sent, and contents that no row names."""

from sqlalchemy import func, select

from portal import clock
from portal.config import settings
from portal.db import close_read_session, session
from portal.files import uploads
from portal.files.enums import FileState
from portal.files.models import StoredContent, StoredFile
from portal.files.scanning import clamd
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
    """Remove the contents that no row names; returns their number."""
    close_read_session()
    if session().scalar(select(StoredContent.id).limit(1)) is None:
        # Rather a database that is new, or not the one of this folder, than a folder of orphans.
        return 0
    return folder.sweep(ORPHAN_SECONDS, _used)


def _used(names: list[str]) -> set[str]:
    close_read_session()
    return set(session().scalars(select(StoredContent.name).where(StoredContent.name.in_(names))))


def counts() -> dict[FileState, int]:
    """The number of files in each state."""
    rows = session().execute(select(StoredFile.state, func.count()).group_by(StoredFile.state))
    return dict.fromkeys(FileState, 0) | {row.state: row[1] for row in rows}


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
