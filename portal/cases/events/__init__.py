"""Events of a case. Ids and codes only: no personal data, no text.

An event without fields of its own is a class and its docstring. Tables keyed by event class (listeners,
messages, timeline) may name a base class: see `by_kind()` in portal/events.py. The events of registration
are in the module of that name.
"""

from dataclasses import dataclass
from datetime import datetime

from portal.cases.enums import ForWhom
from portal.events import Event
from portal.identity.actors import Actor


class Code(str):
    """A code, such as the provision of a mark: the only text of an event that the trail stores."""

    __slots__ = ()


@dataclass(frozen=True, kw_only=True)
class CaseEvent(Event):
    """Base of all events of a case: which case, when, and by whom."""

    case: int
    at: datetime
    actor: Actor


@dataclass(frozen=True, kw_only=True)
class OfficerEvent(CaseEvent):
    """A case event about a handler, by membership id."""

    officer: int


@dataclass(frozen=True, kw_only=True)
class ContactEvent(OfficerEvent):
    """A handler got the case or became its contact person; `new_to_sender`: they learn of it."""

    new_to_sender: bool = False


@dataclass(frozen=True, kw_only=True)
class MessageEvent(CaseEvent):
    """A case event with a message, by id."""

    message: int


class SenderMessageEvent(MessageEvent):
    """A member of staff wrote to the sender."""


class AnswerEvent(SenderMessageEvent):
    """The sender was answered, which fulfils the promise. No other event is an answer."""


class WrittenAnswerEvent(AnswerEvent):
    """The answer is the message itself, not a record of a conversation."""


@dataclass(frozen=True, kw_only=True)
class OtherCaseEvent(CaseEvent):
    """A case event about a relation to another case, by id."""

    other: int


@dataclass(frozen=True, kw_only=True)
class IntoCaseEvent(CaseEvent):
    """A case event about the case that this one was merged into, or that was split from it, by id."""

    into: int


@dataclass(frozen=True, kw_only=True)
class MeasureEvent(CaseEvent):
    """A case event about a measure or a proposal, by id; its text is in the measure itself."""

    measure: int


class NewCaseEvent(CaseEvent):
    """A case got its number: the first event of every case."""


@dataclass(frozen=True, kw_only=True)
class CaseReceived(NewCaseEvent):
    """A case was submitted by its sender; whom they represent, and if a provider vouches for it."""

    for_whom: ForWhom | None = None
    vouched: bool | None = None


class CaseTaken(OfficerEvent):
    """A handler started to work on a new case."""


class CaseTakenOver(ContactEvent):
    """Another handler took over a case that was already handled."""


class CaseAssigned(ContactEvent):
    """A case was assigned to a handler; its status did not change."""


class NoteAdded(MessageEvent):
    """An internal note was written."""


class CaseAnswered(WrittenAnswerEvent):
    """The sender was answered; the case stays open."""


class CaseAnsweredAndClosed(WrittenAnswerEvent):
    """The sender was answered and the case closed, in one step."""


class CaseAnsweredOrally(AnswerEvent):
    """The sender was answered in a conversation, and a record of it was written for both."""


class CaseClosed(CaseEvent):
    """The case was closed; the reason is in the case."""


class ReplyReceived(MessageEvent):
    """The sender wrote more while the case was open."""


class CaseReopened(MessageEvent):
    """The sender wrote after the answer: the case is reopened, with a new clock."""


class SupplementRequested(SenderMessageEvent):
    """The sender was asked for a supplement; the answer clock is paused."""


class SupplementReceived(MessageEvent):
    """The sender replied to a request for a supplement; the answer clock resumes."""


class SupplementWaived(CaseEvent):
    """A handler resumed the work without the supplement that was requested."""


class SenderContacted(SenderMessageEvent):
    """A message to the sender that is neither an answer nor a question; it stops the contact clock."""


class CallDocumented(MessageEvent):
    """A call or a meeting with the sender was recorded; it stops the contact clock."""


@dataclass(frozen=True, kw_only=True)
class NewUnitEvent(CaseEvent):
    """A case event about its new unit and the one before, by id, and a note for those who receive it."""

    unit: int
    before: int
    message: int | None = None


class CaseHandedOver(NewUnitEvent):
    """The case was handed over to another unit within its authority, or by agreement."""


class ContactNamed(ContactEvent):
    """The sender got a named contact person."""


@dataclass(frozen=True, kw_only=True)
class RecordRequestFlagged(CaseEvent):
    """The case was marked as a request for a public record, due promptly (TF 2:15), or unmarked."""

    record: bool


class SenderProtected(CaseEvent):
    """The sender's details are protected (skyddade personuppgifter), in all their cases."""


class SenderUnprotected(MessageEvent):
    """The sender's details are not protected any more; `message` is the note with the reason."""


class CaseTransferred(CaseEvent):
    """The case was closed because it is handled in another system."""


class CaseRedirected(CaseEvent):
    """The case was closed because it is outside the process; the sender was directed elsewhere."""


@dataclass(frozen=True, kw_only=True)
class CaseMerged(IntoCaseEvent, SenderMessageEvent):
    """The case was closed as a duplicate of another."""


class CaseUnmerged(IntoCaseEvent):
    """A merge was undone, and the case is open again."""


class CaseSplit(IntoCaseEvent):
    """A part of the case was split into a case of its own."""


class CasesRelated(OtherCaseEvent):
    """The case was related to another."""


class RelationEnded(OtherCaseEvent):
    """The relation to another case was removed."""


class CaseReopenedByStaff(CaseEvent):
    """A handler reopened the case, with a new clock."""


@dataclass(frozen=True, kw_only=True)
class TaskFinished(CaseEvent):
    """A member of staff took care of a task that the portal could not solve, by id."""

    task: int


class MeasureNoted(MeasureEvent):
    """A measure taken because of the case was recorded."""


class ImprovementProposed(MeasureEvent):
    """An improvement was proposed."""


class ProposalDecided(MeasureEvent):
    """A proposal is to be carried out."""


class ProposalCarriedOut(MeasureEvent):
    """A proposal was carried out."""


class ProposalRejected(MeasureEvent):
    """A proposal is not to be carried out."""


class CaseWithdrawn(CaseEvent):
    """The sender withdrew the case."""


@dataclass(frozen=True, kw_only=True)
class SenderNotSatisfied(MessageEvent):
    """The sender was not satisfied with the answer: the case is reopened, for `officer` if there is one."""

    officer: int | None = None


@dataclass(frozen=True, kw_only=True)
class ReaderChanged(CaseEvent):
    """The case is read by other means. `token` is for the letter about it, never for the trail."""

    token: str = ""


class CaseAdopted(ReaderChanged):
    """A signed-in person added the case to Mina sidor by its code, which is invalid from now on."""


class CodeReplaced(ReaderChanged):
    """A lost code was replaced by a new one; the old one is invalid from now on."""


class AddressChanged(ReaderChanged):
    """The sender has another address for messages about the case."""


class ReaderContested(CaseEvent):
    """An earlier reader denied the change of reader: the case is closed to every sender."""


class ReaderRestored(MessageEvent):
    """Staff gave the reading back to the sender they verified; `message` is the note with the reason."""


class AdoptedCodeRequested(CaseEvent):
    """A new code was requested for a case that is on Mina sidor, where no code opens it."""


@dataclass(frozen=True, kw_only=True)
class CodeLinkRequested(CaseEvent):
    """A one-time link to replace the code was requested. `token` is for the email, never for the trail."""

    token: str
