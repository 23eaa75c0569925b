"""Cases on their way: each command with what it needs, a case in any status, and what may have changed."""

import datetime as dt
from collections.abc import Callable
from typing import Any

from portal import clock, db
from portal.cases import queries
from portal.cases.actions import closing, extensions, handling, merging, protection, relations, routing
from portal.cases.actions import sender as sender_actions
from portal.cases.deadlines import next_open
from portal.cases.intake.submission import Receipt
from portal.cases.lifecycle import Action, Status
from portal.cases.measures import actions as measures
from portal.identity import queries as people
from portal.identity.actors import Actor, Staff
from portal.identity.models import Membership
from portal.organisation import queries as organisation
from tests import factories

MONDAY = dt.datetime(2026, 3, 2, 9, 0, tzinfo=clock.STOCKHOLM)


def do(action: Action, actor: Actor, receipt: Receipt, body: str = "Text", **more: Any) -> None:
    """The command of an action, with what it needs."""
    given: dict[Action, tuple[Callable[..., Any], tuple[Any, ...], dict[str, Any]]] = {
        Action.TAKE: (handling.take, (), {}),
        Action.ASSIGN: (handling.assign, (colleague(),) if action is Action.ASSIGN else (), {}),
        Action.NOTE: (handling.note, (body,), {}),
        Action.ANSWER: (handling.answer, (body,), {}),
        Action.ANSWER_AND_CLOSE: (handling.answer, (body,), {"close": True}),
        Action.ANSWER_ORALLY: (handling.answer_orally, (body,), {}),
        Action.CLOSE: (handling.close, (), {}),
        Action.REQUEST_SUPPLEMENT: (handling.request_supplement, (body,), {}),
        Action.REPLY: (sender_actions.reply, (body,), {}),
        Action.WITHDRAW: (sender_actions.withdraw, (), {}),
        Action.NOT_SATISFIED: (sender_actions.not_satisfied, (body,), {}),
        Action.RESUME: (handling.resume, (), {}),
        Action.MESSAGE_SENDER: (handling.message_sender, (body,), {}),
        Action.RECORD_CALL: (handling.record_call, (body,), {}),
        Action.REOPEN: (handling.reopen, (), {}),
        Action.MEASURE: (measures.note_measure, (body,), {}),
        Action.PROPOSE: (measures.propose, (body,), {}),
        Action.EXTEND: (extensions.extend, (later(), "Vi väntar på en besiktning."), {}),
        Action.NAME_CONTACT: (
            routing.name_contact,
            (colleague(),) if action is Action.NAME_CONTACT else (),
            {},
        ),
        Action.FLAG_RECORD: (routing.flag_record, (True,), {}),
        Action.PROTECT: (protection.protect, (), {}),
        Action.UNPROTECT: (protection.unprotect, (body,), {}),
        Action.SPLIT: (relations.split, ("Den andra frågan",), {}),
        Action.HAND_OVER: (routing.hand_over, (organisation.unit("gata"),), {}),
        Action.TRANSFER: (closing.close_as_transferred, ("Lifecare", "4711"), {}),
        Action.REDIRECT: (closing.redirect, ("Det är ett överklagande.", "Skriv till nämnden."), {}),
    }
    if action is Action.UNPROTECT:
        factories.act(protection.protect, actor, receipt)
    if action in (Action.MERGE, Action.RELATE, Action.UNRELATE):
        do_with_another(action, actor, receipt, body)
    else:
        command, values, options = given[action]
        factories.act(command, actor, receipt, *values, **options | more)


def later() -> dt.date:
    """An open day well after what is promised."""
    return next_open(clock.today() + dt.timedelta(days=40))


def do_with_another(action: Action, actor: Actor, receipt: Receipt, body: str) -> None:
    """The command of an action that is about two cases."""
    other = factories.send_in()
    if action is Action.MERGE:
        pair(merging.merge, actor, receipt, other, body)
    else:
        pair(relations.relate, actor, receipt, other)
    if action is Action.UNRELATE:
        pair(relations.unrelate, actor, receipt, other)


def pair(
    command: Callable[..., Any], actor: Actor, receipt: Receipt, other: Receipt, *given: Any, **more: Any
) -> None:
    """Somebody has done something with two cases that they reach."""
    with db.transaction():
        case, second = queries.case_by_id(actor, receipt.case), queries.case_by_id(actor, other.case)
        assert case, "the actor does not reach the case"
        assert second, "the actor does not reach the other case"
        command(actor, case, second, *given, **more)


def colleague() -> Membership:
    """Samir, who may have cases of the park unit too."""
    return membership_of(factories.member("samir"))


def membership_of(actor: Staff) -> Membership:
    """What an actor works as."""
    found = people.membership(actor.membership)
    assert found
    return found


def brought_to(status: Status) -> Receipt:
    """A case in this status."""
    receipt, officer = factories.send_in(), factories.member("eva")
    way = {
        Status.RECEIVED: [],
        Status.IN_PROGRESS: [Action.TAKE],
        Status.AWAITING_CITIZEN: [Action.REQUEST_SUPPLEMENT],
        Status.ANSWERED: [Action.ANSWER],
        Status.CLOSED: [Action.ANSWER_AND_CLOSE],
    }
    for action in way[status]:
        do(action, officer, receipt, "Det första svaret")
    return receipt


def told(receipt: Receipt) -> list[str]:
    """The events of a case, oldest first."""
    return [entry.event for entry in factories.entries(receipt)]


def state(receipt: Receipt) -> tuple[Any, ...]:
    """All that a second click might change."""
    case = factories.case(receipt)
    said = [(each.direction, each.body) for each in queries.messages(factories.sender(receipt), case)]
    moments = case.answered_at, case.contacted_at, case.closed_at, case.updated_at
    return case.version, case.status, case.officer_id, case.close_reason, moments, said, told(receipt)
