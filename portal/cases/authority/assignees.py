"""Assignees: the handler and the contact person of a case whose place or secrecy has changed."""

from portal.cases.models import Case
from portal.cases.queries import handlers
from portal.db import session


def release_assignees(case: Case, everybody: bool = False) -> None:
    """Clear a handler and a contact person who cannot read the case any more, or clear both."""
    session().flush()
    assignable = set() if everybody else {handler.id for handler in handlers(case)}
    if case.officer_id not in assignable:
        case.officer_id = None
    if case.contact_id not in assignable:
        case.contact_id = None
