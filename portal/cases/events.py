"""What can happen to a case. Ids and codes only: no personal data, no text.

A kind without fields of its own is its class and one sentence. What is listed by kind (listeners, messages,
timeline) may be listed for a base class: see `by_kind()` in portal/events.py.
"""

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
class OfficerEvent(CaseEvent):
    """A case event about a handler, by membership id."""

    officer: int


@dataclass(frozen=True, kw_only=True)
class MessageEvent(CaseEvent):
    """A case event with a message, by id."""

    message: int


class SenderMessageEvent(MessageEvent):
    """A member of staff wrote to the sender."""


class AnswerEvent(SenderMessageEvent):
    """The sender was answered, which keeps the promise. No other event is an answer."""


class WrittenAnswerEvent(AnswerEvent):
    """The answer is the message itself, not an account of a conversation."""


@dataclass(frozen=True, kw_only=True)
class OtherCaseEvent(CaseEvent):
    """A case event about a relation to another case, by id."""

    other: int


@dataclass(frozen=True, kw_only=True)
class IntoCaseEvent(CaseEvent):
    """A case event about the case that this one, or a part of it, became, by id."""

    into: int


@dataclass(frozen=True, kw_only=True)
class MeasureEvent(CaseEvent):
    """A case event about a measure or a proposal, by id; its text is in the measure itself."""

    measure: int


@dataclass(frozen=True, kw_only=True)
class CaseReceived(CaseEvent):
    """A case came in and has its number; for whom, and whether a provider vouches, where that was said."""

    for_whom: ForWhom | None = None
    vouched: bool | None = None


class CaseTaken(OfficerEvent):
    """A handler began to work on a case that nobody had begun on."""


class CaseTakenOver(OfficerEvent):
    """Another handler took over a case that was already handled."""


class CaseAssigned(OfficerEvent):
    """A case was given to a handler; nobody has begun because of it."""


class NoteAdded(MessageEvent):
    """An internal note was written."""


class CaseAnswered(WrittenAnswerEvent):
    """The sender was answered; the case stays open."""


class CaseAnsweredAndClosed(WrittenAnswerEvent):
    """The sender was answered and the case closed, in one step."""


class CaseAnsweredOrally(AnswerEvent):
    """The sender was answered in a conversation, and a record of it was written for both."""


class CaseClosed(CaseEvent):
    """The case was closed, for the reason that stands on it."""


class ReplyReceived(MessageEvent):
    """The sender wrote more while the case was open."""


class CaseReopened(MessageEvent):
    """The sender wrote back after the answer: open again, with a new clock."""


class SupplementAsked(SenderMessageEvent):
    """The sender was asked for something more; the answer clock stands still."""


class SupplementGiven(MessageEvent):
    """The sender wrote what was asked for; the clock goes on."""


class SupplementGivenUp(CaseEvent):
    """What was asked for did not come, and the work goes on without it."""


class SenderContacted(SenderMessageEvent):
    """We wrote to the sender, neither to answer nor to ask; it stops the contact clock."""


class CallDocumented(MessageEvent):
    """A call or a meeting with the sender was written down; it stops the contact clock."""


class DeadlineExtended(CaseEvent):
    """The answer was promised for a later day, for a reason, before the first day had passed."""


class DeadlineRecounted(CaseEvent):
    """A date moved, since the days on which the municipality is closed changed."""


@dataclass(frozen=True, kw_only=True)
class CaseHandedOver(CaseEvent):
    """The case went to another unit."""

    unit: int
    before: int


class ContactNamed(OfficerEvent):
    """The sender got a named contact person."""


@dataclass(frozen=True, kw_only=True)
class RecordRequestFlagged(CaseEvent):
    """The case asks for a public record, to be answered promptly (TF 2:15), or turned out not to."""

    record: bool


class SenderProtected(CaseEvent):
    """The sender's details are protected (skyddade personuppgifter), in all their cases."""


class SenderUnprotected(MessageEvent):
    """The sender's details need no protection any more; why stands in a note."""


class CaseMoved(CaseEvent):
    """The case was closed, since it lives on in another system."""


class CaseRedirected(CaseEvent):
    """The case was closed, since it is outside the process; the sender was shown the right way."""


@dataclass(frozen=True, kw_only=True)
class CaseMerged(IntoCaseEvent, SenderMessageEvent):
    """The case was closed, since it is the same as another."""


class CaseUnmerged(IntoCaseEvent):
    """The case turned out not to be the same as another, and is open again."""


class CaseSplit(IntoCaseEvent):
    """A part of the case became a case of its own."""


class CasesRelated(OtherCaseEvent):
    """The case was found to belong with another."""


class RelationEnded(OtherCaseEvent):
    """The case does not belong with the other after all."""


class CaseReopenedByStaff(CaseEvent):
    """A handler opened the case again, with a new clock."""


class MeasureNoted(MeasureEvent):
    """What was done because of the case was written down."""


class ImprovementProposed(MeasureEvent):
    """An improvement was proposed."""


class ProposalDecided(MeasureEvent):
    """A proposal is to be carried out."""


class ProposalCarriedOut(MeasureEvent):
    """A proposal was carried out."""


class ProposalRejected(MeasureEvent):
    """A proposal is not to be carried out."""


class CaseWithdrawn(CaseEvent):
    """The sender took the case back."""


class SenderNotSatisfied(MessageEvent):
    """The sender was not satisfied with the answer: open again, for somebody else."""


class CaseAdopted(CaseEvent):
    """A signed-in person showed the code and took the case to Mina sidor; the code opens nothing any more."""


class CodeReplaced(CaseEvent):
    """The sender lost the code and got a new one; the old one opens nothing any more."""


@dataclass(frozen=True, kw_only=True)
class CodeLinkAsked(CaseEvent):
    """A link that replaces the code was asked for. The token is for the letter, never the trail."""

    token: str
