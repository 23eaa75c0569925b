"""Close a case as a duplicate of another one, and undo it."""

from sqlalchemy import select

from portal.cases import clocks
from portal.cases.access import may_read, scope
from portal.cases.actions.bars import copy_bars
from portal.cases.enums import Direction, Purpose
from portal.cases.lifecycle import Action, CloseReason, Status
from portal.cases.models import Case
from portal.cases.queries import case_scope
from portal.cases.transitions import add_message, clear_closed, mark_contacted, set_closed, transition
from portal.db import session
from portal.identity.actors import Staff


class WrongCase(Exception):
    """The case that was named cannot be used for this: itself, one that is merged already, or a ring.

    A case that the actor cannot read is refused in the same way, as if it did not exist.
    """


def require_readable(actor: Staff, other: Case) -> None:
    """Refuse another case that the actor cannot read. Raises WrongCase."""
    if not may_read(scope(actor), case_scope(other)):
        raise WrongCase


def merge(actor: Staff, case: Case, into: Case, body: str, version: int | None = None) -> None:
    """Close a case as a duplicate of another, with a message to its sender. Raises WrongCase."""
    require_readable(actor, into)
    if case.merged_into_id == into.id:
        return
    with transition(actor, case, Action.MERGE, version) as step:
        if into.id == case.id or into.merged_into_id or _has_merged(case):
            raise WrongCase
        message = add_message(actor, case, Direction.OUT, body, Purpose.CONTACT)
        clocks.resume(case, message.arrived_at)
        mark_contacted(case, message.arrived_at)
        set_closed(case, CloseReason.DUPLICATE)
        case.merged_into_id = into.id
        step.details(into=into.id, message=message.id)
    # The kept case answers this one too, so who may not handle this one may not handle that one.
    copy_bars(actor, case, into)


def _has_merged(case: Case) -> bool:
    """Whether others were merged into it: a chain is a ring in the making, and hides who answers."""
    return session().scalar(select(Case.id).filter_by(merged_into_id=case.id).limit(1)) is not None


def unmerge(actor: Staff, case: Case, version: int | None = None) -> None:
    """Undo a merge. The promise that was given first still holds."""
    if case.merged_into_id is None and case.status is Status.IN_PROGRESS:
        return
    with transition(actor, case, Action.UNMERGE, version) as step:
        step.details(into=case.merged_into_id)
        clear_closed(case)
