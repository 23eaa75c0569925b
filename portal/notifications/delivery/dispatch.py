"""A message that is decrypted and given to its channel."""

from dataclasses import dataclass
from typing import Protocol
from urllib.parse import urlsplit

from portal import crypto
from portal.config import Settings
from portal.notifications import tokens
from portal.notifications.channels import email, sms
from portal.notifications.delivery.claims import Claim
from portal.notifications.outbox import sms_reaches
from portal.notifications.rules import BOUND_TO_ADDRESS, Medium
from portal.notifications.tokens import Purpose

# Enough that the thread of a case cannot be guessed; its number is known.
THREAD_BYTES = 10


@dataclass(frozen=True)
class Letter:
    """A claimed message and its contents."""

    claim: Claim
    recipient: str
    subject: str
    text: str
    html: str


def opened(claim: Claim) -> Letter:
    """Decrypt a message. Raises cryptography.fernet.InvalidToken if no key does."""
    contents = (claim.recipient, claim.subject, claim.text, claim.html)
    return Letter(claim, *(crypto.decrypt_once(token) if token else "" for token in contents))


def is_reached(letter: Letter) -> bool:
    """Whether messages of this medium are sent to the recipient at all."""
    # A number stored before the profile listed countries, or listed fewer of them.
    return letter.claim.medium is not Medium.SMS or sms_reaches(letter.recipient)


class Channel(Protocol):
    """What sends the messages of one medium; interrupt() is called by another thread."""

    def is_configured(self, using: Settings) -> bool:
        """Whether messages are sent; without that they are kept, for development."""

    def send(self, letter: Letter, using: Settings) -> str | None:
        """Send a message; returns the gateway's id of it. Raises a subclass of DeliveryFailure."""

    def interrupt(self) -> None:
        """End what a server keeps the sender waiting for."""

    def close(self) -> None:
        """Close the connection, until the next message."""


class EmailChannel:
    """E-mail on one kept connection."""

    def __init__(self) -> None:
        self._connections = email.Connections()
        self.interrupt = self._connections.interrupt
        self.close = self._connections.close

    def is_configured(self, using: Settings) -> bool:
        """Whether there is a mail server."""
        return bool(using.mail_server)

    def send(self, letter: Letter, using: Settings) -> None:
        """Send an e-mail."""
        self._connections.send(_email(letter, using), mail_settings(using))


class SmsChannel:
    """SMS on one kept connection to the gateway."""

    def __init__(self) -> None:
        self._gateway = sms.Gateway()
        self.interrupt = self._gateway.interrupt
        self.close = self._gateway.close

    def is_configured(self, using: Settings) -> bool:
        """Whether there is a gateway that sends."""
        return using.sms_gateway == "46elks"

    def send(self, letter: Letter, using: Settings) -> str:
        """Send an SMS."""
        claim = letter.claim
        report_to = f"{_base(using)}/leverans/sms/{tokens.make(Purpose.REPORT, claim.id)}"
        message = sms.Sms(letter.recipient, letter.text, claim.message_id, report_to)
        return self._gateway.send(message, sms_settings(using))


def channel_for(medium: Medium) -> Channel:
    """A channel of a medium, without a connection yet."""
    return EmailChannel() if medium is Medium.EMAIL else SmsChannel()


def _base(using: Settings) -> str:
    return using.base_url.rstrip("/")


def _email(letter: Letter, using: Settings) -> email.Email:
    claim = letter.claim
    return email.Email(
        to=letter.recipient,
        subject=letter.subject,
        text=letter.text,
        html=letter.html,
        message_id=claim.message_id,
        language=claim.language,
        references=thread_id(claim.case_id, using) if claim.case_id else None,
        unsubscribe=_unsubscribe(claim, using),
        return_path=_return_path(claim, using),
    )


def thread_id(case: int, using: Settings) -> str:
    """The Message-ID that the letters about a case refer to, and a reply to any of them too."""
    mac = crypto.mac(using.code_key, "thread", str(case))[:THREAD_BYTES].hex()
    return f"<arende.{mac}@{urlsplit(using.base_url).hostname}>"


def _unsubscribe(claim: Claim, using: Settings) -> str | None:
    if claim.membership_id is not None or claim.name in BOUND_TO_ADDRESS:
        return None
    return f"{_base(using)}/avanmal/{tokens.make(Purpose.UNSUBSCRIBE, claim.id)}"


def _return_path(claim: Claim, using: Settings) -> str | None:
    """The address that a bounce of this message comes back to (a variable envelope return path)."""
    if not using.mail_return_path:
        return None
    local, _at, domain = using.mail_return_path.rpartition("@")
    return f"{local}+{tokens.make(Purpose.BOUNCE, claim.id)}@{domain}"


def mail_settings(using: Settings) -> email.MailSettings:
    """The settings of the e-mail channel; an empty setting is None there."""
    return email.MailSettings(
        server=using.mail_server,
        port=using.mail_port,
        username=using.mail_username or None,
        password=using.mail_password or None,
        security=using.mail_security,
        sender=using.mail_sender,
        reply_to=using.mail_reply_to or None,
    )


def sms_settings(using: Settings) -> sms.SmsSettings:
    """The settings of the SMS channel."""
    return sms.SmsSettings(
        gateway=using.sms_gateway or "console",
        url=using.sms_url,
        username=using.sms_username,
        password=using.sms_password,
        sender=using.sms_sender,
    )
