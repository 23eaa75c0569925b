"""The jobs that remind senders of what they were asked for, and inform them of what their cases led to."""

from portal import clock
from portal.cases import queries
from portal.cases.actions import reminders
from portal.cases.improvements import senders
from portal.db import transaction
from portal.identity.actors import System
from portal.jobs.batches import for_each
from portal.notifications.outbox import is_reachable

FIRST_HOUR, LAST_HOUR = 9, 20


def remind_senders() -> int:
    """Remind the senders of unanswered questions, each in a transaction; returns how many."""
    # A worker that was down in the morning catches up at once.
    if _is_night():
        return 0
    with transaction():
        ids = reminders.unreminded(System())
    return for_each(ids, _remind)


def inform_senders() -> int:
    """Inform the senders of the cases that led to what was published; returns how many."""
    if _is_night():
        return 0
    with transaction():
        ids = senders.waiting(System())
    return for_each(ids, _inform)


def _inform(link_id: int) -> bool:
    with transaction():
        return senders.inform(System(), link_id)


def _is_night() -> bool:
    """Whether a text message might wake people."""
    return not FIRST_HOUR <= clock.stockholm(clock.now()).hour < LAST_HOUR


def _remind(case_id: int) -> bool:
    with transaction():
        case = queries.case_by_id(System(), case_id)
        # Without a way to reach the sender the timeline would tell of a reminder that was never sent.
        return case is not None and is_reachable(case) and reminders.remind(System(), case)
