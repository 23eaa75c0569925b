"""Duplicates that wait for the answer of another case, and the earliest date promised to one of them."""

from collections.abc import Sequence

from sqlalchemy import ColumnElement, case, func, select
from sqlalchemy.orm import joinedload

from portal.cases.clocks import UNDATED
from portal.cases.lifecycle import OPEN, Status
from portal.cases.models import Case, Party
from portal.cases.visibility import visible_to
from portal.db import session
from portal.identity.actors import Actor

_CONTACT = case((Case.contacted_at.is_(None), Case.due_contact))
# A member that waits for its sender has no date until then.
_DUE = case((Case.paused_on.is_(None), func.coalesce(Case.due_answer, _CONTACT)))


def is_member(case: Case) -> bool:
    """Whether a case waits for the answer of the one that it duplicates."""
    return case.merged_into_id is not None and case.status in OPEN


def open_members(actor: Actor, kept: Case) -> Sequence[Case]:
    """The visible cases that wait for the answer of this one, in the order in which they came."""
    query = select(Case).where(*_of(kept.id), visible_to(actor)).order_by(Case.id)
    sender = joinedload(Case.party).joinedload(Party.person)
    return session().scalars(query.options(sender, joinedload(Case.representation))).all()


def lock_members(kept: Case) -> Sequence[Case]:
    """All cases that wait for the answer of this one, locked and as they are now."""
    query = select(Case).where(*_of(kept.id)).order_by(Case.id).with_for_update(of=Case)
    return session().scalars(query.execution_options(populate_existing=True)).all()


def answered_members(kept: Case) -> Sequence[Case]:
    """The cases that have had the answer of this one and are not closed, locked."""
    query = select(Case).where(Case.merged_into_id == kept.id, Case.status == Status.ANSWERED)
    return session().scalars(query.order_by(Case.id).with_for_update(of=Case)).all()


def has_members(kept: Case) -> bool:
    """Whether any case waits for the answer of this one."""
    return session().scalar(select(Case.id).where(*_of(kept.id)).limit(1)) is not None


def refresh_due(*kept_ids: int | None) -> None:
    """Set the date by which the members of these cases are to be answered; of None nothing."""
    for kept_id in {kept_id for kept_id in kept_ids if kept_id is not None}:
        # A member is locked before the case that it waits for, and an answer locks them the other way round.
        # Who has that case locked sets its date: until then it is that of a member who has left, too early.
        query = select(Case).where(Case.id == kept_id).with_for_update(skip_locked=True, of=Case)
        kept = session().scalar(query)
        count, due = session().execute(select(func.count(), func.min(_DUE)).where(*_of(kept_id))).one()
        if kept is not None:
            kept.group_due = (due or UNDATED) if count else None


def _of(kept_id: int) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    return Case.merged_into_id == kept_id, Case.status.in_(OPEN)
