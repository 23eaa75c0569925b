"""Which event sends which message, and by what it travels. Pure."""

from enum import StrEnum

from portal.cases import events
from portal.cases.enums import ReplyBy


class Medium(StrEnum):
    """What a message travels by."""

    EMAIL = "email"
    SMS = "sms"


MESSAGES: dict[type[events.CaseEvent], str] = {
    events.CaseReceived: "received",
    events.CaseTaken: "being_handled",
    events.CaseAnswered: "answered",
    events.CaseAnsweredAndClosed: "answered",
    events.CaseAnsweredOrally: "answered_orally",
    events.CaseClosed: "closed",
    events.CaseWithdrawn: "closed",
    events.SupplementAsked: "supplement",
    events.CaseMoved: "closed",
    events.CaseRedirected: "closed",
    events.CaseMerged: "closed",
    events.SenderContacted: "contact",
    events.DeadlineExtended: "later_date",
    events.DeadlineRecounted: "later_date",
    events.CodeLinkAsked: "new_code",
}
# All that goes out to a protected sender: a number and a link. A link to a new code says no more as it is.
PROTECTED, NEW_CODE = "protected", "new_code"
RETRY_FIRST, RETRY_MOST, TRIES = 30, 3600, 40


MEDIA: dict[ReplyBy, Medium] = {ReplyBy.EMAIL: Medium.EMAIL, ReplyBy.SMS: Medium.SMS}


def medium_for(reply_by: ReplyBy) -> Medium | None:
    """What messages travel by: one way, chosen by the sender; none if they look for themselves."""
    return MEDIA.get(reply_by)


def template(name: str, protected: bool) -> str:
    """The folder of a message's words."""
    return PROTECTED if protected and name != NEW_CODE else name


def answer_in_mail(allowed: bool, secret: bool, hidden: bool) -> bool:
    """Whether an answer may stand in an e-mail: the topic allows it, neither case nor sender is hidden."""
    return allowed and not secret and not hidden


def wait(tries: int) -> int:
    """Seconds until the next try: half a minute, then twice as long each time, an hour at most."""
    return int(min(RETRY_FIRST * 2 ** min(tries - 1, 20), RETRY_MOST))
