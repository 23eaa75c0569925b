"""The job that scans what waits. A file is not shown before it is clean (fail closed)."""

from collections import Counter
from collections.abc import Collection

import structlog
from sqlalchemy import select

from portal.config import settings
from portal.db import close_read_session, session, transaction
from portal.files.enums import FileState
from portal.files.models import NOT_READY, StoredContent, StoredFile
from portal.files.scanning import clamd
from portal.files.scanning.clamd import NotScanned, ScannerUnavailable
from portal.files.scanning.hidden_files import hide
from portal.files.storage import folder
from portal.files.storage.encryption import BadContent

log: structlog.stdlib.BoundLogger = structlog.get_logger()
BATCH = 100
# So many times a file may be left undecided before it is hidden; in between it is the last in turn.
MAX_ATTEMPTS = 3


class Scanner:
    """Scans what waits, logs once why it cannot, and knows which files it could not scan."""

    def __init__(self) -> None:
        self._problem = ""
        self._attempts: Counter[int] = Counter()

    def scan(self) -> int:
        """Scan at most BATCH files; returns their number.

        Raises ScannerUnavailable, so that the job has failed.
        """
        try:
            count = self._scan_waiting()
        except ScannerUnavailable as failure:
            if str(failure) != self._problem:
                log.error("scanner.unavailable", reason=str(failure))
            self._problem = str(failure)
            raise
        self._problem = ""
        return count

    def _scan_waiting(self) -> int:
        count = 0
        # No transaction is open while the scanner is waited for.
        for file_id, content in _next_files(self._attempts):
            state = self._state(file_id, content)
            count += 1
            if state is FileState.WAITING:
                # It may have taken minutes: those that came since go before others that were not scanned.
                break
            _settle(file_id, content.id, state)
            del self._attempts[file_id]
        return count

    def _state(self, file_id: int, content: StoredContent) -> FileState:
        try:
            return _state(content)
        except NotScanned as failure:
            self._attempts[file_id] += 1
            if not clamd.is_available(settings().clamd):
                # It may be this file that ended it.
                raise ScannerUnavailable(str(failure)) from failure
            log.warning("scanner.undecided", reason=str(failure))
        return FileState.FAILED if self._attempts[file_id] >= MAX_ATTEMPTS else FileState.WAITING


_scanner = Scanner()


def scan_waiting() -> int:
    """As Scanner.scan()."""
    return _scanner.scan()


def _next_files(last: Collection[int]) -> list[tuple[int, StoredContent]]:
    """The files that wait, those of `last` after all others."""
    close_read_session()
    waiting = select(StoredFile.id, StoredContent).join(
        StoredContent, StoredFile.original_id == StoredContent.id
    )
    rows = session().execute(
        waiting.where(NOT_READY, StoredFile.state == FileState.WAITING)
        .order_by(StoredFile.id.in_(last), StoredFile.id)
        .limit(BATCH)
    )
    files = [(file_id, content) for file_id, content in rows]
    close_read_session()
    return files


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
        if state is FileState.READY:
            file.state = state
        else:
            hide(file, state)
