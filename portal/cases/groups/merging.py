"""Let a case wait for the answer of the one that it duplicates, and undo it."""

from collections.abc import Sequence
from enum import StrEnum

from sqlalchemy import select

from portal import clock
from portal.cases import clocks
from portal.cases.access import Capacity, may_read, scope
from portal.cases.actions.bars import copy_bars
from portal.cases.authority.groups import has_members, is_member, lock_members
from portal.cases.enums import Direction, Purpose
from portal.cases.lifecycle import Action, Status
from portal.cases.models import Case, CaseRelation
from portal.cases.queries import case_scope, handlers
from portal.cases.transitions import add_message, clear_closed, mark_contacted, transition
from portal.db import session
from portal.identity.actors import Actor, Staff, System


class MergeProblem(StrEnum):
    """Why the case that was named cannot be used."""

    UNKNOWN = "unknown"
    ITSELF = "itself"
    CLOSED = "closed"
    ANSWERED = "answered"
    MERGED = "merged"
    HAS_MEMBERS = "has_members"
    SECRECY = "secrecy"
    RECORD = "record"
    LEGAL = "legal"


class WrongCase(Exception):
    """The case that was named cannot be used for this.

    A case that the actor cannot read is refused as if it did not exist.
    """

    def __init__(self, problem: MergeProblem = MergeProblem.UNKNOWN) -> None:
        super().__init__(problem)
        self.problem = problem


def require_readable(actor: Staff, other: Case) -> None:
    """Refuse another case that the actor cannot read. Raises WrongCase."""
    if not may_read(scope(actor), case_scope(other)):
        raise WrongCase


def merge(actor: Staff, case: Case, into: Case, body: str, version: int | None = None) -> None:
    """Let a case wait for the answer of another, with a message to its sender. Raises WrongCase.

    It stays open under its own promise until its sender is answered.
    """
    require_readable(actor, into)
    if case.merged_into_id == into.id:
        return
    with transition(actor, case, Action.MERGE, version) as step:
        if problem := _pair_problem(case, into) or _own_problem(case):
            raise WrongCase(problem)
        message = add_message(actor, case, Direction.OUT, body, Purpose.CONTACT)
        clocks.resume(case, message.arrived_at)
        mark_contacted(case, message.arrived_at)
        case.merged_into_id = into.id
        step.details(into=into.id, message=message.id)
    # The kept case answers this one too, so who may not handle this one may not handle that one.
    copy_bars(actor, case, into)


def mergeable(case: Case, others: Sequence[Case]) -> frozenset[int]:
    """The ids of those whose answer a case may wait for, as far as the rules of merge() go."""
    fitting = frozenset(other.id for other in others if _pair_problem(case, other) is None)
    return fitting if fitting and _own_problem(case) is None else frozenset()


def _pair_problem(case: Case, into: Case) -> MergeProblem | None:
    if case.id == into.id:
        return MergeProblem.ITSELF
    if into.status is Status.CLOSED:
        return MergeProblem.CLOSED
    if into.status is Status.ANSWERED:
        return MergeProblem.ANSWERED
    if into.merged_into_id is not None:
        return MergeProblem.MERGED
    if case.secrecy or into.secrecy:
        return MergeProblem.SECRECY
    # Due promptly, and each by a decision of its own (TF 2:15).
    if case.record_request or into.record_request:
        return MergeProblem.RECORD
    # Passed on by itself, with its own day of arrival (FL 22 §).
    if case.legal_matter or into.legal_matter:
        return MergeProblem.LEGAL
    return None


def _own_problem(case: Case) -> MergeProblem | None:
    # A chain is a ring in the making, and hides who answers.
    return MergeProblem.HAS_MEMBERS if has_members(case) else None


def unmerge(actor: Staff, case: Case, version: int | None = None) -> None:
    """Undo a merge. The promise that was given first still holds, unless the answer has come."""
    if case.merged_into_id is None and case.status in (Status.IN_PROGRESS, Status.ANSWERED):
        return
    with transition(actor, case, Action.UNMERGE, version) as step:
        step.details(into=case.merged_into_id)
        if case.status is Status.CLOSED:
            clear_closed(case)
        clocks.resume(case, clock.now())
        case.merged_into_id = None


def leave_group(actor: Actor, case: Case) -> None:
    """Put a case that waits for the answer of another on its own again, under its promise, if it does."""
    if not is_member(case):
        return
    with transition(actor, case, Action.LEAVE_GROUP, by=Capacity.SYSTEM) as step:
        step.details(into=case.merged_into_id)
        clocks.resume(case, clock.now())
        case.merged_into_id = None


def separate(actor: Actor, case: Case) -> None:
    """End the groups of a case that got secrecy: no answer goes from it to another, or the other way."""
    leave_group(actor, case)
    dissolve(actor, case)


def dissolve(actor: Actor, kept: Case) -> None:
    """Put every case that waits for the answer of this one on its own again, related to it."""
    for member in lock_members(kept):
        # What the sender of one case does is not in the trail of another's.
        leave_group(actor if isinstance(actor, Staff) else System(), member)
        _take_over(member, kept)


def _take_over(member: Case, kept: Case) -> None:
    """Leave a case with the officer who has worked on the matter, if it may, and related to the other."""
    first, second = sorted((member.id, kept.id))
    known = session().scalar(select(CaseRelation).filter_by(case_id=first, other_id=second))
    if known is None:
        session().add(CaseRelation(case_id=first, other_id=second))
    if member.officer_id is None and kept.officer_id in {handler.id for handler in handlers(member)}:
        member.officer_id = kept.officer_id
