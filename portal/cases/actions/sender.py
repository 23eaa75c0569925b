"""What the sender does with a case: reply, disagree with the answer, withdraw, adopt."""

from sqlalchemy import delete, or_, select

from portal import clock
from portal.cases import clocks, parties
from portal.cases.actions.escalation import nearest_manager
from portal.cases.enums import Direction, ReplyBy, TaskKind
from portal.cases.lifecycle import Action, CloseReason, Status
from portal.cases.models import Case, CodeGrant, Party, Task
from portal.cases.search.index import forget_protected, mark_changed
from portal.cases.transitions import (
    add_message,
    is_closed_as,
    is_duplicate_message,
    require_allowed,
    set_closed,
    start_new_round,
    transition,
)
from portal.db import session
from portal.identity.actors import Actor, Citizen


def reply(actor: Actor, case: Case, body: str) -> None:
    """Add the sender's message. After an answer it reopens the case, with a new promise."""
    if is_duplicate_message(actor, case, Direction.IN, body):
        return
    with transition(actor, case, Action.REPLY) as step:
        message = add_message(actor, case, Direction.IN, body)
        if case.status in (Status.ANSWERED, Status.CLOSED):
            start_new_round(case, message.arrived_at)
        clocks.resume(case, message.arrived_at)
        step.details(message=message.id)


def not_satisfied(actor: Actor, case: Case, body: str) -> None:
    """Reopen for a sender who is not satisfied: with the nearest manager who has not answered."""
    if is_duplicate_message(actor, case, Direction.IN, body):
        return
    with transition(actor, case, Action.NOT_SATISFIED) as step:
        message = add_message(actor, case, Direction.IN, body)
        start_new_round(case, message.arrived_at, unsatisfied=True)
        case.officer_id = nearest_manager(case)
        if case.officer_id is None:
            session().add(Task(case_id=case.id, kind=TaskKind.NO_MANAGER, created_at=clock.now()))
        step.details(message=message.id)


def withdraw(actor: Actor, case: Case) -> None:
    """Close a case that its sender withdraws. What was sent is kept: it is a public record."""
    if is_closed_as(case, CloseReason.WITHDRAWN):
        return
    with transition(actor, case, Action.WITHDRAW):
        clocks.resume(case, clock.now())
        set_closed(case, CloseReason.WITHDRAWN)


def adopt(actor: Citizen, case: Case) -> None:
    """Give a case opened by its code to a signed-in person. The code opens nothing any more.

    So are all cases of the same code: the one it was split from, and every part.
    """
    require_allowed(actor, case, Action.ADOPT)
    root = case.split_from_id or case.id
    family = select(Case).where(or_(Case.id == root, Case.split_from_id == root)).order_by(Case.id)
    for member in session().scalars(family):
        _adopt_one(actor, member)


def _adopt_one(actor: Citizen, case: Case) -> None:
    with transition(actor, case, Action.ADOPT):
        session().execute(delete(CodeGrant).where(CodeGrant.case_id == case.id))
        case.code = None
        case.party = case.party or Party()
        parties.give(case.party, actor.person)
        mark_changed(case)
        # The person or the party may be protected, which then holds for all their cases.
        forget_protected()
        # The code is gone, so it cannot be the way to the answer any more.
        case.reply_by = ReplyBy.PORTAL if case.reply_by is ReplyBy.CODE else case.reply_by
