"""Permissions: what the transition table allows, except what the case itself forbids."""

from portal.cases.access import Capacity, capacity
from portal.cases.lifecycle import Action, CloseReason, allowed
from portal.cases.models import Case
from portal.cases.parties import is_protected
from portal.cases.queries import answerers_of_earlier_rounds
from portal.identity.actors import Actor, Staff

# A sender who was not satisfied is answered by another person: those who answered earlier may neither take
# the case nor end it in another way.
_ANSWERING = {Action.ANSWER, Action.ANSWER_AND_CLOSE, Action.ANSWER_ORALLY}
_ENDING = _ANSWERING | {Action.CLOSE, Action.TRANSFER, Action.REDIRECT, Action.MERGE}
BY_ANOTHER_OFFICER = frozenset(_ENDING | {Action.TAKE, Action.REQUEST_SUPPLEMENT})

# Tasks are about delivery and routing, so who reads a case for the archive may take care of them too.
TASK_CAPACITIES = frozenset({Capacity.HANDLER, Capacity.READER})


def may_finish_task(actor: Actor) -> bool:
    """Whether the actor may finish the tasks of a case that they may read."""
    return capacity(actor) in TASK_CAPACITIES


def allowed_actions(actor: Actor, case: Case) -> frozenset[Action]:
    """The actions that the actor may do with the case now; pages offer these and no others."""
    return allowed(case.status, capacity(actor)) - _forbidden(case) - _reserved_for_another(actor, case)


def _forbidden(case: Case) -> frozenset[Action]:
    merged = case.close_reason is CloseReason.DUPLICATE
    # Closing as a duplicate is undone by UNMERGE alone, which also clears the link to the other case.
    never = {
        Action.UNMERGE: not merged,
        Action.REOPEN: merged,
        Action.NOT_SATISFIED: case.close_reason is CloseReason.WITHDRAWN,
        Action.EXTEND: case.due_answer is None,
        Action.PROTECT: is_protected(case),
        Action.UNPROTECT: not is_protected(case),
    }
    return frozenset(action for action, barred in never.items() if barred)


def _reserved_for_another(actor: Actor, case: Case) -> frozenset[Action]:
    if not case.unsatisfied or not isinstance(actor, Staff):
        return frozenset()
    return BY_ANOTHER_OFFICER if actor.person in answerers_of_earlier_rounds(case) else frozenset()
