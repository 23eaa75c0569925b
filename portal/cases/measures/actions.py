"""Commands on measures: record one, propose an improvement, settle a proposal.

Nothing of this is shown to the sender. What many cases led to is an improvement (portal/cases/improvements).
"""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import select

from portal import clock
from portal.cases.authority.handovers import held_here
from portal.cases.enums import MeasureKind, MeasureState
from portal.cases.lifecycle import Action, NotAllowed
from portal.cases.models import Case, Measure
from portal.cases.permissions import allowed_actions
from portal.cases.transitions import transition
from portal.db import session
from portal.identity.actors import Staff
from portal.identity.snapshots import snapshot_id

# The states that a proposal may go to. A rejected one may be decided after all; what is done stays done.
NEXT: Mapping[MeasureState, tuple[MeasureState, ...]] = {
    MeasureState.PROPOSED: (MeasureState.DECIDED, MeasureState.DONE, MeasureState.REJECTED),
    MeasureState.DECIDED: (MeasureState.DONE, MeasureState.REJECTED),
    MeasureState.REJECTED: (MeasureState.DECIDED,),
    MeasureState.DONE: (),
}
SETTLING: Mapping[MeasureState, Action] = {
    MeasureState.DECIDED: Action.DECIDE,
    MeasureState.DONE: Action.CARRY_OUT,
    MeasureState.REJECTED: Action.REJECT,
}


class WrongMeasure(Exception):
    """There is no such proposal in this case."""


def note_measure(actor: Staff, case: Case, body: str) -> None:
    """Record a measure taken because of the case."""
    _write(actor, case, Action.MEASURE, kind=MeasureKind.TAKEN, state=MeasureState.DONE, body=body)


def propose(actor: Staff, case: Case, body: str) -> None:
    """Propose an improvement."""
    _write(actor, case, Action.PROPOSE, kind=MeasureKind.PROPOSAL, state=MeasureState.PROPOSED, body=body)


def _write(actor: Staff, case: Case, action: Action, **values: Any) -> None:
    """Add a measure; a repeat of the latest one is a double submit and changes nothing."""
    query = select(Measure).where(Measure.case_id == case.id, held_here(case, Measure))
    query = query.order_by(Measure.id.desc()).limit(1)
    last = session().scalar(query)
    written = (values["kind"], values["body"], actor.membership)
    if last and (last.kind, last.body, last.author_id) == written:
        return
    with transition(actor, case, action) as step:
        measure = Measure(case_id=case.id, author_id=actor.membership, created_at=clock.now(), **values)
        measure.author_snapshot_id = snapshot_id(actor)
        session().add(measure)
        session().flush()
        step.details(measure=measure.id)


def decide(actor: Staff, case: Case, measure: int | None, version: int | None = None) -> None:
    """Decide that a proposal is to be carried out."""
    settle(actor, case, measure, MeasureState.DECIDED, version)


def carry_out(actor: Staff, case: Case, measure: int | None, version: int | None = None) -> None:
    """Mark a proposal as carried out."""
    settle(actor, case, measure, MeasureState.DONE, version)


def reject(actor: Staff, case: Case, measure: int | None, version: int | None = None) -> None:
    """Reject a proposal."""
    settle(actor, case, measure, MeasureState.REJECTED, version)


def settle(
    actor: Staff, case: Case, measure: int | None, to: MeasureState, version: int | None = None
) -> None:
    """Settle a proposal of this case. Raises WrongMeasure, and NotAllowed where its state forbids it."""
    query = select(Measure).filter_by(id=measure, case_id=case.id, kind=MeasureKind.PROPOSAL)
    proposal = session().scalar(query.where(held_here(case, Measure)))
    if proposal is None:
        raise WrongMeasure
    if proposal.state is to:
        return
    with transition(actor, case, SETTLING[to], version) as step:
        if to not in NEXT[proposal.state]:
            raise NotAllowed(SETTLING[to], case.status, allowed_actions(actor, case))
        proposal.state = to
        proposal.settled_at = clock.now()
        proposal.settled_by_id = actor.membership
        proposal.settled_by_snapshot_id = snapshot_id(actor)
        step.details(measure=proposal.id)
