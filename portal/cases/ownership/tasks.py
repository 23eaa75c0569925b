"""The task of a case without a handler: made and finished by what happens, and by the worker's sweep."""

from functools import cache

from sqlalchemy import ColumnElement, Select, bindparam, exists, select

from portal import clock
from portal.cases.enums import TaskKind
from portal.cases.events import CaseEvent
from portal.cases.models import Case, Task
from portal.cases.ownership.queries import without_handler
from portal.db import session
from portal.events import SecurityEvent

BATCH = 100


def note_owner(event: CaseEvent) -> None:
    """Listener: make or finish the task of the case, whose row is locked by what happened to it."""
    _settle(event.case)


def note_owners(_event: SecurityEvent) -> None:
    """Listener: make and finish tasks when a membership or the profile changed; the worker does the rest."""
    session().flush()
    sweep_tasks()


def sweep_tasks() -> int:
    """Make and finish the tasks that no event of a case has: at most BATCH; returns their number.

    A handler has left, a period has ended, a unit was closed.
    """
    cases = [case for query in _unsettled() for case in session().scalars(query)]
    # Another worker has what is locked. What it did may be newer than the query, so each is looked at again.
    for case in cases:
        _settle(case)
    return len(cases)


@cache
def _unsettled() -> list[Select[int]]:
    """The ids of cases that lack a task, and of those whose task is over."""
    open_task = exists().where(Task.case_id == Case.id, *_open_task()).correlate(Case)
    missing = select(Case.id).where(without_handler(), ~open_task)
    over = select(Case.id).where(Case.id.in_(select(Task.case_id).where(*_open_task())), ~without_handler())
    return [
        query.order_by(Case.id).limit(BATCH).with_for_update(of=Case, skip_locked=True)
        for query in (missing, over)
    ]


def _open_task() -> tuple[ColumnElement[bool], ...]:
    return Task.kind == TaskKind.NO_HANDLER, Task.done_at.is_(None)


@cache
def _state() -> Select[int | None, bool]:
    """The open task of a case, and whether it has no handler."""
    task = select(Task.id).where(Task.case_id == Case.id, *_open_task()).order_by(Task.id).limit(1)
    return select(task.scalar_subquery(), without_handler()).where(Case.id == bindparam("case"))


def _settle(case: int) -> None:
    task, is_without = session().execute(_state(), {"case": case}).one()
    if task and not is_without:
        session().get_one(Task, task).done_at = clock.now()
    if is_without and not task:
        session().add(Task(case_id=case, kind=TaskKind.NO_HANDLER, created_at=clock.now()))
