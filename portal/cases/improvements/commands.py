"""Commands on improvements: make one, change it, link a case to it, and remove a link."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import select, update

from portal import clock, crypto
from portal.cases.improvements import queries
from portal.cases.improvements.models import Improvement, ImprovementCase, ImprovementEntry
from portal.cases.improvements.rules import (
    OPEN,
    EntryKind,
    ImprovementProblem,
    ImprovementState,
    UnitPlace,
    day_problem,
    may_edit,
    state_problem,
)
from portal.cases.lifecycle import Action
from portal.cases.models import Case, Measure
from portal.cases.transitions import require_allowed, transition
from portal.db import StaleVersion, advisory_lock, session
from portal.identity import queries as people
from portal.identity.actors import Staff
from portal.identity.snapshots import snapshot_of
from portal.organisation.models import Unit

# One of the same title by the same person within this time is a second click, or the next case of many.
JUST_NOW = timedelta(minutes=10)


class UnknownImprovement(Exception):
    """There is no such improvement that the actor may do this with."""


class WrongImprovement(Exception):
    """The improvement cannot be saved, published or linked as it is."""

    def __init__(self, problem: ImprovementProblem) -> None:
        super().__init__(problem)
        self.problem = problem


@dataclass(frozen=True)
class Plan:
    """What is to be done, by whom (None: the unit), until when."""

    title: str
    plan: str
    due_on: date
    responsible: int | None = None


def create(actor: Staff, unit_id: int, plan: Plan) -> Improvement:
    """Make an improvement of a unit. The same again is a second click and makes none.

    Raises UnknownImprovement for a unit whose improvements the actor does not make, and WrongImprovement.
    """
    unit = session().get(Unit, unit_id)
    if unit is None or unit.closed_at or actor.membership is None or not may_edit(actor, _place(unit)):
        raise UnknownImprovement
    if problem := day_problem(plan.due_on, clock.today()):
        raise WrongImprovement(problem)
    _require_responsible(plan.responsible, _place(unit))
    advisory_lock(crypto.fingerprint("new improvement", str(actor.membership)))
    if known := _just_made(actor.membership, unit_id, plan):
        return known
    row = Improvement(
        version=1,
        title=plan.title,
        plan=plan.plan,
        due_on=plan.due_on,
        responsible_id=plan.responsible,
        state=ImprovementState.PLANNED,
        unit_id=unit.id,
        board_id=unit.board_id,
        author_id=actor.membership,
        created_at=clock.now(),
    )
    session().add(row)
    session().flush()
    add_entry(actor, row, EntryKind.CREATED)
    return row


def _place(unit: Unit) -> UnitPlace:
    return UnitPlace(unit.id, unit.board_id, unit.administration_id)


def _just_made(membership: int, unit_id: int, plan: Plan) -> Improvement | None:
    query = select(Improvement).filter_by(author_id=membership, unit_id=unit_id, title=plan.title)
    query = query.where(Improvement.plan == plan.plan, Improvement.due_on == plan.due_on)
    return session().scalar(query.where(Improvement.created_at > clock.now() - JUST_NOW).limit(1))


def _require_responsible(membership_id: int | None, place: UnitPlace) -> None:
    """Raises WrongImprovement for a membership that does not run, or does not reach the unit."""
    if membership_id is None:
        return
    member = next((row for row in people.member_rows() if row.id == membership_id), None)
    if member is None or not may_edit(people.as_staff(member), place):
        raise WrongImprovement(ImprovementProblem.RESPONSIBLE)


def add_entry(
    actor: Staff, row: Improvement, kind: EntryKind, details: Mapping[str, Any] | None = None
) -> None:
    """Add an entry to the log of an improvement."""
    assert actor.membership is not None
    entry = ImprovementEntry(
        improvement_id=row.id,
        at=clock.now(),
        kind=kind,
        details=dict(details or {}),
        author_snapshot_id=snapshot_of(actor.membership).id,
    )
    session().add(entry)


def for_change(actor: Staff, improvement_id: int) -> Improvement:
    """The improvement, locked, if the actor may change it. Raises UnknownImprovement."""
    row = queries.locked(actor, improvement_id)
    if row is None or actor.membership is None or not may_edit(actor, queries.place_of(row)):
        raise UnknownImprovement
    return row


def change(actor: Staff, improvement_id: int, version: int, plan: Plan, state: ImprovementState) -> None:
    """Change what is to be done, by whom, until when, and the state. No difference changes nothing.

    Raises UnknownImprovement, WrongImprovement, and StaleVersion if it has changed since it was read.
    """
    row = for_change(actor, improvement_id)
    after = {
        "title": plan.title,
        "plan": plan.plan,
        "due_on": plan.due_on,
        "responsible_id": plan.responsible,
        "state": state,
    }
    changes = {name: value for name, value in after.items() if getattr(row, name) != value}
    if not changes:
        return
    if version != row.version:
        raise StaleVersion
    _require_possible(row, changes)
    details = {name: [_stored(getattr(row, name)), _stored(value)] for name, value in changes.items()}
    for name, value in changes.items():
        setattr(row, name, value)
    row.version += 1
    add_entry(actor, row, EntryKind.CHANGED, details)


def _require_possible(row: Improvement, changes: Mapping[str, Any]) -> None:
    """Raises WrongImprovement. A day or a person that stays is not asked about again."""
    published = queries.publication(row.id) is not None
    problem = state_problem(row.state, changes.get("state", row.state), published)
    if problem is None and "due_on" in changes:
        problem = day_problem(changes["due_on"], clock.today())
    if problem:
        raise WrongImprovement(problem)
    if "responsible_id" in changes:
        _require_responsible(changes["responsible_id"], queries.place_of(row))


def _stored(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else value


def link(
    actor: Staff, case: Case, improvement: int | None = None, new: tuple[int, Plan] | None = None
) -> None:
    """Link a case to an improvement, or to a new one of a unit. One that is linked is a second click.

    Raises NotAllowed, UnknownImprovement, WrongImprovement.
    """
    require_allowed(actor, case, Action.LINK_IMPROVEMENT)
    row = create(actor, *new) if new else queries.locked(actor, improvement)
    if row is None or actor.membership is None:
        raise UnknownImprovement
    if _link(row, case):
        return
    if row.state not in OPEN:
        raise WrongImprovement(ImprovementProblem.OVER)
    with transition(actor, case, Action.LINK_IMPROVEMENT) as step:
        added = ImprovementCase(improvement_id=row.id, case_id=case.id, linked_at=clock.now())
        added.author_snapshot_id = snapshot_of(actor.membership).id
        session().add(added)
        step.details(improvement=row.id)


def unlink(actor: Staff, case: Case, improvement: int | None) -> None:
    """Remove the link of a case, unless its sender has been informed by it or is about to be.

    Raises UnknownImprovement, WrongImprovement, NotAllowed.
    """
    row = queries.locked(actor, improvement)
    if row is None:
        raise UnknownImprovement
    known = _link(row, case)
    if known is None:
        return
    if known.publication_id is not None:
        raise WrongImprovement(ImprovementProblem.PUBLISHED)
    with transition(actor, case, Action.UNLINK_IMPROVEMENT) as step:
        session().delete(known)
        # A proposal in the case may become another one.
        became = Measure.case_id == case.id, Measure.improvement_id == row.id
        session().execute(update(Measure).where(*became).values(improvement_id=None))
        step.details(improvement=row.id)


def _link(row: Improvement, case: Case) -> ImprovementCase | None:
    return session().scalar(select(ImprovementCase).filter_by(improvement_id=row.id, case_id=case.id))
