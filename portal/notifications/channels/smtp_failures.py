"""What an error of an SMTP session says about the message: final, to be tried again, or ours to correct."""

import re
import smtplib
import ssl
from collections.abc import Iterator
from contextlib import contextmanager

from portal.notifications.channels import DeliveryFailure, PermanentFailure, TemporaryFailure
from portal.notifications.rules import Problem

# The server closes the connection, and says nothing about the message (RFC 5321, 3.8).
CLOSING = 421
LOGIN_CODES = frozenset({530, 534, 535, 538})
# The code of RFC 3463 at the beginning of a reply: class, subject and detail.
ENHANCED = re.compile(rb"[245]\.(?P<subject>[0-9]{1,3})\.[0-9]{1,3}\b")
POLICY = b"7"
# As older servers say without a code. A word for itself: not the name of a server, and no address.
RELAYING = re.compile(rb"\W*relay\w*\W*", re.IGNORECASE)


@contextmanager
def smtp_failures() -> Iterator[None]:
    """Raise a DeliveryFailure for what smtplib and the socket raise."""
    try:
        yield
    except (OSError, ValueError) as error:
        # SMTP errors quote the address, and tracebacks end up in logs.
        raise _failure(error) from None


def reply_codes(refusal: smtplib.SMTPException) -> list[int]:
    """The reply codes of a refusal."""
    match refusal:
        case smtplib.SMTPRecipientsRefused(recipients=refused):
            return [code for code, _reply in refused.values()]
        case smtplib.SMTPResponseException(smtp_code=code):
            return [code]
    return []


def _failure(error: Exception) -> DeliveryFailure:
    # Only a refusal of this message is final. A wrong password, sender or certificate is ours to correct,
    # and the message waits for that.
    match error:
        case smtplib.SMTPRecipientsRefused(recipients=refused):
            return _refusal(*max(refused.values(), key=lambda answer: answer[0]))
        case smtplib.SMTPDataError(smtp_code=code, smtp_error=reply):
            return _refusal(code, reply)
        case smtplib.SMTPAuthenticationError(smtp_code=code):
            return TemporaryFailure(Problem.OUR_LOGIN, code, of_channel=True)
        case smtplib.SMTPSenderRefused(smtp_code=code):
            return _sender_refusal(code)
        case ssl.SSLError() | smtplib.SMTPNotSupportedError():
            return TemporaryFailure(Problem.INSECURE, of_channel=True)
    return TemporaryFailure(Problem.UNREACHABLE, of_channel=True)


def _sender_refusal(code: int) -> DeliveryFailure:
    if code < 500:
        return TemporaryFailure(Problem.TRY_LATER, code, of_channel=True)
    problem = Problem.OUR_LOGIN if code in LOGIN_CODES else Problem.OUR_SENDER
    return TemporaryFailure(problem, code, of_channel=True)


def _refusal(code: int, reply: bytes | str) -> DeliveryFailure:
    """The failure of a refusal of the recipient or the message, by the server's reply."""
    words = reply if isinstance(reply, bytes) else reply.encode(errors="replace")
    if code in LOGIN_CODES:
        return TemporaryFailure(Problem.OUR_LOGIN, code, of_channel=True)
    if code >= 500 and _is_policy(words):
        return TemporaryFailure(Problem.RELAY_DENIED, code, of_channel=True)
    if code >= 500:
        return PermanentFailure(Problem.ADDRESS_REFUSED, code)
    return TemporaryFailure(Problem.TRY_LATER, code, of_channel=code == CLOSING)


def _is_policy(reply: bytes) -> bool:
    """Whether the sender or the client is refused, and not the recipient."""
    # A code wins over the words: "5.1.1 ... unknown in relay recipient table" is about the recipient.
    if enhanced := ENHANCED.match(reply):
        return enhanced["subject"] == POLICY
    return any(RELAYING.fullmatch(word) for word in reply.split())
