"""Permissions: what the transition table allows, except what the case itself forbids."""

from sqlalchemy import func, select

from portal.cases.access import capacity
from portal.cases.enums import ANSWERS
from portal.cases.lifecycle import Action, CloseReason, allowed
from portal.cases.models import Case, Message, PastClock
from portal.cases.parties import is_protected
from portal.cases.queries import memberships_that_answered
from portal.db import once_per_read, session
from portal.identity.actors import Actor, Staff
from portal.identity.models import Membership

# A sender who was not satisfied is answered by another person: those who answered may neither take the case,
# nor end it in another way.
_ANSWERING = {Action.ANSWER, Action.ANSWER_AND_CLOSE, Action.ANSWER_ORALLY}
_ENDING = _ANSWERING | {Action.CLOSE, Action.TRANSFER, Action.REDIRECT, Action.MERGE}
BY_SOMEBODY_ELSE = frozenset(_ENDING | {Action.TAKE, Action.REQUEST_SUPPLEMENT})


def allowed_actions(actor: Actor, case: Case) -> frozenset[Action]:
    """The actions that the actor may do with the case now: a page draws these and no others."""
    return allowed(case.status, capacity(actor)) - _forbidden(case) - _to_whom_answered(actor, case)


def _forbidden(case: Case) -> frozenset[Action]:
    merged = case.close_reason is CloseReason.DUPLICATE
    never = {
        Action.UNMERGE: not merged,
        Action.REOPEN: merged,
        Action.NOT_SATISFIED: case.close_reason is CloseReason.WITHDRAWN,
        Action.EXTEND: case.due_answer is None,
        Action.PROTECT: is_protected(case),
        Action.UNPROTECT: not is_protected(case),
    }
    return frozenset(action for action, barred in never.items() if barred)


def _to_whom_answered(actor: Actor, case: Case) -> frozenset[Action]:
    barred = case.unsatisfied and isinstance(actor, Staff) and actor.person in memberships_that_answered(case)
    return BY_SOMEBODY_ELSE if barred else frozenset()


@once_per_read
def _authors_of_answers(case_id: int) -> frozenset[int]:
    ended = select(func.max(PastClock.ended_at)).where(PastClock.case_id == case_id).scalar_subquery()
    answers = Message.case_id == case_id, Message.purpose.in_(ANSWERS), Message.arrived_at <= ended
    query = select(Membership.person_id).join(Message, Message.author_id == Membership.id)
    return frozenset(session().scalars(query.where(*answers)))
