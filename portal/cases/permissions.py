"""Permissions: what the transition table allows, except what the case itself forbids."""

from datetime import timedelta

from portal import clock
from portal.cases.access import Capacity, capacity, may_lift_bar
from portal.cases.enums import ReaderChange
from portal.cases.lifecycle import Action, CloseReason, allowed
from portal.cases.models import Case
from portal.cases.parties import is_protected
from portal.cases.queries import answerers_of_earlier_rounds, bars
from portal.identity.actors import Actor, Staff

# A sender who was not satisfied is answered by another person: those who answered earlier may neither take
# the case nor end it in another way.
_ANSWERING = {Action.ANSWER, Action.ANSWER_AND_CLOSE, Action.ANSWER_ORALLY}
_ENDING = _ANSWERING | {Action.CLOSE, Action.TRANSFER, Action.REDIRECT, Action.MERGE}
# A sender cannot read the case while its reader is contested, and is not written to either.
_WRITTEN = {Action.ANSWER, Action.ANSWER_AND_CLOSE, Action.REQUEST_SUPPLEMENT, Action.MESSAGE_SENDER}
_BY_SENDER = {Action.REPLY, Action.WITHDRAW, Action.NOT_SATISFIED, Action.ADOPT, Action.CHANGE_ADDRESS}
WITH_READER = frozenset(_WRITTEN | _BY_SENDER | {Action.MERGE})
CONTEST_PERIOD = timedelta(days=7)
BY_ANOTHER_OFFICER = frozenset(_ENDING | {Action.TAKE, Action.REQUEST_SUPPLEMENT})

# Tasks are about delivery and routing, so who reads a case for the archive may take care of them too.
TASK_CAPACITIES = frozenset({Capacity.HANDLER, Capacity.READER})


def may_finish_task(actor: Actor) -> bool:
    """Whether the actor may finish the tasks of a case that they may read."""
    return capacity(actor) in TASK_CAPACITIES


def allowed_actions(actor: Actor, case: Case) -> frozenset[Action]:
    """The actions that the actor may do with the case now; pages offer these and no others."""
    possible = allowed(case.status, capacity(actor)) - _forbidden(case)
    return possible - _reserved_for_another(actor, case) - _reserved_for_authority(actor, case)


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
        Action.CONTEST_READER: not is_contestable(case),
        Action.RESTORE_READER: case.reader_contested_at is None,
    }
    barred = frozenset(action for action, impossible in never.items() if impossible)
    return barred | WITH_READER if case.reader_contested_at else barred


def is_contestable(case: Case) -> bool:
    """Whether an earlier reader may still deny the change of reader: for seven days."""
    if case.reader_changed_at is None or case.reader_change is ReaderChange.RESTORED:
        return False
    return case.reader_contested_at is None and clock.now() < case.reader_changed_at + CONTEST_PERIOD


def _reserved_for_another(actor: Actor, case: Case) -> frozenset[Action]:
    if not case.unsatisfied or not isinstance(actor, Staff):
        return frozenset()
    return BY_ANOTHER_OFFICER if actor.person in answerers_of_earlier_rounds(case) else frozenset()


def _reserved_for_authority(actor: Actor, case: Case) -> frozenset[Action]:
    may_lift = may_lift_bar(actor, case.responsible_unit_id, case.responsible_board_id)
    return frozenset() if may_lift and bars(case) else frozenset({Action.LIFT_BAR})
