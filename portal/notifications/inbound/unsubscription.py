"""Unsubscribing by the link of a letter (RFC 8058)."""

from cryptography.fernet import InvalidToken
from sqlalchemy import LargeBinary, select, type_coerce

from portal import crypto
from portal.cases import parties, queries
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
    """Send the sender nothing more about the case of a link; None if there is none. It may be done again.

    The link of a letter to an address that the case no longer has changes nothing: nothing is sent there.
    """
    case = case_of(token)
    if case and _is_to_sender_of_today(case, tokens.read(tokens.Purpose.UNSUBSCRIBE, token)):
        decline_messages(System(), case)
    return case


def _is_to_sender_of_today(case: Case, message: int | None) -> bool:
    query = select(OutboxMessage.created_at, type_coerce(OutboxMessage.recipient, LargeBinary))
    created_at, recipient = session().execute(query.where(OutboxMessage.id == message)).one()
    if case.reader_changed_at and created_at < case.reader_changed_at:
        return False
    # Cleared after 30 days: then the day of the last change decides alone.
    if not recipient:
        return True
    try:
        return crypto.decrypt(recipient) in parties.reached_at(case)
    except InvalidToken:
        return False


def is_declined(case: Case) -> bool:
    """Whether the sender is sent nothing about the case."""
    return case.notify_by is NotifyBy.NONE
