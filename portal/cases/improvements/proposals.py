"""Improvements that a proposal leads to: that of staff in a case, or the case of a sender as it is."""

from portal.cases.enums import MeasureKind, MeasureState
from portal.cases.improvements import queries
from portal.cases.improvements.commands import Plan, UnknownImprovement, WrongImprovement, create, link
from portal.cases.improvements.models import Improvement
from portal.cases.improvements.rules import ImprovementProblem
from portal.cases.lifecycle import Action
from portal.cases.measures import actions as measures
from portal.cases.measures import queries as measure_queries
from portal.cases.models import Case, Measure
from portal.cases.parties import is_protected
from portal.cases.transitions import require_allowed
from portal.identity.actors import Staff

# The states in which a proposal may become an improvement.
WAITING = frozenset({MeasureState.PROPOSED, MeasureState.DECIDED})


def proposal(actor: Staff, case: Case, measure: int | None) -> Measure | None:
    """A proposal in a case; None if there is none that the actor may see."""
    for row in measure_queries.of_case(actor, case):
        if row.id == measure and row.kind is MeasureKind.PROPOSAL:
            return row
    return None


def may_be_copied(case: Case) -> bool:
    """Whether a text of staff in a case may be copied to an improvement: more people read that."""
    is_hidden = case.secrecy is not None or case.hide_sender or is_protected(case)
    return not is_hidden and case.reader_contested_at is None


def make(actor: Staff, case: Case, unit_id: int, plan: Plan, measure: int | None = None) -> Improvement:
    """Make an improvement and link a case to it; of a proposal in it, which is then decided.

    The same again is a second click. Raises NotAllowed, UnknownImprovement, WrongImprovement.
    """
    require_allowed(actor, case, Action.LINK_IMPROVEMENT)
    return _linked(actor, case, create(actor, unit_id, plan), measure)


def link_to_existing(
    actor: Staff, case: Case, improvement: int | None, measure: int | None = None
) -> Improvement:
    """Link a case to an existing improvement, and decide the proposal in it that led there.

    The same again is a second click. Raises NotAllowed, UnknownImprovement, WrongImprovement.
    """
    require_allowed(actor, case, Action.LINK_IMPROVEMENT)
    row = queries.locked(actor, improvement)
    if row is None:
        raise UnknownImprovement
    return _linked(actor, case, row, measure)


def _linked(actor: Staff, case: Case, row: Improvement, measure: int | None) -> Improvement:
    if measure is not None:
        settle(actor, case, measure, row)
    link(actor, case, row.id)
    return row


def problem(known: Measure) -> ImprovementProblem | None:
    """Why a proposal cannot become an improvement; None if it can."""
    if known.improvement_id is not None:
        return ImprovementProblem.TWICE
    return None if known.state in WAITING else ImprovementProblem.SETTLED


def settle(actor: Staff, case: Case, measure: int, row: Improvement) -> None:
    """Decide a proposal, and note which improvement it became. Raises WrongImprovement."""
    known = proposal(actor, case, measure)
    if known is None:
        raise WrongImprovement(ImprovementProblem.NO_PROPOSAL)
    if known.improvement_id == row.id:
        return
    if refused := problem(known):
        raise WrongImprovement(refused)
    measures.decide(actor, case, measure)
    known.improvement_id = row.id
