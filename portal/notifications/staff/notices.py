"""Make, list, count, mark and delete the notices of staff.

A notice whose case its membership does not reach any more is neither shown nor counted. One of an
improvement is shown as long as that is overdue: who is responsible for it reads it.
"""

from datetime import date, timedelta
from functools import cache
from typing import Any, NamedTuple

from sqlalchemy import (
    ColumnElement,
    Select,
    Update,
    and_,
    bindparam,
    delete,
    exists,
    func,
    literal,
    or_,
    select,
    update,
)
from sqlalchemy.orm import contains_eager, joinedload

from portal import clock
from portal.cases.access import Scope
from portal.cases.events import CaseEvent
from portal.cases.improvements.models import Improvement
from portal.cases.models import Case
from portal.cases.visibility import ScopeKind, kind_of, parametrised, scope_values, visible_to
from portal.db import UtcDateTime, appending, changed_rows, session
from portal.identity.actors import Actor, Staff
from portal.notifications.staff import mail, rules
from portal.notifications.staff.models import StaffNotice, is_still_overdue
from portal.notifications.staff.recipients import recipients
from portal.notifications.staff.rules import NoticeKind
from portal.pagination import Order, Page, Place, page

_AT, _ID = StaffNotice.created_at.expression, StaffNotice.id.expression
NEWEST = Order("newest", _AT, _ID, moments=True, down=True)
PAGE = 50
MAX_COUNT = 99
RETENTION, SEEN_RETENTION = timedelta(days=90), timedelta(days=30)


def notify_staff(event: CaseEvent) -> None:
    """Listener: notify those who handle the case, except the person who did it."""
    case = session().get_one(Case, event.case)
    person = event.actor.person if isinstance(event.actor, Staff) else None
    add(case, rules.kind_of(event), but_not=person)


def add(case: Case, kind: NoticeKind, due: date | None = None, but_not: int | None = None) -> int:
    """Notify those who handle the case; returns how many notices are new.

    One that is not seen yet becomes the newest instead: a sender who writes often fills no list.
    """
    members = [member for member in recipients(case) if member.person_id != but_not]
    known = _unseen(case, kind)
    added = []
    for member in members:
        if member.id in known:
            known[member.id].created_at = clock.now()
            known[member.id].due = due
        else:
            row = StaffNotice(membership_id=member.id, case=case, kind=kind, due=due, created_at=clock.now())
            added.append((member, row))
    session().add_all(row for _member, row in added)
    mail.send_at_once(case, added)
    return len(added)


def _unseen(case: Case, kind: NoticeKind) -> dict[int, StaffNotice]:
    query = select(StaffNotice).filter_by(case_id=case.id, kind=kind, seen_at=None)
    # Locked: one that is marked as seen at this moment must not be taken for one that is not.
    return {notice.membership_id: notice for notice in session().scalars(query.with_for_update())}


class Unseen(NamedTuple):
    """How many notices of other cases are not seen, at most MAX_COUNT + 1, and whether one of the case is."""

    elsewhere: int
    in_case: bool


def count(actor: Staff) -> int:
    """How many notices the actor has not seen, at most MAX_COUNT + 1."""
    return unseen(actor).elsewhere


def unseen(actor: Staff, opened: int | None = None) -> Unseen:
    """What the actor has not seen, apart from the case that is being opened. One statement."""
    if actor.membership is None:
        return Unseen(0, False)
    # No case has the number 0.
    values = {"membership": actor.membership, "opened": opened or 0, **scope_values(actor)}
    return Unseen(*session().execute(_unseen_of(kind_of(actor)), values).one())


@cache
def _unseen_of(kind: ScopeKind) -> Select[int, bool]:
    own = StaffNotice.membership_id == bindparam("membership"), StaffNotice.seen_at.is_(None)
    rows = select(literal(1)).select_from(StaffNotice).outerjoin(StaffNotice.case)
    elsewhere = StaffNotice.case_id.is_distinct_from(bindparam("opened"))
    rows = rows.where(*own, elsewhere, _is_shown(parametrised(kind)))
    total = select(func.count()).select_from(rows.limit(MAX_COUNT + 1).subquery())
    in_case = exists().where(*own, StaffNotice.case_id == bindparam("opened"))
    return select(total.scalar_subquery(), in_case)


def list_notices(actor: Staff, where: Place) -> Page:
    """The page of the actor's notices, with their cases, that begins at a place; the newest first."""
    query = select(StaffNotice).outerjoin(StaffNotice.case)
    query = query.where(StaffNotice.membership_id == actor.membership, _is_shown(actor))
    return page(query.options(*_with_details()), NEWEST, where, PAGE)


def _is_shown(actor: Actor | Scope) -> ColumnElement[bool]:
    """The condition on a notice joined to its case, if it has one."""
    # Without a case there is nothing that the actor may see: the columns of the join are empty.
    return or_(is_still_overdue(), and_(StaffNotice.case_id.is_not(None), visible_to(actor)))


def _with_details() -> tuple[Any, ...]:
    """The options of a query of notices, joined to their cases: with all that a line shows."""
    case = contains_eager(StaffNotice.case).joinedload(Case.handling_unit)
    return case, joinedload(StaffNotice.improvement).joinedload(Improvement.unit)


def mark_all_seen(actor: Staff) -> int:
    """Mark the actor's notices as seen, also those of cases that they do not reach any more."""
    own = update(StaffNotice).filter_by(membership_id=actor.membership, seen_at=None)
    return changed_rows(own.values(seen_at=clock.now()))


def seen_in(actor: Staff, case: Case) -> tuple[Update, dict[str, Any]]:
    """The statement that marks the actor's notices of a case as seen, with its values."""
    return _seen(), {"at": clock.now(), "membership": actor.membership, "opened": case.id}


@cache
def _seen() -> Update:
    own = StaffNotice.membership_id == bindparam("membership"), StaffNotice.case_id == bindparam("opened")
    query = update(StaffNotice).where(*own, StaffNotice.seen_at.is_(None))
    return query.values(seen_at=bindparam("at", type_=UtcDateTime))


def mark_improvement_seen(actor: Staff, improvement_id: int) -> bool:
    """Mark the actor's notices of an improvement that is opened as seen; returns whether there was any.

    In a transaction of its own, for a page that only reads.
    """
    own = StaffNotice.membership_id == actor.membership, StaffNotice.improvement_id == improvement_id
    unseen = *own, StaffNotice.seen_at.is_(None)
    if session().scalar(select(StaffNotice.id).where(*unseen).limit(1)) is None:
        return False
    with appending() as connection:
        connection.execute(update(StaffNotice).where(*unseen).values(seen_at=clock.now()))
    return True


def delete_old() -> int:
    """Delete what was seen 30 days ago, and what is 90 days old; returns the number of rows.

    One of an improvement that is still overdue stays: without it the job would notify of the same day again.
    """
    is_old = StaffNotice.created_at < clock.now() - RETENTION
    was_seen = StaffNotice.seen_at < clock.now() - SEEN_RETENTION
    return changed_rows(delete(StaffNotice).where(or_(is_old, was_seen), ~is_still_overdue()))
