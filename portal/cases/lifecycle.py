"""The life of a case: one row for each arrow. Commands ask it, pages ask it, tests walk it, docs print it."""

from dataclasses import dataclass
from enum import StrEnum

from portal.cases import events
from portal.cases.access import Hat


class Status(StrEnum):
    """Where a case stands (läge)."""

    RECEIVED = "received"
    IN_PROGRESS = "in_progress"
    AWAITING_CITIZEN = "awaiting_citizen"
    ANSWERED = "answered"
    CLOSED = "closed"


class CloseReason(StrEnum):
    """Why a case was closed."""

    ANSWERED = "answered"
    MOVED = "moved"
    OUTSIDE = "outside"
    WITHDRAWN = "withdrawn"
    DUPLICATE = "duplicate"


class Action(StrEnum):
    """What somebody does with a case."""

    SUBMIT = "submit"
    TAKE = "take"
    ASSIGN = "assign"
    NOTE = "note"
    ANSWER = "answer"
    ANSWER_AND_CLOSE = "answer_and_close"
    CLOSE = "close"
    ASK = "ask"
    REPLY = "reply"
    WITHDRAW = "withdraw"
    NOT_SATISFIED = "not_satisfied"
    ADOPT = "adopt"


@dataclass(frozen=True)
class Arrow:
    """From one status to another, by whom, and what is told of it."""

    action: Action
    source: Status | None
    target: Status
    by: Hat
    event: type[events.CaseEvent]


_NEW, _BUSY, _WAITING, _DONE, _SHUT = Status
_H, _S = Hat.HANDLER, Hat.SENDER

TABLE: tuple[Arrow, ...] = (
    Arrow(Action.SUBMIT, None, _NEW, _S, events.CaseReceived),
    Arrow(Action.TAKE, _NEW, _BUSY, _H, events.CaseTaken),
    Arrow(Action.TAKE, _BUSY, _BUSY, _H, events.CaseTakenOver),
    Arrow(Action.ASSIGN, _NEW, _NEW, _H, events.CaseAssigned),
    Arrow(Action.ASSIGN, _BUSY, _BUSY, _H, events.CaseAssigned),
    Arrow(Action.ASSIGN, _DONE, _DONE, _H, events.CaseAssigned),
    Arrow(Action.NOTE, _NEW, _NEW, _H, events.NoteAdded),
    Arrow(Action.NOTE, _BUSY, _BUSY, _H, events.NoteAdded),
    Arrow(Action.NOTE, _DONE, _DONE, _H, events.NoteAdded),
    Arrow(Action.NOTE, _SHUT, _SHUT, _H, events.NoteAdded),
    Arrow(Action.ANSWER, _NEW, _DONE, _H, events.CaseAnswered),
    Arrow(Action.ANSWER, _BUSY, _DONE, _H, events.CaseAnswered),
    Arrow(Action.ANSWER, _DONE, _DONE, _H, events.CaseAnswered),
    Arrow(Action.ANSWER_AND_CLOSE, _NEW, _SHUT, _H, events.CaseAnsweredAndClosed),
    Arrow(Action.ANSWER_AND_CLOSE, _BUSY, _SHUT, _H, events.CaseAnsweredAndClosed),
    Arrow(Action.ANSWER_AND_CLOSE, _DONE, _SHUT, _H, events.CaseAnsweredAndClosed),
    Arrow(Action.CLOSE, _DONE, _SHUT, _H, events.CaseClosed),
    Arrow(Action.ASK, _NEW, _WAITING, _H, events.SupplementAsked),
    Arrow(Action.ASK, _BUSY, _WAITING, _H, events.SupplementAsked),
    Arrow(Action.TAKE, _WAITING, _WAITING, _H, events.CaseTakenOver),
    Arrow(Action.ASSIGN, _WAITING, _WAITING, _H, events.CaseAssigned),
    Arrow(Action.NOTE, _WAITING, _WAITING, _H, events.NoteAdded),
    Arrow(Action.ANSWER, _WAITING, _DONE, _H, events.CaseAnswered),
    Arrow(Action.ANSWER_AND_CLOSE, _WAITING, _SHUT, _H, events.CaseAnsweredAndClosed),
    Arrow(Action.REPLY, _WAITING, _BUSY, _S, events.SupplementGiven),
    Arrow(Action.REPLY, _NEW, _NEW, _S, events.ReplyReceived),
    Arrow(Action.REPLY, _BUSY, _BUSY, _S, events.ReplyReceived),
    Arrow(Action.REPLY, _DONE, _BUSY, _S, events.CaseReopened),
    Arrow(Action.REPLY, _SHUT, _BUSY, _S, events.CaseReopened),
    Arrow(Action.WITHDRAW, _NEW, _SHUT, _S, events.CaseWithdrawn),
    Arrow(Action.WITHDRAW, _BUSY, _SHUT, _S, events.CaseWithdrawn),
    Arrow(Action.WITHDRAW, _WAITING, _SHUT, _S, events.CaseWithdrawn),
    Arrow(Action.NOT_SATISFIED, _DONE, _BUSY, _S, events.SenderNotSatisfied),
    Arrow(Action.NOT_SATISFIED, _SHUT, _BUSY, _S, events.SenderNotSatisfied),
    *(Arrow(Action.ADOPT, status, status, _S, events.CaseAdopted) for status in Status),
)
OPEN = frozenset({Status.RECEIVED, Status.IN_PROGRESS, Status.AWAITING_CITIZEN})


class NotAllowed(Exception):
    """The status, or who is asking, does not allow the action; says what is allowed."""

    def __init__(self, action: Action, source: Status | None, allowed: frozenset[Action]) -> None:
        super().__init__(f"{action} from {source}")
        self.action, self.source, self.allowed = action, source, allowed


def arrow(action: Action, source: Status | None, by: Hat) -> Arrow:
    """The one row for this step. Raises NotAllowed."""
    for row in TABLE:
        if (row.action, row.source, row.by) == (action, source, by):
            return row
    raise NotAllowed(action, source, allowed(source, by))


def allowed(source: Status | None, by: Hat) -> frozenset[Action]:
    """What somebody may do from here: a page draws these and no others."""
    return frozenset(row.action for row in TABLE if (row.source, row.by) == (source, by))
