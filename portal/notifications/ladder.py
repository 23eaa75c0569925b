"""What follows when a message could not be delivered: the sender's other way, and then a task for staff."""

from sqlalchemy import select

from portal.cases import parties
from portal.cases.enums import NotifyBy, TaskKind
from portal.cases.models import Case
from portal.db import session
from portal.notifications import outbox
from portal.notifications.models import OutboxMessage, State
from portal.notifications.rules import BOUND_TO_ADDRESS, Medium
from portal.notifications.staff import notices
from portal.notifications.staff.rules import NoticeKind

TASKS = {State.FAILED: TaskKind.UNDELIVERED, State.UNCERTAIN: TaskKind.UNCERTAIN}
TASKS_OF_OUR_FAULT = {State.UNREADABLE: TaskKind.UNRENDERED, State.UNRENDERED: TaskKind.UNRENDERED}


def after_failure(row: OutboxMessage) -> None:
    """Try the sender's other way, or add a task for staff when each was tried.

    The row has its final state. A failed message to staff is in the portal too, and has no other way.
    """
    if row.case_id is None or row.membership_id is not None:
        return
    case = session().get_one(Case, row.case_id)
    way = _untried_way(case, row) if row.state is State.FAILED else None
    if way:
        outbox.queue_notice(case, *way, instead_of=row.id)
    else:
        outbox.add_task(case.id, (TASKS | TASKS_OF_OUR_FAULT)[row.state])
        notices.add(case, NoticeKind.UNDELIVERED)


def _untried_way(case: Case, row: OutboxMessage) -> tuple[Medium, str] | None:
    """The medium and address that no earlier message of the chain went by; None if there is none."""
    is_declined = case.notify_by is NotifyBy.NONE
    if row.name in BOUND_TO_ADDRESS or case.reader_contested_at or is_declined:
        return None
    tried = _media_tried(row)
    return next((way for way in _ways(case) if way[0] not in tried), None)


def _ways(case: Case) -> list[tuple[Medium, str]]:
    """Each medium by which the sender can be reached: on this case, else on their own account."""
    for_case, own = parties.reached_at(case), parties.also_reached_at(case)
    email, phone = (chosen or other for chosen, other in zip(for_case, own, strict=True))
    by_email = [(Medium.EMAIL, email)] if email else []
    return by_email + ([(Medium.SMS, phone)] if phone and outbox.sms_reaches(phone) else [])


def _media_tried(row: OutboxMessage) -> set[Medium]:
    tried = {row.medium}
    earlier = row.instead_of_id
    while earlier is not None:
        query = select(OutboxMessage.medium, OutboxMessage.instead_of_id).filter_by(id=earlier)
        medium, earlier = session().execute(query).one()
        tried.add(medium)
    return tried
