"""The job that notifies staff of cases that are about to be late."""

from collections.abc import Sequence

from sqlalchemy import exists, select

from portal import clock
from portal.cases import queries
from portal.cases.deadlines import SOON, open_day_after
from portal.cases.lifecycle import OPEN
from portal.cases.models import Case
from portal.db import session, transaction
from portal.identity.actors import System
from portal.jobs.batches import for_each
from portal.notifications.staff import notices
from portal.notifications.staff.models import StaffNotice
from portal.notifications.staff.rules import NoticeKind
from portal.organisation import queries as organisation
from portal.organisation.calendar import closed


def notify_late_soon() -> int:
    """Notify of each open case that is due within SOON working days, once for each due date, on open days."""
    if closed(clock.today(), organisation.closed_days()):
        return 0
    with transaction():
        ids = _about_to_be_late()
    return for_each(ids, _notify)


def _about_to_be_late() -> Sequence[int]:
    today = clock.today()
    first_later = open_day_after(today, SOON, organisation.closed_days())
    same = StaffNotice.case_id == Case.id, StaffNotice.due == Case.keep_by
    known = exists().where(*same, StaffNotice.kind == NoticeKind.LATE_SOON)
    # A case that waits for its sender is not late by us.
    waits_for_us = Case.status.in_(OPEN), Case.paused_on.is_(None)
    query = select(Case.id).where(*waits_for_us, Case.keep_by >= today, Case.keep_by < first_later, ~known)
    return session().scalars(query.order_by(Case.id)).all()


def _notify(case_id: int) -> int:
    with transaction():
        case = queries.case_by_id(System(), case_id)
        return notices.add(case, NoticeKind.LATE_SOON, due=case.keep_by) if case else 0
