"""Writing down what was done because of a case, proposing what could be better, and settling a proposal.

Nothing of this is shown to the sender. Should they be told one day (ni sa – vi gjorde), a text is written for
them, and portal/web/case_view.py shows it: the one place that draws a sender's case.
"""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import select

from portal import clock
from portal.cases.enums import MeasureKind, MeasureState
from portal.cases.lifecycle import Action, NotAllowed
from portal.cases.measures.models import Measure
from portal.cases.models import Case
from portal.cases.permissions import allowed_actions
from portal.cases.transitions import move, require_allowed
from portal.db import session
from portal.identity.actors import Staff

# Where a proposal may go from where it stands. A rejected one may be taken up again; what is done is done.
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
    """Write down what was done because of the case."""
    _write(actor, case, Action.MEASURE, kind=MeasureKind.TAKEN, state=MeasureState.DONE, body=body)


def propose(actor: Staff, case: Case, body: str) -> None:
    """Propose what could be better."""
    _write(actor, case, Action.PROPOSE, kind=MeasureKind.PROPOSAL, state=MeasureState.PROPOSED, body=body)


def _write(actor: Staff, case: Case, action: Action, **said: Any) -> None:
    """Add a measure; the same one again is a second click."""
    query = select(Measure).where(Measure.case_id == case.id).order_by(Measure.id.desc()).limit(1)
    last = session().scalar(query)
    if last and (last.kind, last.body, last.author_id) == (said["kind"], said["body"], actor.membership):
        return
    require_allowed(actor, case, action)
    made = Measure(case_id=case.id, author_id=actor.membership, created_at=clock.now(), **said)
    session().add(made)
    session().flush()
    move(actor, case, action, measure=made.id)


def settle(
    actor: Staff, case: Case, measure: int | None, to: MeasureState, version: int | None = None
) -> None:
    """Decide on a proposal of this case. Raises WrongMeasure, and NotAllowed where it cannot go there."""
    found = session().scalar(
        select(Measure).filter_by(id=measure, case_id=case.id, kind=MeasureKind.PROPOSAL)
    )
    if found is None:
        raise WrongMeasure
    if found.state is to:
        return
    require_allowed(actor, case, SETTLING[to], version)
    if to not in NEXT[found.state]:
        raise NotAllowed(SETTLING[to], case.status, allowed_actions(actor, case))
    found.state, found.settled_at, found.settled_by_id = to, clock.now(), actor.membership
    move(actor, case, SETTLING[to], measure=found.id)
