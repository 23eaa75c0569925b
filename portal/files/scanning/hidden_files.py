"""Files that cannot be shown: infected, never scanned, or without their bytes."""

from collections.abc import Iterator
from itertools import chain

import structlog
from sqlalchemy import select

from portal import clock
from portal.cases.enums import TaskKind
from portal.cases.models import Task
from portal.db import session, transaction
from portal.files.enums import FileState
from portal.files.models import StoredContent, StoredFile
from portal.files.storage import folder
from portal.files.storage.encryption import BadContent

log: structlog.stdlib.BoundLogger = structlog.get_logger()


def hide(file: StoredFile, state: FileState) -> None:
    """Let a file be infected or failed, in the caller's transaction. One of a case gets a task."""
    file.state = state
    log.warning("file.hidden", outcome=state.value)
    if file.case_id:
        _add_task(file.case_id)


def chunks(file_id: int, content: StoredContent) -> Iterator[bytes]:
    """A content of a file, which is hidden if its bytes are missing or changed.

    Raises BadContent, of a small file and a missing one at once. It must be called outside transaction().
    """
    try:
        pieces = folder.read(content.name, content.key)
        # Now, since a page can still take its place.
        first = next(pieces)
    except BadContent:
        hide_lost(file_id)
        raise
    return chain([first], _watched(file_id, pieces))


def _watched(file_id: int, pieces: Iterator[bytes]) -> Iterator[bytes]:
    try:
        yield from pieces
    except BadContent:
        hide_lost(file_id)
        raise


def hide_lost(file_id: int) -> bool:
    """Hide a file whose bytes are missing or changed; returns whether it was shown until now."""
    if not folder.is_in_use():
        # All are missing: the disk is away, and will be back.
        return False
    with transaction() as writer:
        file = writer.get(StoredFile, file_id, with_for_update=True)
        is_shown = file is not None and file.state in (FileState.READY, FileState.WAITING)
        if file and is_shown:
            hide(file, FileState.FAILED)
    return is_shown


def _add_task(case_id: int) -> None:
    """Add a task for staff about a file that cannot be shown, unless one is open."""
    is_open = select(Task.id).filter_by(case_id=case_id, kind=TaskKind.HIDDEN_FILE, done_at=None)
    if session().scalar(is_open) is None:
        session().add(Task(case_id=case_id, kind=TaskKind.HIDDEN_FILE, created_at=clock.now()))
