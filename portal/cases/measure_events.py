"""What can happen to the measures of a case. Ids only: the texts stand in the measures themselves."""

from dataclasses import dataclass

from portal.cases.events import CaseEvent


@dataclass(frozen=True, kw_only=True)
class MeasureEvent(CaseEvent):
    """Something happened to a measure of a case."""

    measure: int


class MeasureNoted(MeasureEvent):
    """What was done because of the case was written down."""


class ImprovementProposed(MeasureEvent):
    """Somebody proposed an improvement."""


class ProposalDecided(MeasureEvent):
    """It was decided to carry a proposal out."""


class ProposalCarriedOut(MeasureEvent):
    """A proposal was carried out."""


class ProposalRejected(MeasureEvent):
    """It was decided not to carry a proposal out."""
