"""The command that registers a case for its sender, and the promise that is broken already."""

from datetime import date, datetime
from typing import NamedTuple

from sqlalchemy import select

from portal import clock
from portal.cases.actions import handling
from portal.cases.deadlines import explain
from portal.cases.enums import Purpose
from portal.cases.events.registration import CaseRegistered, ClosedAtFirstContact
from portal.cases.intake.submission import (
    NewCase,
    Receipt,
    Registration,
    WithFirst,
    add_case,
    is_same_submission,
    receipt,
    submitted,
)
from portal.cases.lifecycle import Action, CloseReason
from portal.cases.models import Case, Message
from portal.cases.queries import case_by_id
from portal.cases.registration.rules import WrongArrival, arrival_problem
from portal.cases.transitions import set_closed, transition
from portal.db import session
from portal.events import publish
from portal.identity.actors import Role, Staff
from portal.organisation import queries as organisation


class TopicClosed(Exception):
    """The topic, or a unit of it, was closed while the form was open."""


class NotReached(Exception):
    """The case would be out of reach of who registers it, so they cannot have answered it."""


class BrokenPromise(NamedTuple):
    """A promise that is broken already: of an answer, or of a first contact; and its day."""

    of_answer: bool
    due: date


def register(
    actor: Staff,
    new: NewCase,
    arrived: datetime | None = None,
    level: int | None = None,
    answer: str = "",
    with_first: WithFirst | None = None,
) -> Receipt:
    """Register a case for its sender, or return the one that this form has already made.

    `arrived` is None if it came in now. With an `answer` it was solved at once: answered in the conversation,
    and closed. `with_first` is as of submit(). Raises WrongArrival, TopicClosed and NotReached.
    """
    existing = submitted(new.submission)
    if existing:
        return receipt(existing, new, same=_is_same(existing, actor, new, arrived, level, answer))
    _require_open(new.category)
    if arrived and (problem := arrival_problem(arrived, clock.now(), organisation.first_day())):
        raise WrongArrival(problem)
    # The first line solves it: the unit of the topic answers for it, and need not handle it.
    kept = bool(answer) and _is_first_line(actor)
    case = add_case(new, None, Registration(actor, arrived, level, kept), with_first)
    publish(CaseRegistered(case=case.id, at=case.updated_at, actor=actor, solved=bool(answer)))
    if answer:
        _solve(actor, case.id, answer)
    return receipt(case, new, same=True)


def _is_first_line(actor: Staff) -> bool:
    """Whether the actor works in the first line: in its unit, or as a registrar of the whole municipality."""
    of_all = actor.role is Role.REGISTRAR and actor.unit is None
    return of_all or actor.unit == organisation.first_line().id


def _is_same(
    case: Case, actor: Staff, new: NewCase, arrived: datetime | None, level: int | None, answer: str
) -> bool:
    """Whether all of the form is what the case was made from. What staff have changed since counts too."""
    first = session().scalars(select(Message).where(Message.case_id == case.id).order_by(Message.id)).first()
    if first is None or first.registered_by_id != actor.person or not is_same_submission(case, new):
        return False
    proposed = case.category.rosa_level if case.category else None
    stored = (case.channel, case.language, case.answer_wanted, case.received_at, case.level)
    # What came in when it was registered has both moments alike.
    sent = (new.channel, new.language, new.answer_wanted, arrived or first.registered_at, level or proposed)
    return stored == sent and _has_answer(case, answer)


def _has_answer(case: Case, answer: str) -> bool:
    """Whether this is what it was answered with; empty for nothing."""
    oral = Message.case_id == case.id, Message.purpose == Purpose.ORAL_ANSWER
    answers = session().scalars(select(Message.body).where(*oral)).all()
    return answer in answers if answer else not answers


def _require_open(topic: str | None) -> None:
    if topic is None:
        return
    category = organisation.category(topic)
    if category is None or category.responsible_unit.closed_at or category.handling_unit.closed_at:
        raise TopicClosed


def _solve(actor: Staff, case_id: int, answer: str) -> None:
    case = case_by_id(actor, case_id)
    if case is None:
        raise NotReached
    handling.answer_orally(actor, case, answer)
    with transition(actor, case, Action.CLOSE) as step:
        set_closed(case, CloseReason.ANSWERED)
        step.publishes(ClosedAtFirstContact)


def broken_promise(arrived: date) -> BrokenPromise | None:
    """The promise of a case from this day that is broken already, that of the answer first; None if none."""
    promise = organisation.profile().promise
    for of_answer, days in ((True, promise.answer_working_days), (False, promise.contact_working_days)):
        if days:
            due = explain(arrived, days, organisation.closed_days()).due
            if due < clock.today():
                return BrokenPromise(of_answer, due)
    return None
