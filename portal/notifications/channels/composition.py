"""An e-mail as MIME: flask-mail's message with the parts, lines and headers that mail servers expect.

Needs a Flask app context for flask-mail, but no request.
"""

import re
from dataclasses import dataclass
from email.charset import QP, Charset
from email.mime.base import MIMEBase
from email.mime.text import MIMEText
from email.policy import SMTP
from functools import cache
from typing import Any

from email_validator import EmailNotValidError, validate_email
from flask import current_app
from flask_mail import Mail, Message

from portal import clock
from portal.notifications.channels import PermanentFailure
from portal.notifications.rules import Problem

# Line breaks, control characters and lone surrogates: a line break would begin another header.
INVALID_IN_HEADER = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]")


@dataclass(frozen=True)
class Email:
    """A rendered message to one recipient; message_id and references include their angle brackets.

    `references` is the same for all letters about a case, so that a mail client shows them as one thread.
    `unsubscribe` is the address of a page and of its one-click POST (RFC 8058). `return_path` is the
    envelope's sender, to which a bounce comes back.
    """

    to: str
    subject: str
    text: str
    html: str
    message_id: str
    language: str
    references: str | None = None
    unsubscribe: str | None = None
    return_path: str | None = None


def compose(email: Email, sender: str, reply_to: str | None) -> Message:
    """The message of an e-mail. Raises PermanentFailure for what no header can hold."""
    added = (email.references or "", email.unsubscribe or "", email.return_path or "")
    _check_headers(email.to, email.subject, email.message_id, email.language, *added)
    # flask-mail looks up how to name attachments even when there are none.
    current_app.extensions.setdefault("mail", Mail().init_mail({}))
    message = _AlternativeMessage(
        subject=email.subject,
        recipients=[_ascii_address(email.to)],
        body=email.text,
        html=email.html,
        sender=sender,
        reply_to=reply_to,
        date=clock.now().timestamp(),
        extra_headers=_headers(email),
    )
    message.msgId = email.message_id
    return message


def _headers(email: Email) -> dict[str, str]:
    # So that no holiday reply comes back: RFC 3834, and Exchange's own header.
    headers = {
        "Auto-Submitted": "auto-generated",
        "X-Auto-Response-Suppress": "All",
        "Content-Language": email.language,
    }
    if email.references:
        headers["References"] = email.references
    if email.unsubscribe:
        headers["List-Unsubscribe"] = f"<{email.unsubscribe}>"
        headers["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    return headers


class _AlternativeMessage(Message):
    """flask-mail's message as multipart/alternative, with lines and headers within the limits of RFC 5322."""

    def _mimetext(self, text: str | None, subtype: str = "plain") -> MIMEText:
        # Unencoded, a paragraph of more than 998 bytes is refused or cut by mail servers (RFC 5322, 2.1.1).
        return MIMEText(text or "", subtype, _short_lines())  # type: ignore[arg-type]

    def _message(self) -> MIMEBase:
        message = _unwrapped(super()._message())
        # flask-mail has folded already; Python's second folding can break encoded names and long ids.
        message.policy = SMTP.clone(refold_source="none")
        return message


@cache
def _short_lines() -> Charset:
    charset = Charset("utf-8")
    charset.body_encoding = QP
    return charset


def _unwrapped(message: MIMEBase) -> MIMEBase:
    """The message without the multipart/mixed that flask-mail puts around its only part."""
    parts: Any = message.get_payload()
    if message.get_content_type() != "multipart/mixed" or len(parts) != 1:
        return message
    (only,) = parts
    # As they are: to read and set them would fold them once more.
    for name, value in message.raw_items():
        if name.lower() not in ("content-type", "mime-version"):
            only.set_raw(name, value)
    return only  # type: ignore[no-any-return]


def _check_headers(*headers: str) -> None:
    if any(map(INVALID_IN_HEADER.search, headers)):
        raise PermanentFailure(Problem.MESSAGE_INVALID)


def _ascii_address(address: str) -> str:
    # Letters such as å are fine after the @ (IDN). Before it they need SMTPUTF8 in every server on the
    # way, and flask-mail cannot write them: a failure that a person sees is better than a lost message.
    try:
        valid = validate_email(
            address, check_deliverability=False, globally_deliverable=False, allow_smtputf8=False
        )
    except EmailNotValidError:
        raise PermanentFailure(Problem.ADDRESS_INVALID) from None
    return valid.ascii_email or address
