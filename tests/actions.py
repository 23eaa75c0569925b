"""What every action must do, written out by hand: who may do it where, and where it leads.

A row that slips into the transition table or out of it is seen by the tests that walk this one: of the table
(tests/unit/test_lifecycle.py), the commands (tests/integration/test_lifecycle.py) and the page
(tests/web/test_every_action.py).
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from portal.cases.access import Capacity
from portal.cases.lifecycle import Action, Status

NEW, BUSY, WAITING, ANSWERED, CLOSED = Status
WORKING = (NEW, BUSY, WAITING)
OPEN = (*WORKING, ANSWERED)
ALWAYS = (*OPEN, CLOSED)
OVER = (ANSWERED, CLOSED)


@dataclass(frozen=True)
class Expected:
    """From which statuses an action is allowed, by whom, and to which it leads: none is the one it was.

    `otherwise` names the sources that lead elsewhere. `readers` may do it too, and so may who is in `also`.
    """

    sources: tuple[Status | None, ...]
    target: Status | None = None
    by: Capacity = Capacity.HANDLER
    readers: bool = False
    also: Capacity | None = None
    otherwise: Mapping[Status, Status] = field(default_factory=dict)

    def is_for(self, by: Capacity) -> bool:
        """Whether it is done in this capacity."""
        return by in (self.by, self.also) or (self.readers and by is Capacity.READER)

    def leads_to(self, source: Status | None) -> Status | None:
        """The status after it."""
        return (self.otherwise.get(source) if source else None) or self.target or source


EXPECTED: dict[Action, Expected] = {
    Action.SUBMIT: Expected((None,), NEW, Capacity.SENDER, also=Capacity.REGISTRANT),
    Action.TAKE: Expected(WORKING, BUSY, otherwise={WAITING: WAITING}),
    Action.ASSIGN: Expected(OPEN),
    Action.NOTE: Expected(ALWAYS),
    Action.ANSWER: Expected(OPEN, ANSWERED),
    Action.ANSWER_AND_CLOSE: Expected(OPEN, CLOSED),
    Action.ANSWER_ORALLY: Expected(OPEN, ANSWERED),
    Action.CLOSE: Expected((ANSWERED,), CLOSED),
    Action.REQUEST_SUPPLEMENT: Expected((NEW, BUSY), WAITING),
    Action.RESUME: Expected((WAITING,), BUSY),
    Action.REMIND: Expected((WAITING,), by=Capacity.SYSTEM),
    Action.MESSAGE_SENDER: Expected(OPEN),
    Action.RECORD_CALL: Expected(OPEN),
    Action.EXTEND: Expected((NEW, BUSY)),
    Action.SET_NEXT_STEP: Expected(WORKING),
    Action.RECOUNT: Expected(WORKING, by=Capacity.SYSTEM),
    Action.HAND_OVER: Expected(OPEN),
    Action.NAME_CONTACT: Expected(OPEN),
    Action.FLAG_RECORD: Expected(WORKING),
    Action.FLAG_MATTER: Expected(OPEN),
    Action.FORWARD: Expected(OPEN, CLOSED),
    Action.PROTECT: Expected(ALWAYS),
    Action.UNPROTECT: Expected(ALWAYS),
    Action.TRANSFER: Expected(OPEN, CLOSED),
    Action.REDIRECT: Expected(OPEN, CLOSED),
    Action.MERGE: Expected(WORKING, BUSY),
    Action.UNMERGE: Expected(ALWAYS, BUSY, otherwise={ANSWERED: ANSWERED}),
    Action.ANSWER_MEMBER: Expected(WORKING, ANSWERED, Capacity.SYSTEM),
    Action.ANSWER_AND_CLOSE_MEMBER: Expected(WORKING, CLOSED, Capacity.SYSTEM),
    Action.CLOSE_MEMBER: Expected((ANSWERED,), CLOSED, Capacity.SYSTEM),
    Action.LEAVE_GROUP: Expected(WORKING, BUSY, Capacity.SYSTEM),
    Action.JOIN_GROUP: Expected((NEW,), by=Capacity.SYSTEM),
    Action.SPLIT: Expected(OPEN),
    Action.RELATE: Expected(ALWAYS),
    Action.UNRELATE: Expected(ALWAYS),
    Action.REOPEN: Expected(OVER, BUSY),
    Action.MEASURE: Expected(ALWAYS),
    Action.PROPOSE: Expected(ALWAYS),
    Action.DECIDE: Expected(ALWAYS),
    Action.CARRY_OUT: Expected(ALWAYS),
    Action.REJECT: Expected(ALWAYS),
    Action.LINK_IMPROVEMENT: Expected(ALWAYS),
    Action.UNLINK_IMPROVEMENT: Expected(ALWAYS),
    Action.SHARE_IMPROVEMENT: Expected(ALWAYS, by=Capacity.SYSTEM),
    Action.REPLY: Expected(
        ALWAYS, by=Capacity.SENDER, otherwise={WAITING: BUSY, ANSWERED: BUSY, CLOSED: BUSY}
    ),
    Action.WITHDRAW: Expected(WORKING, CLOSED, Capacity.SENDER),
    Action.NOT_SATISFIED: Expected(OVER, BUSY, Capacity.SENDER),
    Action.THANK: Expected(OVER, CLOSED, Capacity.SENDER),
    Action.NO_ANSWER_NEEDED: Expected((NEW, BUSY), CLOSED),
    Action.ADOPT: Expected(ALWAYS, by=Capacity.SENDER),
    Action.CHANGE_ADDRESS: Expected(OPEN, by=Capacity.SENDER),
    Action.DECLINE_MESSAGES: Expected(ALWAYS, by=Capacity.SENDER),
    Action.CONTEST_READER: Expected(ALWAYS, by=Capacity.SENDER),
    Action.RESTORE_READER: Expected(ALWAYS),
    Action.MARK_SECRECY: Expected(ALWAYS, readers=True),
    Action.REQUEST_LIFT: Expected(ALWAYS, readers=True),
    Action.LIFT_SECRECY: Expected(ALWAYS, readers=True),
    Action.MARK_MESSAGE: Expected(ALWAYS, readers=True),
    Action.LIFT_MESSAGE: Expected(ALWAYS, readers=True),
    Action.CORRECT_PLACE: Expected(OPEN),
    Action.CORRECT_SUBJECT: Expected((CLOSED,), readers=True),
    Action.RECLASSIFY: Expected(OPEN, readers=True),
    Action.HIDE_SENDER: Expected(ALWAYS, readers=True),
    Action.SHOW_SENDER: Expected(ALWAYS, readers=True),
    Action.RECUSE: Expected(ALWAYS),
    Action.MARK_CONCERNED: Expected(ALWAYS, readers=True),
    Action.LIFT_BAR: Expected(ALWAYS, readers=True),
    Action.PLACE: Expected(OPEN, by=Capacity.PLACER),
    Action.RELEASE: Expected(OPEN, by=Capacity.SYSTEM),
    Action.RECEIVE_EMAIL: Expected(ALWAYS, by=Capacity.SYSTEM),
    Action.RECORD_REPLY: Expected(ALWAYS, otherwise={WAITING: BUSY, ANSWERED: BUSY, CLOSED: BUSY}),
    Action.RECORD_UNVERIFIED: Expected(ALWAYS, by=Capacity.SYSTEM),
}
# What must have happened before these can be done, besides the status.
NEEDS: dict[Action, str] = {
    Action.ADOPT: "a citizen",
    Action.CHANGE_ADDRESS: "a citizen",
    Action.DECLINE_MESSAGES: "a sender who is notified",
    Action.CONTEST_READER: "a changed reader",
    Action.RESTORE_READER: "a contested reader",
    Action.UNMERGE: "a merge",
    Action.ANSWER_MEMBER: "a group",
    Action.ANSWER_AND_CLOSE_MEMBER: "a group",
    Action.CLOSE_MEMBER: "a group",
    Action.LEAVE_GROUP: "a group",
    Action.JOIN_GROUP: "a report of the same fault",
    Action.CORRECT_PLACE: "a fault report",
    Action.UNPROTECT: "a protected sender",
    Action.FORWARD: "a matter that must be received",
    Action.RECOUNT: "a closed day",
    Action.REMIND: "a last day, half of the time to it gone",
    Action.SET_NEXT_STEP: "no promise",
    Action.NO_ANSWER_NEEDED: "a reply after an answer, or praise that wants none",
    Action.DECIDE: "a proposal",
    Action.CARRY_OUT: "a proposal",
    Action.REJECT: "a proposal",
    Action.UNRELATE: "a relation",
    Action.LINK_IMPROVEMENT: "an improvement",
    Action.UNLINK_IMPROVEMENT: "a linked improvement",
    Action.SHARE_IMPROVEMENT: "a published improvement",
    Action.REQUEST_LIFT: "a topic with secrecy",
    Action.LIFT_SECRECY: "a marked case",
    Action.LIFT_MESSAGE: "a marked message",
    Action.HIDE_SENDER: "a sender with a name",
    Action.SHOW_SENDER: "a hidden sender",
    Action.LIFT_BAR: "a bar, and a manager",
    Action.PLACE: "no handler",
    Action.RELEASE: "an ended membership",
}
# After these the actor reaches the case no more.
LAST_SIGHT = {Action.RECUSE, Action.HAND_OVER}


def allowed_in(status: Status | None, by: Capacity) -> set[Action]:
    """The actions that EXPECTED allows in this status and capacity."""
    return {action for action, row in EXPECTED.items() if status in row.sources and row.is_for(by)}
