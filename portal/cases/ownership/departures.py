"""What a membership that has ended lets go of, and the sweep that keeps every open case with an owner."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, exists, func, or_, select

from portal.cases.lifecycle import Action, Status
from portal.cases.models import Case
from portal.cases.ownership.tasks import BATCH, sweep_tasks
from portal.cases.transitions import transition
from portal.db import session, transaction
from portal.identity.actors import System
from portal.identity.models import Membership
from portal.identity.sessions import is_running

_OPEN = Case.status != Status.CLOSED


@dataclass(frozen=True)
class Holdings:
    """What hangs on a membership: open cases as officer and as contact person."""

    officer: int
    contact: int


def holdings(membership: int) -> Holdings:
    """What hangs on a membership."""
    as_officer = func.count().filter(Case.officer_id == membership)
    as_contact = func.count().filter(Case.contact_id == membership)
    row = session().execute(select(as_officer, as_contact).select_from(Case).where(_OPEN)).one()
    return Holdings(*row)


def release_cases(membership: int) -> None:
    """Let go of the open cases of an ended membership, and make the tasks of those it leaves alone."""
    _release_all(
        _held_by(Case.officer_id == membership, Case.contact_id == membership).with_for_update(of=Case)
    )
    session().flush()
    while sweep_tasks():
        session().flush()


def keep_owners() -> int:
    """Let go of what ended memberships have, and settle tasks: at most BATCH of each; returns the number."""
    held = _held_by(_has_ended(Case.officer_id), _has_ended(Case.contact_id)).limit(BATCH)
    with transaction():
        # What is locked is being changed by a person or another worker, and is found the next time.
        released = _release_all(held.with_for_update(of=Case, skip_locked=True))
    with transaction():
        return released + sweep_tasks()


def _held_by(*holders: ColumnElement[bool]) -> Select[Case]:
    return select(Case).where(_OPEN, or_(*holders)).order_by(Case.id)


def _has_ended(column: Any) -> ColumnElement[bool]:
    runs = exists().where(Membership.id == column, is_running()).correlate(Case)
    return and_(column.is_not(None), ~runs)


def _release_all(query: Select[Case]) -> int:
    cases = session().scalars(query).all()
    for case in cases:
        for membership in {case.officer_id, case.contact_id} - {None}:
            if not _runs(membership):
                _release(case, membership)
    return len(cases)


def _runs(membership: int | None) -> bool:
    return (
        session().scalar(select(Membership.id).where(Membership.id == membership, is_running())) is not None
    )


def _release(case: Case, membership: int | None) -> None:
    with transition(System(), case, Action.RELEASE) as step:
        case.officer_id = None if case.officer_id == membership else case.officer_id
        case.contact_id = None if case.contact_id == membership else case.contact_id
        step.details(officer=membership)
