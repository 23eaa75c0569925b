"""Files that cannot be shown: infected, never scanned, or without their bytes."""

import structlog
from sqlalchemy import select

from portal import clock
from portal.cases.enums import TaskKind
from portal.cases.models import Task
from portal.db import session
from portal.files.enums import FileState
from portal.files.models import StoredFile

log: structlog.stdlib.BoundLogger = structlog.get_logger()


def hide(file: StoredFile, state: FileState) -> None:
    """Let a file be infected or failed, in the caller's transaction. One of a case gets a task."""
    file.state = state
    log.warning("file.hidden", outcome=state.value)
    if file.case_id:
        _add_task(file.case_id)


def _add_task(case_id: int) -> None:
    """Add a task for staff about a file that cannot be shown, unless one is open."""
    is_open = select(Task.id).filter_by(case_id=case_id, kind=TaskKind.HIDDEN_FILE, done_at=None)
    if session().scalar(is_open) is None:
        session().add(Task(case_id=case_id, kind=TaskKind.HIDDEN_FILE, created_at=clock.now()))
