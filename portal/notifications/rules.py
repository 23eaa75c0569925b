"""Which event sends which message, by which medium, and why one was not delivered. Pure."""

from enum import StrEnum

from portal.cases import events
from portal.cases.enums import NotifyBy
from portal.cases.events import (
    correction,
    dates,
    feedback,
    groups,
    handovers,
    legal,
    messages,
    next_steps,
    registration,
)
from portal.events import Event, by_kind
from portal.identity.actors import CodeHolder


class Medium(StrEnum):
    """Medium of a message."""

    EMAIL = "email"
    SMS = "sms"


class Problem(StrEnum):
    """Why a message was not delivered; the words are in portal/notifications/delivery_words.py."""

    ADDRESS_INVALID = "address_invalid"
    ADDRESS_REFUSED = "address_refused"
    MESSAGE_REFUSED = "message_refused"
    MESSAGE_INVALID = "message_invalid"
    COUNTRY = "country"
    NO_CHANNEL = "no_channel"
    OVER_BUDGET = "over_budget"
    OUR_LOGIN = "our_login"
    OUR_SENDER = "our_sender"
    OUR_ADDRESS = "our_address"
    RELAY_DENIED = "relay_denied"
    INSECURE = "insecure"
    UNREACHABLE = "unreachable"
    TRY_LATER = "try_later"
    BAD_ANSWER = "bad_answer"
    UNCONFIRMED = "unconfirmed"
    WORKER_LOST = "worker_lost"
    UNREADABLE = "unreadable"
    BOUNCED = "bounced"
    REPORTED_FAILED = "reported_failed"
    INTERNAL = "internal"


# Ours to correct: the message waits, and operations are alarmed.
OWN_PROBLEMS = frozenset(
    {
        Problem.OUR_LOGIN,
        Problem.OUR_SENDER,
        Problem.OUR_ADDRESS,
        Problem.RELAY_DENIED,
        Problem.INSECURE,
    }
)


# The message of each kind of event that has one: its own, or that of its nearest base class.
BY_CLASS: dict[type[Event], str] = {
    events.SenderMessageEvent: "contact",
    events.NewCaseEvent: "received",
    events.CaseTaken: "being_handled",
    events.WrittenAnswerEvent: "answered",
    events.CaseAnsweredOrally: "answered_orally",
    events.CaseClosed: "closed",
    groups.MemberClosed: "closed",
    events.CaseWithdrawn: "closed",
    events.ReplyReceived: "reply_received",
    events.SupplementReceived: "reply_received",
    events.CaseReopened: "reply_received",
    messages.VerifiedRecordEvent: "written_down",
    events.RecordRequestFlagged: "record_request",
    events.SupplementRequested: "supplement",
    messages.SupplementReminded: "supplement_reminder",
    events.CaseTransferred: "closed",
    events.CaseRedirected: "closed",
    events.CaseSplit: "split",
    dates.DeadlineExtended: "later_date",
    dates.DeadlineRecounted: "later_date",
    next_steps.NextStepShared: "next_step",
    handovers.CaseHandedToAuthority: "handed_over",
    legal.MatterPassedOn: "passed_on",
    events.ContactNamed: "contact_person",
    events.CaseTakenOver: "contact_person",
    events.CaseAssigned: "contact_person",
    events.SenderNotSatisfied: "taken_over",
    feedback.NoAnswerNeeded: "no_answer_needed",
    feedback.ImprovementShared: "improvement",
    correction.CaseReclassified: "answer_promised",
    events.CodeLinkRequested: "new_code",
    events.ReaderChanged: "reader_changed",
    events.AdoptedCodeRequested: "on_mina_sidor",
}
MESSAGES = by_kind(BY_CLASS)
# A number and a link only: for a protected sender, and where a message is sent by another way than its own.
# The link to a new code says no more as it is.
NOTICE = "protected"
NEW_CODE = "new_code"
# About who reads the case, to one address alone: by another way they would reach another reader.
BOUND_TO_ADDRESS = frozenset({NEW_CODE, "reader_changed", "on_mina_sidor"})


MEDIA: dict[NotifyBy, Medium] = {NotifyBy.EMAIL: Medium.EMAIL, NotifyBy.SMS: Medium.SMS}


def medium_for(notify_by: NotifyBy) -> Medium | None:
    """The medium that the sender chose; None if they want no messages."""
    return MEDIA.get(notify_by)


def is_silent(event: events.CaseEvent) -> bool:
    """Whether the event has nothing new for the sender, though others of its kind have."""
    match event:
        case events.ContactEvent():
            return not event.new_to_sender
        case events.RecordRequestFlagged():
            return not event.record
        case correction.CaseReclassified():
            return not event.promised
        # Answered at once: the message about the answer has the number and the link too.
        case registration.CaseRegistered():
            return event.solved
        case _:
            return False


def is_of_stranger(event: events.CaseEvent) -> bool:
    """Whether a person without a sign-in caused the event, and could cause any number of messages."""
    is_request = isinstance(event, events.CodeLinkRequested | events.AdoptedCodeRequested)
    return is_request or isinstance(event.actor, CodeHolder)


def same_recipient(medium: Medium, address: str) -> str:
    """The address without what lets one recipient have many: letter case, and a tag after a plus sign."""
    if medium is Medium.SMS:
        return address
    local, _at, domain = address.casefold().rpartition("@")
    return f"{local.partition('+')[0]}@{domain}"


def template_name(name: str, protected: bool) -> str:
    """The folder of templates for a message."""
    return NOTICE if protected and name != NEW_CODE else name


def allows_answer_in_email(allowed: bool, secret: bool, hidden: bool) -> bool:
    """Whether the text of an answer may be in an e-mail: allowed, no secrecy, and the sender not hidden."""
    return allowed and not secret and not hidden
