"""The state machine of a case as one table, read by commands, pages, tests and the documentation."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum

from portal.cases import events
from portal.cases.access import Capacity
from portal.cases.events import bars as bar_events
from portal.cases.events import correction, dates, feedback, messages, next_steps, registration
from portal.cases.events import groups as group_events
from portal.cases.events import legal as legal_events
from portal.cases.events import ownership as ownership_events


class Status(StrEnum):
    """The status of a case (läge)."""

    RECEIVED = "received"
    IN_PROGRESS = "in_progress"
    AWAITING_CITIZEN = "awaiting_citizen"
    ANSWERED = "answered"
    CLOSED = "closed"


class CloseReason(StrEnum):
    """Why a case was closed."""

    ANSWERED = "answered"
    TRANSFERRED = "transferred"
    OUTSIDE = "outside"
    WITHDRAWN = "withdrawn"
    DUPLICATE = "duplicate"
    NO_ANSWER = "no_answer"


class Action(StrEnum):
    """What an actor can do with a case."""

    SUBMIT = "submit"
    TAKE = "take"
    ASSIGN = "assign"
    NOTE = "note"
    ANSWER = "answer"
    ANSWER_AND_CLOSE = "answer_and_close"
    ANSWER_ORALLY = "answer_orally"
    CLOSE = "close"
    REQUEST_SUPPLEMENT = "request_supplement"
    RESUME = "resume"
    REMIND = "remind"
    MESSAGE_SENDER = "message_sender"
    RECORD_CALL = "record_call"
    EXTEND = "extend"
    SET_NEXT_STEP = "set_next_step"
    RECOUNT = "recount"
    HAND_OVER = "hand_over"
    NAME_CONTACT = "name_contact"
    FLAG_RECORD = "flag_record"
    FLAG_MATTER = "flag_matter"
    FORWARD = "forward"
    PROTECT = "protect"
    UNPROTECT = "unprotect"
    TRANSFER = "transfer"
    REDIRECT = "redirect"
    MERGE = "merge"
    UNMERGE = "unmerge"
    ANSWER_MEMBER = "answer_member"
    ANSWER_AND_CLOSE_MEMBER = "answer_and_close_member"
    CLOSE_MEMBER = "close_member"
    LEAVE_GROUP = "leave_group"
    JOIN_GROUP = "join_group"
    SPLIT = "split"
    RELATE = "relate"
    UNRELATE = "unrelate"
    REOPEN = "reopen"
    MEASURE = "measure"
    PROPOSE = "propose"
    DECIDE = "decide"
    CARRY_OUT = "carry_out"
    REJECT = "reject"
    LINK_IMPROVEMENT = "link_improvement"
    UNLINK_IMPROVEMENT = "unlink_improvement"
    SHARE_IMPROVEMENT = "share_improvement"
    REPLY = "reply"
    WITHDRAW = "withdraw"
    NOT_SATISFIED = "not_satisfied"
    THANK = "give_thanks"
    NO_ANSWER_NEEDED = "no_answer_needed"
    ADOPT = "adopt"
    CHANGE_ADDRESS = "change_address"
    DECLINE_MESSAGES = "decline_messages"
    CONTEST_READER = "contest_reader"
    RESTORE_READER = "restore_reader"
    MARK_SECRECY = "mark_secrecy"
    REQUEST_LIFT = "request_lift"
    LIFT_SECRECY = "lift_secrecy"
    MARK_MESSAGE = "mark_message"
    LIFT_MESSAGE = "lift_message"
    CORRECT_SUBJECT = "correct_subject"
    RECLASSIFY = "reclassify"
    CORRECT_PLACE = "correct_place"
    HIDE_SENDER = "hide_sender"
    SHOW_SENDER = "show_sender"
    RECUSE = "recuse"
    MARK_CONCERNED = "mark_concerned"
    LIFT_BAR = "lift_bar"
    PLACE = "place"
    RELEASE = "release"
    RECEIVE_EMAIL = "receive_email"
    RECORD_REPLY = "record_reply"
    RECORD_UNVERIFIED = "record_unverified"


@dataclass(frozen=True)
class Arrow:
    """A transition from one status to another: in which capacity, and the event that it publishes."""

    action: Action
    source: Status | None
    target: Status
    by: Capacity
    event: type[events.CaseEvent]


_NEW, _BUSY, _WAITING, _DONE, _CLOSED = Status
_WORKING = (_NEW, _BUSY, _WAITING)
_NOT_CLOSED = (*_WORKING, _DONE)
_ANY = (*_NOT_CLOSED, _CLOSED)
_H = Capacity.HANDLER
_S = Capacity.SENDER
# What the portal does to a case because of what a person did to another one.
_SYSTEM = Capacity.SYSTEM
# Registration: what a records officer does with a case too, who otherwise only reads it.
_REGISTRATION: dict[Action, type[events.CaseEvent]] = {
    Action.MARK_SECRECY: registration.SecrecyMarked,
    Action.REQUEST_LIFT: registration.SecrecyLiftRequested,
    Action.LIFT_SECRECY: registration.SecrecyLifted,
    Action.MARK_MESSAGE: registration.MessageMarked,
    Action.LIFT_MESSAGE: registration.MessageSecrecyLifted,
    Action.HIDE_SENDER: registration.SenderHidden,
    Action.SHOW_SENDER: registration.SenderShown,
    Action.MARK_CONCERNED: bar_events.ColleagueConcerned,
    Action.LIFT_BAR: bar_events.BarLifted,
}


def _arrows(
    action: Action,
    sources: Iterable[Status],
    target: Status | None,
    by: Capacity,
    event: type[events.CaseEvent],
) -> Iterator[Arrow]:
    """One action from several statuses; without a target the status does not change."""
    return (Arrow(action, source, target or source, by, event) for source in sources)


def _registration(by: Capacity) -> Iterator[Arrow]:
    for action, event in _REGISTRATION.items():
        yield from _arrows(action, _ANY, None, by, event)


TABLE: tuple[Arrow, ...] = (
    Arrow(Action.SUBMIT, None, _NEW, _S, events.CaseReceived),
    Arrow(Action.SUBMIT, None, _NEW, Capacity.REGISTRANT, registration.CaseRegistered),
    Arrow(Action.TAKE, _NEW, _BUSY, _H, events.CaseTaken),
    *_arrows(Action.TAKE, (_BUSY, _WAITING), None, _H, events.CaseTakenOver),
    *_arrows(Action.ASSIGN, _NOT_CLOSED, None, _H, events.CaseAssigned),
    *_arrows(Action.NOTE, _ANY, None, _H, events.NoteAdded),
    *_arrows(Action.ANSWER, _NOT_CLOSED, _DONE, _H, events.CaseAnswered),
    *_arrows(Action.ANSWER_AND_CLOSE, _NOT_CLOSED, _CLOSED, _H, events.CaseAnsweredAndClosed),
    *_arrows(Action.ANSWER_ORALLY, _NOT_CLOSED, _DONE, _H, events.CaseAnsweredOrally),
    Arrow(Action.CLOSE, _DONE, _CLOSED, _H, events.CaseClosed),
    *_arrows(Action.REQUEST_SUPPLEMENT, (_NEW, _BUSY), _WAITING, _H, events.SupplementRequested),
    Arrow(Action.RESUME, _WAITING, _BUSY, _H, events.SupplementWaived),
    Arrow(Action.REMIND, _WAITING, _WAITING, _SYSTEM, messages.SupplementReminded),
    *_arrows(Action.MESSAGE_SENDER, _NOT_CLOSED, None, _H, events.SenderContacted),
    *_arrows(Action.RECORD_CALL, _NOT_CLOSED, None, _H, events.CallDocumented),
    *_arrows(Action.EXTEND, (_NEW, _BUSY), None, _H, dates.DeadlineExtended),
    *_arrows(Action.SET_NEXT_STEP, _WORKING, None, _H, next_steps.NextStepSet),
    *_arrows(Action.RECOUNT, _WORKING, None, Capacity.SYSTEM, dates.DeadlineRecounted),
    *_arrows(Action.HAND_OVER, _NOT_CLOSED, None, _H, events.CaseHandedOver),
    *_arrows(Action.NAME_CONTACT, _NOT_CLOSED, None, _H, events.ContactNamed),
    *_arrows(Action.FLAG_RECORD, _WORKING, None, _H, events.RecordRequestFlagged),
    *_arrows(Action.FLAG_MATTER, _NOT_CLOSED, None, _H, legal_events.MatterFlagged),
    *_arrows(Action.FORWARD, _NOT_CLOSED, _CLOSED, _H, legal_events.MatterPassedOn),
    *_arrows(Action.PROTECT, _ANY, None, _H, events.SenderProtected),
    *_arrows(Action.UNPROTECT, _ANY, None, _H, events.SenderUnprotected),
    *_arrows(Action.TRANSFER, _NOT_CLOSED, _CLOSED, _H, events.CaseTransferred),
    *_arrows(Action.REDIRECT, _NOT_CLOSED, _CLOSED, _H, events.CaseRedirected),
    *_arrows(Action.MERGE, _WORKING, _BUSY, _H, events.CaseMerged),
    *_arrows(Action.UNMERGE, (*_WORKING, _CLOSED), _BUSY, _H, events.CaseUnmerged),
    Arrow(Action.UNMERGE, _DONE, _DONE, _H, events.CaseUnmerged),
    *_arrows(Action.ANSWER_MEMBER, _WORKING, _DONE, _SYSTEM, group_events.MemberAnswered),
    *_arrows(
        Action.ANSWER_AND_CLOSE_MEMBER, _WORKING, _CLOSED, _SYSTEM, group_events.MemberAnsweredAndClosed
    ),
    Arrow(Action.CLOSE_MEMBER, _DONE, _CLOSED, _SYSTEM, group_events.MemberClosed),
    Arrow(Action.JOIN_GROUP, _NEW, _NEW, _SYSTEM, group_events.GroupJoined),
    *_arrows(Action.LEAVE_GROUP, _WORKING, _BUSY, _SYSTEM, group_events.GroupLeft),
    *_arrows(Action.SPLIT, _NOT_CLOSED, None, _H, events.CaseSplit),
    *_arrows(Action.RELATE, _ANY, None, _H, events.CasesRelated),
    *_arrows(Action.UNRELATE, _ANY, None, _H, events.RelationEnded),
    *_arrows(Action.REOPEN, (_DONE, _CLOSED), _BUSY, _H, events.CaseReopenedByStaff),
    *_arrows(Action.MEASURE, _ANY, None, _H, events.MeasureNoted),
    *_arrows(Action.PROPOSE, _ANY, None, _H, events.ImprovementProposed),
    *_arrows(Action.DECIDE, _ANY, None, _H, events.ProposalDecided),
    *_arrows(Action.CARRY_OUT, _ANY, None, _H, events.ProposalCarriedOut),
    *_arrows(Action.REJECT, _ANY, None, _H, events.ProposalRejected),
    *_arrows(Action.LINK_IMPROVEMENT, _ANY, None, _H, feedback.ImprovementLinked),
    *_arrows(Action.UNLINK_IMPROVEMENT, _ANY, None, _H, feedback.ImprovementUnlinked),
    *_arrows(Action.SHARE_IMPROVEMENT, _ANY, None, _SYSTEM, feedback.ImprovementShared),
    Arrow(Action.REPLY, _WAITING, _BUSY, _S, events.SupplementReceived),
    *_arrows(Action.REPLY, (_NEW, _BUSY), None, _S, events.ReplyReceived),
    *_arrows(Action.REPLY, (_DONE, _CLOSED), _BUSY, _S, events.CaseReopened),
    *_arrows(Action.WITHDRAW, _WORKING, _CLOSED, _S, events.CaseWithdrawn),
    *_arrows(Action.NOT_SATISFIED, (_DONE, _CLOSED), _BUSY, _S, events.SenderNotSatisfied),
    *_arrows(Action.THANK, (_DONE, _CLOSED), _CLOSED, _S, feedback.SenderThanked),
    *_arrows(Action.NO_ANSWER_NEEDED, (_NEW, _BUSY), _CLOSED, _H, feedback.NoAnswerNeeded),
    *_arrows(Action.ADOPT, _ANY, None, _S, events.CaseAdopted),
    *_arrows(Action.CHANGE_ADDRESS, _NOT_CLOSED, None, _S, events.AddressChanged),
    *_arrows(Action.DECLINE_MESSAGES, _ANY, None, _S, messages.MessagesDeclined),
    *_arrows(Action.CONTEST_READER, _ANY, None, _S, events.ReaderContested),
    *_arrows(Action.RESTORE_READER, _ANY, None, _H, events.ReaderRestored),
    *_arrows(Action.RECUSE, _ANY, None, _H, bar_events.HandlerRecused),
    *_registration(_H),
    *_registration(Capacity.READER),
    *_arrows(Action.RECLASSIFY, _NOT_CLOSED, None, _H, correction.CaseReclassified),
    *_arrows(Action.RECLASSIFY, _NOT_CLOSED, None, Capacity.READER, correction.CaseReclassified),
    *_arrows(Action.CORRECT_PLACE, _NOT_CLOSED, None, _H, correction.PlaceCorrected),
    # A closed case allows only its subjects to be corrected: the register still shows them.
    Arrow(Action.CORRECT_SUBJECT, _CLOSED, _CLOSED, _H, registration.SubjectCorrected),
    Arrow(Action.CORRECT_SUBJECT, _CLOSED, _CLOSED, Capacity.READER, registration.SubjectCorrected),
    *_arrows(Action.PLACE, _NOT_CLOSED, None, Capacity.PLACER, ownership_events.CasePlaced),
    *_arrows(Action.RELEASE, _NOT_CLOSED, None, _SYSTEM, ownership_events.CaseReleased),
    *_arrows(Action.RECEIVE_EMAIL, _ANY, None, _SYSTEM, messages.ReplyReceivedByEmail),
    Arrow(Action.RECORD_REPLY, _WAITING, _BUSY, _H, messages.SupplementRecorded),
    *_arrows(Action.RECORD_REPLY, (_NEW, _BUSY), None, _H, messages.ReplyRecorded),
    *_arrows(Action.RECORD_REPLY, (_DONE, _CLOSED), _BUSY, _H, messages.CaseReopenedByRecord),
    *_arrows(Action.RECORD_UNVERIFIED, _ANY, None, _SYSTEM, messages.UnverifiedReplyRecorded),
)
OPEN = frozenset({Status.RECEIVED, Status.IN_PROGRESS, Status.AWAITING_CITIZEN})


class NotAllowed(Exception):
    """The action is not allowed from this status or in this capacity; `allowed` holds those that are."""

    def __init__(self, action: Action, source: Status | None, allowed: frozenset[Action]) -> None:
        super().__init__(f"{action} from {source}")
        self.action = action
        self.source = source
        self.allowed = allowed


def arrow(action: Action, source: Status | None, by: Capacity) -> Arrow:
    """The row of the table for an action. Raises NotAllowed."""
    for row in TABLE:
        if (row.action, row.source, row.by) == (action, source, by):
            return row
    raise NotAllowed(action, source, allowed(source, by))


def allowed(source: Status | None, by: Capacity) -> frozenset[Action]:
    """The actions that the table has from a status in a capacity."""
    return frozenset(row.action for row in TABLE if (row.source, row.by) == (source, by))
