"""What can happen to a case. Ids and codes only: no personal data, no text."""

from dataclasses import dataclass
from datetime import datetime

from portal.cases.enums import ForWhom
from portal.events import Event
from portal.identity.actors import Actor


@dataclass(frozen=True, kw_only=True)
class CaseEvent(Event):
    """Something happened to a case: when, and by whom."""

    case: int
    at: datetime
    actor: Actor


@dataclass(frozen=True, kw_only=True)
class CaseReceived(CaseEvent):
    """A case came in and has its number; for whom, and whether a provider vouches, where that was said."""

    for_whom: ForWhom | None = None
    vouched: bool | None = None


@dataclass(frozen=True, kw_only=True)
class CaseTaken(CaseEvent):
    """A handler began to work on a case that nobody had begun on."""

    officer: int


@dataclass(frozen=True, kw_only=True)
class CaseTakenOver(CaseEvent):
    """Another handler took over a case that was already handled."""

    officer: int


@dataclass(frozen=True, kw_only=True)
class CaseAssigned(CaseEvent):
    """A case was given to a handler; nobody has begun because of it."""

    officer: int


@dataclass(frozen=True, kw_only=True)
class NoteAdded(CaseEvent):
    """An internal note was written."""

    message: int


@dataclass(frozen=True, kw_only=True)
class CaseAnswered(CaseEvent):
    """The sender was answered; the case stays open."""

    message: int


@dataclass(frozen=True, kw_only=True)
class CaseAnsweredAndClosed(CaseEvent):
    """The sender was answered and the case closed, in one step."""

    message: int


@dataclass(frozen=True, kw_only=True)
class CaseAnsweredOrally(CaseEvent):
    """The sender was answered by word of mouth, and what was said was written down for both."""

    message: int


@dataclass(frozen=True, kw_only=True)
class CaseClosed(CaseEvent):
    """The case was closed, for the reason that stands on it."""


@dataclass(frozen=True, kw_only=True)
class ReplyReceived(CaseEvent):
    """The sender wrote more while the case was open."""

    message: int


@dataclass(frozen=True, kw_only=True)
class CaseReopened(CaseEvent):
    """The sender wrote back after the answer: open again, with a new clock."""

    message: int


@dataclass(frozen=True, kw_only=True)
class SupplementAsked(CaseEvent):
    """The sender was asked for something more; the answer clock stands still."""

    message: int


@dataclass(frozen=True, kw_only=True)
class SupplementGiven(CaseEvent):
    """The sender wrote what was asked for; the clock goes on."""

    message: int


@dataclass(frozen=True, kw_only=True)
class SupplementGivenUp(CaseEvent):
    """What was asked for did not come, and the work goes on without it."""


@dataclass(frozen=True, kw_only=True)
class SenderContacted(CaseEvent):
    """We wrote to the sender, neither to answer nor to ask; it stops the contact clock."""

    message: int


@dataclass(frozen=True, kw_only=True)
class CallDocumented(CaseEvent):
    """Somebody talked with the sender and wrote down what was said; it stops the contact clock."""

    message: int


@dataclass(frozen=True, kw_only=True)
class DeadlineExtended(CaseEvent):
    """The answer was promised for a later day, for a reason, before the first day had passed."""


@dataclass(frozen=True, kw_only=True)
class DeadlineRecounted(CaseEvent):
    """A date moved, since the days on which the municipality is closed changed."""


@dataclass(frozen=True, kw_only=True)
class CaseHandedOver(CaseEvent):
    """The case went to another unit."""

    unit: int
    before: int


@dataclass(frozen=True, kw_only=True)
class ContactNamed(CaseEvent):
    """The sender got a named contact person."""

    officer: int


@dataclass(frozen=True, kw_only=True)
class RecordRequestFlagged(CaseEvent):
    """The case asks for a public record, to be answered promptly (TF 2:15), or turned out not to."""

    record: bool


@dataclass(frozen=True, kw_only=True)
class SenderProtected(CaseEvent):
    """The sender's details are protected (skyddade personuppgifter), in all their cases."""


@dataclass(frozen=True, kw_only=True)
class SenderUnprotected(CaseEvent):
    """The sender's details need no protection any more; why stands in a note."""

    message: int


@dataclass(frozen=True, kw_only=True)
class CaseMoved(CaseEvent):
    """The case was closed, since it lives on in another system."""


@dataclass(frozen=True, kw_only=True)
class CaseRedirected(CaseEvent):
    """The case was closed, since it is outside the process; the sender was shown the right way."""


@dataclass(frozen=True, kw_only=True)
class CaseMerged(CaseEvent):
    """The case was closed, since it is the same as another."""

    into: int
    message: int


@dataclass(frozen=True, kw_only=True)
class CaseUnmerged(CaseEvent):
    """The case turned out not to be the same as another, and is open again."""

    into: int


@dataclass(frozen=True, kw_only=True)
class CaseSplit(CaseEvent):
    """A part of the case became a case of its own."""

    into: int


@dataclass(frozen=True, kw_only=True)
class CasesRelated(CaseEvent):
    """The case was found to belong with another."""

    other: int


@dataclass(frozen=True, kw_only=True)
class RelationEnded(CaseEvent):
    """The case does not belong with the other after all."""

    other: int


@dataclass(frozen=True, kw_only=True)
class CaseReopenedByStaff(CaseEvent):
    """A handler opened the case again, with a new clock."""


@dataclass(frozen=True, kw_only=True)
class CaseWithdrawn(CaseEvent):
    """The sender took the case back."""


@dataclass(frozen=True, kw_only=True)
class SenderNotSatisfied(CaseEvent):
    """The sender was not satisfied with the answer: open again, for somebody else."""

    message: int


@dataclass(frozen=True, kw_only=True)
class CaseAdopted(CaseEvent):
    """A signed-in person showed the code and took the case to Mina sidor; the code opens nothing any more."""


@dataclass(frozen=True, kw_only=True)
class CodeReplaced(CaseEvent):
    """The sender lost the code and got a new one; the old one opens nothing any more."""


@dataclass(frozen=True, kw_only=True)
class CodeLinkAsked(CaseEvent):
    """A link that replaces the code was asked for. The token is for the letter, never the trail."""

    token: str


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
