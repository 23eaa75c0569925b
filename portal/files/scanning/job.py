"""The job that scans what waits. A file is not shown before it is clean (fail closed)."""

import structlog
from sqlalchemy import select

from portal import clock
from portal.cases.enums import TaskKind
from portal.cases.models import Task
from portal.config import settings
from portal.db import close_read_session, session, transaction
from portal.files.enums import FileState
from portal.files.models import StoredContent, StoredFile
from portal.files.scanning import clamd
from portal.files.scanning.clamd import ScannerUnavailable
from portal.files.storage import folder
from portal.files.storage.encryption import BadContent

log: structlog.stdlib.BoundLogger = structlog.get_logger()
BATCH = 100


class Scanner:
    """Scans what waits, and logs once why it cannot."""

    def __init__(self) -> None:
        self._problem = ""

    def scan(self) -> int:
        """Scan at most BATCH files; returns their number.

        Raises ScannerUnavailable, so that the job has failed.
        """
        try:
            count = _scan_waiting()
        except ScannerUnavailable as failure:
            if str(failure) != self._problem:
                log.error("scanner.unavailable", reason=str(failure))
            self._problem = str(failure)
            raise
        self._problem = ""
        return count


_scanner = Scanner()


def scan_waiting() -> int:
    """As Scanner.scan()."""
    return _scanner.scan()


def _scan_waiting() -> int:
    close_read_session()
    waiting = select(StoredFile.id, StoredContent).join(
        StoredContent, StoredFile.original_id == StoredContent.id
    )
    rows = session().execute(
        waiting.where(StoredFile.state == FileState.WAITING).order_by(StoredFile.id).limit(BATCH)
    )
    files = [(file_id, content) for file_id, content in rows]
    # No transaction is open while the scanner is waited for.
    close_read_session()
    for file_id, content in files:
        _settle(file_id, content.id, _state(content))
    return len(files)


def _state(content: StoredContent) -> FileState:
    if not settings().clamd:
        # The scan has been turned off since the file came.
        return FileState.READY
    try:
        is_clean = not clamd.scan(settings().clamd, folder.read(content.name, content.key))
    except BadContent:
        return FileState.FAILED
    return FileState.READY if is_clean else FileState.INFECTED


def _settle(file_id: int, content_id: int, state: FileState) -> None:
    with transaction() as writer:
        file = writer.get(StoredFile, file_id, with_for_update=True)
        # It has expired or been settled, or what was scanned is not what is kept: the next run takes it.
        if file is None or file.state is not FileState.WAITING or file.original_id != content_id:
            return
        file.state = state
        if state is not FileState.READY:
            log.warning("file.hidden", outcome=state.value)
        if state is not FileState.READY and file.case_id:
            _add_task(file.case_id)


def _add_task(case_id: int) -> None:
    """Add a task for staff about a file that cannot be shown, unless one is open."""
    is_open = select(Task.id).filter_by(case_id=case_id, kind=TaskKind.HIDDEN_FILE, done_at=None)
    if session().scalar(is_open) is None:
        session().add(Task(case_id=case_id, kind=TaskKind.HIDDEN_FILE, created_at=clock.now()))
