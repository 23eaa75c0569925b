"""Which event sends which message, and by what it travels. Pure."""

from portal.cases import events
from portal.cases.terms import ReplyBy

MESSAGES: dict[type[events.CaseEvent], str] = {
    events.CaseReceived: "received",
    events.CaseTaken: "being_handled",
    events.CaseAnswered: "answered",
    events.CaseAnsweredAndClosed: "answered",
    events.CaseClosed: "closed",
    events.CodeLinkAsked: "new_code",
}
WANTS_MAIL = frozenset({ReplyBy.EMAIL})
RETRY_FIRST, RETRY_MOST, TRIES = 30, 3600, 40


def message_for(event: type[events.CaseEvent], reply_by: ReplyBy) -> str | None:
    """The folder of the message to send, or None when the sender gave no address to send to."""
    return MESSAGES.get(event) if reply_by in WANTS_MAIL else None


def answer_in_mail(secret: bool, allowed: bool) -> bool:
    """Whether the answer itself may stand in an e-mail: the category allows it and nothing is secret."""
    return allowed and not secret


def wait(tries: int) -> int:
    """Seconds until the next try: half a minute, then twice as long each time, an hour at most."""
    return int(min(RETRY_FIRST * 2 ** min(tries - 1, 20), RETRY_MOST))
