"""Builders: what a test needs to have happened before it begins. Each is a transaction of its own."""

import secrets
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import date, datetime, time
from threading import Barrier
from typing import Any, TypeVar

from flask import Flask
from sqlalchemy import select

from portal import clock, db
from portal.audit import trail
from portal.audit.models import TrailEntry
from portal.cases import queries
from portal.cases.actions import handling
from portal.cases.enums import Kind, ReplyBy, TaskKind
from portal.cases.intake.submission import NewCase, Receipt, submit
from portal.cases.models import Case
from portal.identity import commands as identity
from portal.identity import queries as people
from portal.identity.actors import Actor, Citizen, CodeHolder, Role, Staff, System
from portal.notifications.models import OutboxMessage
from portal.operations import jobs
from portal.organisation import queries as organisation

Result = TypeVar("Result")

# Official test personnummer (Skatteverket, CC0), one for each of Testlegitimering's staff.
CITIZENS = {"maria": "198406092380", "yusuf": "199101252386"}
NUMBERS = {"anna": "198704202392", "samir": "197907262385", "eva": "198501252392"}


def new_case(**given: Any) -> NewCase:
    """Something to send in."""
    usual: dict[str, Any] = {
        "submission": secrets.token_urlsafe(16),
        "kind": Kind.COMPLAINT,
        "category": "parker",
        "subject": "Lekplatsen är stängd",
        "body": "Ingen skylt säger varför.",
        "reply_by": ReplyBy.CODE,
    }
    if "email" in given:
        usual["reply_by"] = ReplyBy.EMAIL
    return NewCase(**usual | given)


def send_in(**given: Any) -> Receipt:
    """Somebody has sent something in."""
    with db.transaction():
        return submit(new_case(**given))


def send_as(actor: Citizen, **given: Any) -> Receipt:
    """A person who has signed in has sent something in, to be read on Mina sidor."""
    with db.transaction():
        return submit(new_case(**given | {"reply_by": ReplyBy.PORTAL}), actor)


def past(day: date, answered: date | None = None, **given: Any) -> Receipt:
    """Something sent in at nine one day, and answered at nine another (or not)."""
    registrar = member("eva", Role.REGISTRAR, None)
    with clock.at(datetime.combine(day, time(9), clock.STOCKHOLM)):
        receipt = send_in(**given)
    if answered:
        with clock.at(datetime.combine(answered, time(9), clock.STOCKHOLM)):
            act(handling.answer, registrar, receipt, "I dag.", close=True)
    return receipt


def member(name: str = "anna", role: Role = Role.OFFICER, unit: str | None = "park") -> Staff:
    """Somebody has a role, for a unit or (None) for all."""
    with db.transaction():
        found = organisation.unit(unit) if unit else None
        scope = identity.MembershipScope(unit=found.id if found else None)
        return people.as_staff(identity.add_member(name.capitalize(), NUMBERS[name], role, scope))


def records_officer(unit: str | None = None, name: str = "eva") -> Staff:
    """A records officer of the board of a unit, or, with None, of the common registry."""
    with db.transaction():
        found = organisation.unit(unit) if unit else None
        scope = identity.MembershipScope(board=found.board_id if found else None)
        member = identity.add_member(name.capitalize(), NUMBERS[name], Role.RECORDS_OFFICER, scope)
        return people.as_staff(member)


def more_memberships(actor: Staff, count: int) -> None:
    """A member of staff works as an officer for so many more units, each with a membership of its own."""
    with db.transaction():
        person = people.person(actor.person)
        units = [unit for unit in organisation.units() if unit.id != actor.unit]
        assert len(units) >= count, "the profile has too few units"
        for unit in units[:count]:
            scope = identity.MembershipScope(unit=unit.id)
            identity.add_member(person.name, person.identity_number or "", Role.OFFICER, scope)


def citizen(name: str = "maria") -> Citizen:
    """Somebody who has signed in as a citizen before."""
    with db.transaction():
        return Citizen(identity.find_or_add(name.capitalize(), CITIZENS[name]).id)


def case(receipt: Receipt) -> Case:
    """The case of a receipt as it is in the database now, whoever may see it."""
    db.close_read_session()
    found = queries.case_by_id(System(), receipt.case)
    assert found
    return found


def open_tasks(receipt: Receipt) -> list[TaskKind]:
    """The kinds of a case's open tasks, except that it has no handler: few tests begin with a whole staff."""
    kinds = [task.kind for task in case(receipt).open_tasks]
    return [kind for kind in kinds if kind is not TaskKind.NO_HANDLER]


def number(receipt: Receipt) -> str:
    """KB-2026-000001."""
    return f"KB-{receipt.year}-{receipt.number:06d}"


def act(command: Callable[..., Any], actor: Actor, receipt: Receipt, *given: Any, **more: Any) -> None:
    """Somebody has done something with a case that they reach."""
    with db.transaction():
        found = queries.case_by_id(actor, receipt.case)
        assert found, "the actor does not reach the case"
        command(actor, found, *given, **more)


def sender(receipt: Receipt) -> CodeHolder:
    """Whoever holds the code of a receipt."""
    return CodeHolder(receipt.case)


def entries(receipt: Receipt) -> Sequence[TrailEntry]:
    """The trail of a case as it is now."""
    return trail.timeline(System(), case(receipt))


def letters() -> Sequence[OutboxMessage]:
    """The outbox as it is now, oldest first."""
    db.close_read_session()
    return db.session().scalars(select(OutboxMessage).order_by(OutboxMessage.id)).all()


def run_jobs() -> int:
    """Run the worker's jobs that are due now."""
    return jobs.run_due()


def at_once(app: Flask, count: int, work: Callable[[int], Result]) -> list[Result]:
    """What several threads got that all began together, each with a context of its own."""
    start = Barrier(count)

    def one(place: int) -> Result:
        with app.app_context():
            start.wait(30)
            return work(place)

    with ThreadPoolExecutor(count) as pool:
        return list(pool.map(one, range(count)))
