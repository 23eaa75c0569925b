"""A single attempt to send a message by e-mail or SMS, and its outcome."""

from dataclasses import dataclass

from portal.config import Settings
from portal.notifications.channels import PermanentFailure, TemporaryFailure, UncertainFailure, email, sms
from portal.notifications.models import OutboxMessage, State
from portal.notifications.outbox import sms_reaches
from portal.notifications.rules import MAX_ATTEMPTS, Medium, Problem


@dataclass(frozen=True)
class Outcome:
    """The new state of a message, and the problem and the code of the reply if it failed."""

    state: State
    problem: Problem | None = None
    code: int | None = None


def attempt_delivery(row: OutboxMessage, using: Settings, mail: email.Connections) -> Outcome:
    """Send a message once. Without a channel for its medium it is kept, for development."""
    if not _has_channel(row, using):
        return Outcome(State.KEPT)
    try:
        _send(row, using, mail)
    except TemporaryFailure as failure:
        again = State.QUEUED if row.tries < MAX_ATTEMPTS else State.FAILED
        return Outcome(again, failure.problem, failure.code)
    except PermanentFailure as failure:
        return Outcome(State.FAILED, failure.problem, failure.code)
    except UncertainFailure as failure:
        return Outcome(State.UNCERTAIN, failure.problem, failure.code)
    return Outcome(State.SENT)


def _has_channel(row: OutboxMessage, using: Settings) -> bool:
    return bool(using.mail_server) if row.medium is Medium.EMAIL else using.sms_gateway == "46elks"


def _send(row: OutboxMessage, using: Settings, mail: email.Connections) -> None:
    if row.medium is Medium.SMS:
        # A number stored before the profile listed countries, or listed fewer of them.
        if not sms_reaches(row.recipient or ""):
            raise PermanentFailure(Problem.COUNTRY)
        sms.send(sms.Sms(row.recipient or "", row.text or "", row.message_id), sms_settings(using))
    else:
        mail.send(_email(row), mail_settings(using))


def _email(row: OutboxMessage) -> email.Email:
    return email.Email(
        to=row.recipient or "",
        subject=row.subject or "",
        text=row.text or "",
        html=row.html or "",
        message_id=row.message_id,
        language=row.language,
    )


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
