"""The job that reminds senders of what they were asked for."""

from portal.cases import queries
from portal.cases.actions import reminders
from portal.db import transaction
from portal.identity.actors import System
from portal.notifications.outbox import is_reachable


def remind_senders() -> int:
    """Remind the senders of unanswered questions, each in a transaction; returns how many."""
    with transaction():
        ids = reminders.unreminded(System())
    return sum(map(_remind, ids))


def _remind(case_id: int) -> bool:
    with transaction():
        case = queries.case_by_id(System(), case_id)
        # Without a way to reach the sender the timeline would tell of a reminder that was never sent.
        return case is not None and is_reachable(case) and reminders.remind(System(), case)
