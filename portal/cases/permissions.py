"""Permissions: what the transition table allows, except what the case itself forbids."""

from datetime import timedelta

from portal import clock
from portal.cases.access import Capacity, capacity, lift_takes_two, may_lift
from portal.cases.authority.groups import is_member
from portal.cases.clocks import promised_day
from portal.cases.enums import ANSWERS, Direction, Kind, LegalMatter, NotifyBy, ReaderChange
from portal.cases.lifecycle import Action, CloseReason, Status, allowed
from portal.cases.models import Case
from portal.cases.parties import is_protected
from portal.cases.queries import answerers_of_earlier_rounds, bars
from portal.identity.actors import Actor, Staff
from portal.organisation import queries as organisation

# A sender who was not satisfied is answered by another person: those who answered earlier may neither take
# the case nor end it in another way.
_ANSWERING = {Action.ANSWER, Action.ANSWER_AND_CLOSE, Action.ANSWER_ORALLY}
_CLOSING = {Action.CLOSE, Action.NO_ANSWER_NEEDED, Action.TRANSFER, Action.REDIRECT, Action.FORWARD}
_ENDING = _ANSWERING | _CLOSING | {Action.MERGE}
# A matter that must be received is not turned away, and ends here only when it has been passed on.
_TURNING_AWAY = frozenset({Action.REDIRECT, Action.MERGE})
_ENDING_HERE = _TURNING_AWAY | {
    Action.CLOSE,
    Action.ANSWER_AND_CLOSE,
    Action.NO_ANSWER_NEEDED,
    Action.TRANSFER,
}
# What the municipality must look into even if the sender changes their mind.
_NOT_WITHDRAWN = frozenset({LegalMatter.CHILD_CONCERN, LegalMatter.WHISTLEBLOWING})
# A sender cannot read the case while its reader is contested, and is not written to either.
_WRITTEN = {Action.ANSWER, Action.ANSWER_AND_CLOSE, Action.REQUEST_SUPPLEMENT, Action.MESSAGE_SENDER}
_REACTIONS = {Action.RECORD_REPLY, Action.REPLY, Action.THANK, Action.NOT_SATISFIED}
_BY_SENDER = _REACTIONS | {Action.WITHDRAW, Action.ADOPT, Action.CHANGE_ADDRESS, Action.DECLINE_MESSAGES}
WITH_READER = frozenset(_WRITTEN | _BY_SENDER | {Action.MERGE, Action.FORWARD})
# What is done to a case that waits for the answer of another only once it is on its own again.
ALONE = frozenset({Action.MERGE, Action.HAND_OVER, Action.SPLIT, Action.FLAG_RECORD, Action.FLAG_MATTER})
CONTEST_PERIOD = timedelta(days=7)
LIFTS = frozenset({Action.REQUEST_LIFT, Action.LIFT_SECRECY, Action.LIFT_MESSAGE})
BY_ANOTHER_OFFICER = frozenset(_ENDING | {Action.TAKE, Action.REQUEST_SUPPLEMENT})

# Tasks are about delivery and routing, so who reads a case for the archive may take care of them too.
TASK_CAPACITIES = frozenset({Capacity.HANDLER, Capacity.READER})


def may_finish_task(actor: Actor) -> bool:
    """Whether the actor may finish the tasks of a case that they may read."""
    return capacity(actor) in TASK_CAPACITIES


def allowed_actions(actor: Actor, case: Case) -> frozenset[Action]:
    """The actions that the actor may do with the case now; pages offer these and no others."""
    possible = allowed(case.status, capacity(actor)) - _forbidden(case) - _reserved_for_another(actor, case)
    return possible - _lifts_of_others(actor, case) - _reserved_for_authority(actor, case)


