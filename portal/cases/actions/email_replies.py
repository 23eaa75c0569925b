"""Letters that are written back to a message of the portal, as messages of the case."""

from sqlalchemy import select

from portal import clock
from portal.cases.enums import Direction, TaskKind, Via
from portal.cases.lifecycle import Action
from portal.cases.models import Case, Task
from portal.cases.transitions import add_message, transition
from portal.db import session
from portal.identity.actors import System


def receive_email(actor: System, case: Case, body: str) -> None:
    """Add a letter to the case, and a task to act on it. Its sender may be anybody, so nothing else changes.

    Status, promise and access stay as they are. Raises NotAllowed where a letter does not belong: while the
    reader is contested, with secrecy, and for a protected sender.
    """
    with transition(actor, case, Action.RECEIVE_EMAIL) as step:
        message = add_message(actor, case, Direction.IN, body)
        message.via = Via.EMAIL
        step.details(message=message.id)
    add_email_task(case)


def add_email_task(case: Case) -> None:
    """Add a task for staff to read a letter that has come in, unless one is open."""
    open_task = select(Task.id).filter_by(case_id=case.id, kind=TaskKind.EMAIL_REPLY, done_at=None)
    if session().scalar(open_task) is None:
        session().add(Task(case_id=case.id, kind=TaskKind.EMAIL_REPLY, created_at=clock.now()))
