"""Unsubscribing by the link of a letter (RFC 8058)."""

from sqlalchemy import select

from portal.cases import queries
from portal.cases.actions.sender import decline_messages
from portal.cases.enums import NotifyBy
from portal.cases.models import Case
from portal.db import session
from portal.identity.actors import System
from portal.notifications import tokens
from portal.notifications.models import OutboxMessage


def case_of(token: str) -> Case | None:
    """The case whose messages the link turns off; None if it is not that of a message to a sender."""
    message = tokens.read(tokens.Purpose.UNSUBSCRIBE, token)
    query = select(OutboxMessage.case_id).filter_by(id=message, membership_id=None)
    case = session().scalar(query) if message is not None else None
    return queries.case_by_id(System(), case) if case is not None else None


def decline(token: str) -> Case | None:
    """Send the sender nothing more about the case of a link; None if there is none. It may be done again."""
    case = case_of(token)
    if case:
        decline_messages(System(), case)
    return case


def is_declined(case: Case) -> bool:
    """Whether the sender is sent nothing about the case."""
    return case.notify_by is NotifyBy.NONE