def _forbidden(case: Case) -> frozenset[Action]:
    # Closed as a duplicate, as cases were before they waited for the answer of another.
    duplicate = case.close_reason is CloseReason.DUPLICATE
    # It is undone by UNMERGE alone, which also clears the link to the other case.
    never = {
        **dict.fromkeys(ALONE, is_member(case)),
        Action.UNMERGE: not duplicate and not is_linked(case),
        Action.REOPEN: duplicate,
        Action.NOT_SATISFIED: case.close_reason is CloseReason.WITHDRAWN,
        Action.THANK: case.close_reason is CloseReason.WITHDRAWN,
        Action.NO_ANSWER_NEEDED: not needs_no_answer(case),
        Action.EXTEND: case.due_answer is None,
        Action.FORWARD: case.legal_matter is None and not case.record_request,
        # The promise presses, and an inner day beside it would press no more.
        Action.SET_NEXT_STEP: promised_day(case) is not None,
        Action.CORRECT_PLACE: case.kind is not Kind.FAULT_REPORT,
        Action.PROTECT: is_protected(case),
        Action.UNPROTECT: not is_protected(case),
        Action.DECLINE_MESSAGES: case.notify_by is NotifyBy.NONE,
        Action.CONTEST_READER: not is_contestable(case),
        Action.RESTORE_READER: case.reader_contested_at is None,
        Action.RECEIVE_EMAIL: not takes_email(case),
        **_without_secrecy(case),
        Action.HIDE_SENDER: case.party is None or case.hide_sender or is_protected(case),
        Action.SHOW_SENDER: not case.hide_sender or is_protected(case),
    }
    barred = frozenset(action for action, impossible in never.items() if impossible) | held_back(case)
    return barred | WITH_READER if case.reader_contested_at else barred


def held_back(case: Case) -> frozenset[Action]:
    """The endings that a matter which must be received does not allow before it has been passed on.

    A request for a public record is answered here, but is not turned away (TF 2:15, FL 6 §).
    """
    if case.matter_passed_on:
        return frozenset()
    if case.legal_matter is None:
        return _TURNING_AWAY if case.record_request else frozenset()
    withdrawal = {Action.WITHDRAW} if case.legal_matter in _NOT_WITHDRAWN else set()
    return _ENDING_HERE | withdrawal


def is_linked(case: Case) -> bool:
    """Whether a case that is not closed waits for the answer of another one, or has had it."""
    return case.merged_into_id is not None and case.status is not Status.CLOSED


def needs_no_answer(case: Case) -> bool:
    """Whether an officer may say that a text needs no answer.

    The sender wanted none, or wrote again after an answer: not where they were not satisfied with it, nor
    where the municipality opened the case itself.
    """
    if not case.answer_wanted:
        return True
    if not case.reopened or case.unsatisfied or case.status is not Status.IN_PROGRESS:
        return False
    # From the end: what the sender wrote after the latest answer.
    for message in reversed(case.messages):
        if message.purpose in ANSWERS:
            return False
        if message.direction is Direction.IN:
            return any(earlier.purpose in ANSWERS for earlier in case.messages)
    return False


def takes_email(case: Case) -> bool:
    """Whether a letter that anybody may have written becomes a message of the case."""
    return case.reader_contested_at is None and case.secrecy is None and not is_protected(case)


def _without_secrecy(case: Case) -> dict[Action, bool]:
    """The actions on secrecy that the case makes impossible; the first of two people asks for a lift."""
    no_provisions = not organisation.profile().secrecy_provisions
    two = takes_two(case)
    return {
        Action.MARK_SECRECY: no_provisions,
        Action.MARK_MESSAGE: no_provisions,
        Action.REQUEST_LIFT: not two or case.secrecy_lift_by_id is not None,
        Action.LIFT_SECRECY: case.secrecy is None or (two and case.secrecy_lift_by_id is None),
    }


def takes_two(case: Case) -> bool:
    """Whether two people must lift the secrecy of the case."""
    return lift_takes_two(case.secrecy, case.category is not None and case.category.secrecy_default)


def _lifts_of_others(actor: Actor, case: Case) -> frozenset[Action]:
    """The lifts that the actor may not make: all, or that of the case for the person who asked for it."""
    if not isinstance(actor, Staff):
        return frozenset()
    if not may_lift(actor, case.responsible_unit_id, case.responsible_board_id):
        return LIFTS
    return frozenset({Action.LIFT_SECRECY}) if is_lift_requester(actor, case) else frozenset()


def is_lift_requester(actor: Staff, case: Case) -> bool:
    """Whether the actor's person has asked for the lift, whatever the membership."""
    requester = case.secrecy_lift_by
    return requester is not None and requester.person_id == actor.person


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
    may = may_lift(actor, case.responsible_unit_id, case.responsible_board_id)
    return frozenset() if may and bars(case) else frozenset({Action.LIFT_BAR})
