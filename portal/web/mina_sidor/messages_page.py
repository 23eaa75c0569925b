"""Template values of the list of messages that were sent to a citizen about their cases."""

from dataclasses import dataclass
from typing import Any

from flask import url_for

from portal.identity.actors import Citizen
from portal.notifications.delivery_words import MessageLine, sender_lines
from portal.notifications.rules import Medium
from portal.notifications.sent import own_messages
from portal.notifications.sent.own_messages import OwnMessage
from portal.pagination import place
from portal.translation import gettext as _
from portal.web.support import case_presenter
from portal.words.masks import masked_email, masked_phone


@dataclass(frozen=True)
class OwnLine:
    """A message of the list: its line as on the page of its case, where it was sent, and the case."""

    line: MessageLine
    to: str
    number: str
    subject: str
    language: str
    href: str


def page_values(actor: Citizen, after: str | None, before: str | None) -> dict[str, Any]:
    """A page of the list, newest first."""
    page = own_messages.messages(actor, place(own_messages.ORDER, after, before))
    address = url_for("mina_sidor.sent_messages")
    return {
        "lines": [_line(message) for message in page.rows],
        "newer": f"{address}?fore={page.before}" if page.before else "",
        "older": f"{address}?efter={page.after}" if page.after else "",
    }


def _line(message: OwnMessage) -> OwnLine:
    [line] = sender_lines([message.sent])
    return OwnLine(
        line,
        sent_to(message),
        message.reference,
        case_presenter.shown_subject(message.public_subject),
        case_presenter.other_language(message.language),
        url_for("mina_sidor.case", number=message.reference),
    )


def sent_to(message: OwnMessage) -> str:
    """Where it was sent, so that its owner knows the address; empty once that has been deleted."""
    if not message.recipient:
        return ""
    if not message.is_own_address:
        return _("till en tidigare adress")
    is_email = message.sent.medium is Medium.EMAIL
    masked = masked_email(message.recipient) if is_email else masked_phone(message.recipient)
    return _("till %(address)s", address=masked)
