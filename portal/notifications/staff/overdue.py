"""The job that notifies staff of improvements whose last day has passed."""

from collections.abc import Sequence

from sqlalchemy import exists, select

from portal import clock
from portal.cases.improvements.models import Improvement
from portal.cases.improvements.queries import candidates, place_of
from portal.cases.improvements.rules import HEADS, OPEN
from portal.db import session, transaction
from portal.identity.queries import Member
from portal.jobs.batches import for_each
from portal.notifications.staff import mail
from portal.notifications.staff.models import StaffNotice
from portal.notifications.staff.rules import NoticeKind


def notify_overdue() -> int:
    """Notify who is responsible of each overdue improvement, once for each last day; returns how many."""
    with transaction():
        same = StaffNotice.improvement_id == Improvement.id, StaffNotice.due == Improvement.due_on
        query = select(Improvement.id).where(Improvement.state.in_(OPEN), Improvement.due_on < clock.today())
        ids = session().scalars(query.where(~exists().where(*same)).order_by(Improvement.id)).all()
    return for_each(ids, _notify)


def _notify(improvement_id: int) -> int:
    with transaction():
        row = session().get_one(Improvement, improvement_id, with_for_update=True)
        added = []
        for member in responsible_members(row):
            notice = StaffNotice(
                membership_id=member.id,
                improvement=row,
                kind=NoticeKind.IMPROVEMENT_OVERDUE,
                due=row.due_on,
                created_at=clock.now(),
            )
            added.append((member, notice))
        session().add_all(notice for _member, notice in added)
        mail.send_at_once(None, added)
        return len(added)


def responsible_members(row: Improvement) -> Sequence[Member]:
    """The member who is responsible, as long as they can change it; else the nearest heads of the unit."""
    members = candidates([place_of(row)])
    heads = [member for member in members if member.role in HEADS]
    nearest = (
        [member for member in members if member.id == row.responsible_id],
        [member for member in heads if member.unit_id == row.unit_id],
        heads,
    )
    chosen: list[Member] = next(filter(None, nearest), [])
    return chosen
