"""What the sender does with a case: reply, disagree with the answer, withdraw, adopt."""

from sqlalchemy import delete, or_, select

from portal import clock
from portal.cases import clocks, parties
from portal.cases.actions.escalation import nearest_manager
from portal.cases.enums import Direction, ReplyBy, TaskKind
from portal.cases.lifecycle import Action, CloseReason, Status
from portal.cases.models import Case, CodeGrant, Party, Task
from portal.cases.search.index import forget_protected, reindex
from portal.cases.transitions import (
    add_message,
    is_closed_as,
    is_duplicate_message,
    move,
    require_allowed,
    set_closed,
    start_new_round,
)
from portal.db import session
from portal.identity.actors import Actor, Citizen


def reply(actor: Actor, case: Case, body: str) -> None:
    """The sender writes back. After an answer the case opens again and the promise is given anew."""
    if is_duplicate_message(actor, case, Direction.IN, body):
        return
    require_allowed(actor, case, Action.REPLY)
    message = add_message(actor, case, Direction.IN, body)
    if case.status in (Status.ANSWERED, Status.CLOSED):
        start_new_round(case, message.arrived_at)
    clocks.resume(case, message.arrived_at)
    move(actor, case, Action.REPLY, message=message.id)


def not_satisfied(actor: Actor, case: Case, body: str) -> None:
    """The sender is not satisfied: the nearest manager who has not answered takes over, on a new clock."""
    if is_duplicate_message(actor, case, Direction.IN, body):
        return
    require_allowed(actor, case, Action.NOT_SATISFIED)
    message = add_message(actor, case, Direction.IN, body)
    start_new_round(case, message.arrived_at, unsatisfied=True)
    case.officer_id = nearest_manager(case)
    if case.officer_id is None:
        session().add(Task(case_id=case.id, kind=TaskKind.NO_MANAGER, created_at=clock.now()))
    move(actor, case, Action.NOT_SATISFIED, message=message.id)


def withdraw(actor: Actor, case: Case) -> None:
    """The sender takes the case back. What was sent is kept: it is a public record."""
    if is_closed_as(case, CloseReason.WITHDRAWN):
        return
    require_allowed(actor, case, Action.WITHDRAW)
    clocks.resume(case, clock.now())
    set_closed(case, CloseReason.WITHDRAWN)
    move(actor, case, Action.WITHDRAW)


def adopt(actor: Citizen, case: Case) -> None:
    """A signed-in person who has shown the code takes the case to Mina sidor, and the code ends.

    All that the same code opened goes along: what it was split from, and every part.
    """
    require_allowed(actor, case, Action.ADOPT)
    root = case.split_from_id or case.id
    family = select(Case).where(or_(Case.id == root, Case.split_from_id == root)).order_by(Case.id)
    for each in session().scalars(family):
        _adopted(actor, each)


def _adopted(actor: Citizen, case: Case) -> None:
    session().execute(delete(CodeGrant).where(CodeGrant.case_id == case.id))
    case.code = None
    case.party = case.party or Party()
    parties.give(case.party, actor.person)
    reindex(case)
    forget_protected()
    case.reply_by = ReplyBy.PORTAL if case.reply_by is ReplyBy.CODE else case.reply_by
    move(actor, case, Action.ADOPT)
