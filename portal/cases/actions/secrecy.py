"""Commands on secrecy (OSL 5:5): mark a case or a message, and lift the mark with a reason.

A mark is a warning to who hands a record out, and narrows at once who reaches the case or the message.
"""

from dataclasses import replace

from portal import clock
from portal.cases.access import MessageScope, may_read, may_read_message, scope
from portal.cases.actions.bars import require_handler
from portal.cases.authority.assignees import release_assignees
from portal.cases.enums import Direction, Secrecy
from portal.cases.events import Code
from portal.cases.groups.merging import separate
from portal.cases.lifecycle import Action
from portal.cases.models import Case, Message, SecrecyMark
from portal.cases.permissions import is_lift_requester
from portal.cases.queries import case_scope, messages
from portal.cases.search.index import mark_changed
from portal.cases.transitions import NeedsConfirmation, add_message, is_duplicate_message, transition
from portal.db import session
from portal.identity.actors import Staff
from portal.organisation import queries as organisation


class UnknownProvision(Exception):
    """The profile has no such provision for marks."""


class WrongMessage(Exception):
    """The message is not one of the case that the actor may read, or has no mark to lift."""


class SamePerson(Exception):
    """The person who asked for the lift cannot also be the second of the two that it takes."""


def mark_secrecy(
    actor: Staff,
    case: Case,
    provision: str,
    public_subject: str = "",
    confirmed: bool = False,
    version: int | None = None,
) -> None:
    """Mark a case as secret, by the key of a provision; a mark that it has is replaced.

    `public_subject` replaces the subject of the register, unless it is empty. The secrecy of a topic remains
    the topic's, so that lifting it still takes two. Raises UnknownProvision, NobodyLeft, and
    NeedsConfirmation if the actor would lose the case.
    """
    text = _provision(provision)
    subject = public_subject or case.public_subject
    if _is_marked(case, text) and subject == case.public_subject:
        return
    with transition(actor, case, Action.MARK_SECRECY, version) as step:
        if not confirmed and not may_read(scope(actor), replace(case_scope(case), secret=True)):
            raise NeedsConfirmation
        _set_mark(case, case, text)
        case.secrecy = case.secrecy or Secrecy.MARKED
        case.secrecy_lift_by_id = None
        case.public_subject = subject
        mark_changed(case)
        release_assignees(case)
        session().flush()
        require_handler(case)
        step.details(provision=Code(text), board=case.responsible_board_id)
    separate(actor, case)


def _is_marked(case: Case, provision: str) -> bool:
    # A request to lift it is over when the case is marked again.
    return case.secrecy_provision == provision and case.secrecy_lift_by_id is None


def _provision(key: str) -> str:
    try:
        return organisation.profile().secrecy_provision(key).provision
    except KeyError:
        raise UnknownProvision from None


def _set_mark(marked: SecrecyMark, case: Case, provision: str) -> None:
    marked.secrecy_provision = provision
    marked.secrecy_marked_on = clock.today()
    marked.secrecy_board_id = case.responsible_board_id


def _clear_mark(marked: SecrecyMark) -> None:
    marked.secrecy_provision = None
    marked.secrecy_marked_on = None
    marked.secrecy_board_id = None


def request_lift(actor: Staff, case: Case, body: str, version: int | None = None) -> None:
    """Ask for a lift that takes two people; the reason becomes a note. A second click changes nothing."""
    if case.secrecy_lift_by_id == actor.membership and is_duplicate_message(
        actor, case, Direction.INTERNAL, body
    ):
        return
    with transition(actor, case, Action.REQUEST_LIFT, version) as step:
        note = add_message(actor, case, Direction.INTERNAL, body)
        case.secrecy_lift_by_id = actor.membership
        session().flush()
        step.details(message=note.id)


def lift_secrecy(actor: Staff, case: Case, body: str, version: int | None = None) -> None:
    """Lift the secrecy of a case; the reason becomes a note. A second click changes nothing.

    Raises SamePerson if the actor asked for a lift that takes two.
    """
    if case.secrecy is None and is_duplicate_message(actor, case, Direction.INTERNAL, body):
        return
    if is_lift_requester(actor, case):
        raise SamePerson
    with transition(actor, case, Action.LIFT_SECRECY, version) as step:
        note = add_message(actor, case, Direction.INTERNAL, body)
        case.secrecy = None
        case.secrecy_lift_by_id = None
        _clear_mark(case)
        session().flush()
        step.details(message=note.id)


def mark_message(
    actor: Staff,
    case: Case,
    message: int | None,
    provision: str,
    confirmed: bool = False,
    version: int | None = None,
) -> None:
    """Mark a message as secret, by its id and the key of a provision; a mark that it has is replaced.

    Raises UnknownProvision, WrongMessage, and NeedsConfirmation if the actor would lose the message.
    """
    text = _provision(provision)
    marked = session().get(Message, message or 0)
    # A second click, by an actor whom the first one may have shut out from the message.
    if marked and marked.case_id == case.id and marked.secrecy_provision == text:
        return
    row = _readable_message(actor, case, message)
    with transition(actor, case, Action.MARK_MESSAGE, version) as step:
        if not confirmed and not _reads_as_secret(actor, case, row):
            raise NeedsConfirmation
        _set_mark(row, case, text)
        step.details(message=row.id, provision=Code(text), board=case.responsible_board_id)


def _readable_message(actor: Staff, case: Case, message_id: int | None) -> Message:
    if message_id not in {message.id for message in messages(actor, case)}:
        raise WrongMessage
    return session().get_one(Message, message_id)


def _reads_as_secret(actor: Staff, case: Case, message: Message) -> bool:
    internal = message.direction is Direction.INTERNAL
    board, branch = message.kept_by_board_id, message.kept_by_branch
    marked = MessageScope(internal, secret=True, kept_by_board=board, kept_by_branch=branch)
    return may_read_message(scope(actor), case_scope(case), marked)


def lift_message(
    actor: Staff, case: Case, message: int | None, body: str, version: int | None = None
) -> None:
    """Lift the mark of a message, by its id; the reason becomes a note. A second click changes nothing.

    Raises WrongMessage.
    """
    row = _readable_message(actor, case, message)
    if row.secrecy_provision is None:
        if is_duplicate_message(actor, case, Direction.INTERNAL, body):
            return
        raise WrongMessage
    with transition(actor, case, Action.LIFT_MESSAGE, version) as step:
        note = add_message(actor, case, Direction.INTERNAL, body)
        _clear_mark(row)
        session().flush()
        step.details(message=row.id, note=note.id)
