"""One try to send one message, by whatever it travels, and how it went."""

from dataclasses import dataclass

from portal.config import Settings
from portal.notifications.channels import PermanentFailure, TemporaryFailure, UncertainFailure, email, sms
from portal.notifications.models import OutboxMessage, State
from portal.notifications.rules import TRIES, Medium


@dataclass(frozen=True)
class Outcome:
    """The new state of a message, and what was wrong: a reason without address or text."""

    state: State
    problem: str | None = None


def attempt(row: OutboxMessage, using: Settings) -> Outcome:
    """Hand a message over. Where there is nothing to hand it to, it is kept to be looked at."""
    if not _way_out(row, using):
        return Outcome(State.KEPT)
    try:
        _send(row, using)
    except TemporaryFailure as failure:
        return Outcome(State.QUEUED if row.tries < TRIES else State.FAILED, failure.reason)
    except PermanentFailure as failure:
        return Outcome(State.FAILED, failure.reason)
    except UncertainFailure as failure:
        return Outcome(State.UNCERTAIN, failure.reason)
    return Outcome(State.SENT)


def _way_out(row: OutboxMessage, using: Settings) -> bool:
    return bool(using.mail_server) if row.medium is Medium.EMAIL else using.sms_gateway == "46elks"


def _send(row: OutboxMessage, using: Settings) -> None:
    if row.medium is Medium.SMS:
        sms.send(sms.Sms(row.recipient or "", row.text or "", row.message_id), sms_settings(using))
    else:
        email.send(_email(row), mail_settings(using))


def _email(row: OutboxMessage) -> email.Email:
    parts = row.recipient or "", row.subject or "", row.text or "", row.html or ""
    return email.Email(*parts, message_id=row.message_id, language=row.language)


def mail_settings(using: Settings) -> email.MailSettings:
    """The mail server of the settings."""
    login = using.mail_username or None, using.mail_password or None
    server = using.mail_server, using.mail_port, *login, using.mail_security
    return email.MailSettings(*server, using.mail_sender, using.mail_reply_to or None)


def sms_settings(using: Settings) -> sms.SmsSettings:
    """The SMS gateway of the settings."""
    login = using.sms_username, using.sms_password
    return sms.SmsSettings(using.sms_gateway or "console", using.sms_url, *login, using.sms_sender)
