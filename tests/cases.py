"""Cases on their way: each command with what it needs, a case in any status, and what may have changed."""

import datetime as dt
import inspect
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from portal import clock, db
from portal.cases import queries
from portal.cases.actions import email_replies, protection, routing, subjects
from portal.cases.actions import sender as sender_actions
from portal.cases.deadlines import next_open
from portal.cases.desk import replies
from portal.cases.enums import Kind, KnownBy, LegalMatter, Via
from portal.cases.groups import relations
from portal.cases.intake.submission import Receipt
from portal.cases.lifecycle import Action, Status
from portal.cases.models import Case
from portal.identity import queries as people
from portal.identity.actors import Actor, Staff, System
from portal.identity.models import Membership
from portal.organisation import queries as organisation
from portal.web.backoffice.case.actions import SPECS
from tests import factories

MONDAY = dt.datetime(2026, 3, 2, 9, 0, tzinfo=clock.STOCKHOLM)
STAFF_COMMANDS: dict[Action, Callable[..., Any]] = {action: spec.command for action, spec in SPECS.items()}
SENDER_COMMANDS: dict[Action, Callable[..., Any]] = {
    Action.REPLY: sender_actions.reply,
    Action.WITHDRAW: sender_actions.withdraw,
    Action.NOT_SATISFIED: sender_actions.not_satisfied,
    Action.THANK: sender_actions.thank,
}
SYSTEM_COMMANDS: dict[Action, Callable[..., Any]] = {
    Action.RECEIVE_EMAIL: email_replies.receive_email,
    Action.RECORD_UNVERIFIED: replies.record_unverified,
}
COMMANDS = STAFF_COMMANDS | SENDER_COMMANDS | SYSTEM_COMMANDS


def parameters(action: Action) -> Mapping[str, inspect.Parameter]:
    """What the command of an action takes after the actor and the case."""
    return dict([*inspect.signature(COMMANDS[action]).parameters.items()][2:])


def required(action: Action) -> list[str]:
    """The names of those without a default."""
    return [name for name, each in parameters(action).items() if each.default is inspect.Parameter.empty]


def do(action: Action, actor: Actor, receipt: Receipt, body: str = "Text", **more: Any) -> None:
    """The command of an action, with what it needs."""
    if action is Action.UNPROTECT:
        factories.act(protection.protect, actor, receipt)
    if action is Action.FORWARD:
        factories.act(routing.flag_matter, actor, receipt, LegalMatter.APPEAL)
    names = required(action)
    given = {name: USUAL[name]() for name in names if name in USUAL}
    if "body" in names:
        given["body"] = body
    if "message" in names:
        given["message"] = first_message(receipt)
    if action is Action.RECLASSIFY:
        given["classification"] = corrected(factories.case(receipt))
    if {"into", "other"} & {*names}:
        do_with_another(action, actor, receipt, given | more)
    else:
        factories.act(COMMANDS[action], actor, receipt, **given | more)


def first_message(receipt: Receipt) -> int:
    """The id of what the sender wrote first."""
    return queries.messages(System(), factories.case(receipt))[0].id


def later() -> dt.date:
    """An open day well after what is promised."""
    return next_open(clock.today() + dt.timedelta(days=40))


def corrected(case: Case) -> subjects.Classification:
    """Another kind and level for a case, by the form that corrects it."""
    return replace(subjects.classification_of(case), kind=Kind.QUESTION, level=2)


def do_with_another(action: Action, actor: Actor, receipt: Receipt, given: Mapping[str, Any]) -> None:
    """The command of an action that is about two cases."""
    other = factories.send_in()
    if action is Action.UNRELATE:
        pair(relations.relate, actor, receipt, other)
    pair(COMMANDS[action], actor, receipt, other, **given)


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
    receipt = factories.send_in()
    bring(receipt, factories.member("eva"), status)
    return receipt


def bring(receipt: Receipt, officer: Staff, status: Status) -> None:
    """A case that has just come in goes to this status."""
    way = {
        Status.RECEIVED: [],
        Status.IN_PROGRESS: [Action.TAKE],
        Status.AWAITING_CITIZEN: [Action.REQUEST_SUPPLEMENT],
        Status.ANSWERED: [Action.ANSWER],
        Status.CLOSED: [Action.ANSWER_AND_CLOSE],
    }
    for action in way[status]:
        do(action, officer, receipt, "Det första svaret")


# What a command gets for each of its parameters, unless a test says something else.
USUAL: dict[str, Callable[[], Any]] = {
    "officer": colleague,
    "via": lambda: Via.PHONE,
    "known": lambda: KnownBy.STAFF,
    "until": later,
    "next_step": later,
    "reason": lambda: "Vi väntar på en besiktning.",
    "record": lambda: True,
    "matter": lambda: LegalMatter.APPEAL,
    "recipient": lambda: "Förvaltningsrätten",
    "day": lambda: clock.today(),
    "subject": lambda: "Den andra frågan",
    "to": lambda: organisation.unit("gata"),
    "system": lambda: "Lifecare",
    "number": lambda: "4711",
    "way": lambda: "Skriv till nämnden.",
    "provision": lambda: "halsa",
    "public_subject": lambda: "Klagomål på en lekplats",
    "internal_subject": lambda: "Lekplatsen i Svenshög",
}


def told(receipt: Receipt) -> list[str]:
    """The events of a case, oldest first."""
    return [entry.event for entry in factories.entries(receipt)]


def state(receipt: Receipt) -> tuple[Any, ...]:
    """All that a second click might change."""
    case = factories.case(receipt)
    said = [(each.direction, each.body) for each in queries.messages(factories.sender(receipt), case)]
    moments = case.answered_at, case.contacted_at, case.closed_at, case.updated_at
    return case.version, case.status, case.officer_id, case.close_reason, moments, said, told(receipt)
