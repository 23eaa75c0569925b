"""The command that records a follow-up."""

from datetime import date

from portal import clock, crypto
from portal.db import advisory_lock, session
from portal.identity.actors import Staff
from portal.identity.snapshots import snapshot_of
from portal.organisation.queries import first_day
from portal.routines import queries
from portal.routines.models import FollowUp
from portal.routines.rules import FollowUpProblem, day_problem, may_follow_up, next_due


class UnknownRoutine(Exception):
    """The profile has no such routine, or the actor does not follow it up."""


class WrongFollowUp(Exception):
    """The follow-up cannot have this day."""

    def __init__(self, problem: FollowUpProblem) -> None:
        super().__init__(problem)
        self.problem = problem


def follow_up(actor: Staff, key: str, day: date, note: str) -> None:
    """Record that a routine was followed up, with what was found. Inside transaction().

    The same again is a second click and changes nothing. Raises UnknownRoutine, WrongFollowUp.
    """
    # Two at once would both see the same last day.
    advisory_lock(crypto.fingerprint("routine follow-up", key))
    state = queries.state(key)
    if state is None or actor.membership is None or not may_follow_up(actor, state.unit):
        raise UnknownRoutine
    last = state.last
    if last and (last.day, last.note) == (day, note):
        return
    if problem := day_problem(day, first_day(), clock.today(), last.day if last else None):
        raise WrongFollowUp(problem)
    row = FollowUp(
        routine=key,
        unit_id=state.unit.id,
        followed_up_on=day,
        next_on=next_due(day, state.routine.follow_up_months),
        note=note,
        author_snapshot_id=snapshot_of(actor.membership).id,
        created_at=clock.now(),
    )
    session().add(row)
