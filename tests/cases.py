"""Cases on their way: each command with what it needs, a case in any status, and what may have changed."""

import datetime as dt
from collections.abc import Callable
from typing import Any

from portal import clock, db
from portal.cases import closing, commands, extending, measures, placing, protecting, queries
from portal.cases.deadlines import next_open
from portal.cases.lifecycle import Action, Status
from portal.cases.submission import Receipt
from portal.identity import queries as people
from portal.identity.actors import Actor, Staff
from portal.identity.models import Membership
from portal.organisation import queries as organisation
from tests import build

MONDAY = dt.datetime(2026, 3, 2, 9, 0, tzinfo=clock.STOCKHOLM)


def do(action: Action, actor: Actor, receipt: Receipt, body: str = "Text", **more: Any) -> None:
    """The command of an action, with what it needs."""
    given: dict[Action, tuple[Callable[..., Any], tuple[Any, ...], dict[str, Any]]] = {
        Action.TAKE: (commands.take, (), {}),
        Action.ASSIGN: (commands.assign, (colleague(),) if action is Action.ASSIGN else (), {}),
        Action.NOTE: (commands.note, (body,), {}),
        Action.ANSWER: (commands.answer, (body,), {}),
        Action.ANSWER_AND_CLOSE: (commands.answer, (body,), {"close": True}),
        Action.ANSWER_ORALLY: (commands.answer_orally, (body,), {}),
        Action.CLOSE: (commands.close, (), {}),
        Action.ASK: (commands.ask, (body,), {}),
        Action.REPLY: (commands.reply, (body,), {}),
        Action.WITHDRAW: (commands.withdraw, (), {}),
        Action.NOT_SATISFIED: (commands.not_satisfied, (body,), {}),
        Action.GO_ON: (commands.go_on, (), {}),
        Action.CONTACT: (commands.contact, (body,), {}),
        Action.CALL: (commands.call, (body,), {}),
        Action.REOPEN: (commands.open_again, (), {}),
        Action.MEASURE: (measures.note_measure, (body,), {}),
        Action.PROPOSE: (measures.propose, (body,), {}),
        Action.EXTEND: (extending.extend, (later(), "Vi väntar på en besiktning."), {}),
        Action.NAME_CONTACT: (
            placing.name_contact,
            (colleague(),) if action is Action.NAME_CONTACT else (),
            {},
        ),
        Action.FLAG_RECORD: (placing.flag_record, (True,), {}),
        Action.PROTECT: (protecting.protect, (), {}),
        Action.UNPROTECT: (protecting.unprotect, (body,), {}),
        Action.SPLIT: (placing.split, ("Den andra frågan",), {}),
        Action.HAND_OVER: (placing.hand_over, (organisation.unit("gata"),), {}),
        Action.MOVE: (closing.move_out, ("Lifecare", "4711"), {}),
        Action.REDIRECT: (closing.redirect, ("Det är ett överklagande.", "Skriv till nämnden."), {}),
    }
    if action is Action.UNPROTECT:
        build.act(protecting.protect, actor, receipt)
    if action in (Action.MERGE, Action.RELATE, Action.UNRELATE):
        do_with_another(action, actor, receipt, body)
    else:
        command, values, options = given[action]
        build.act(command, actor, receipt, *values, **options | more)


def later() -> dt.date:
    """An open day well after what is promised."""
    return next_open(clock.today() + dt.timedelta(days=40))


def do_with_another(action: Action, actor: Actor, receipt: Receipt, body: str) -> None:
    """The command of an action that is about two cases."""
    other = build.send_in()
    if action is Action.MERGE:
        pair(closing.merge, actor, receipt, other, body)
    else:
        pair(placing.relate, actor, receipt, other)
    if action is Action.UNRELATE:
        pair(placing.unrelate, actor, receipt, other)


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
    return membership_of(build.member("samir"))


def membership_of(actor: Staff) -> Membership:
    """What an actor works as."""
    found = people.membership(actor.membership)
    assert found
    return found


def brought_to(status: Status) -> Receipt:
    """A case in this status."""
    receipt, officer = build.send_in(), build.member("eva")
    way = {
        Status.RECEIVED: [],
        Status.IN_PROGRESS: [Action.TAKE],
        Status.AWAITING_CITIZEN: [Action.ASK],
        Status.ANSWERED: [Action.ANSWER],
        Status.CLOSED: [Action.ANSWER_AND_CLOSE],
    }
    for action in way[status]:
        do(action, officer, receipt, "Det första svaret")
    return receipt


def told(receipt: Receipt) -> list[str]:
    """The events of a case, oldest first."""
    return [entry.event for entry in build.entries(receipt)]


def state(receipt: Receipt) -> tuple[Any, ...]:
    """All that a second click might change."""
    case = build.case(receipt)
    said = [(each.direction, each.body) for each in queries.messages(build.sender(receipt), case)]
    moments = case.answered_at, case.contacted_at, case.closed_at, case.updated_at
    return case.version, case.status, case.officer_id, case.close_reason, moments, said, told(receipt)
