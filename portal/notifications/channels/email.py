"""E-mail over SMTP: flask-mail's message, on a connection that verifies, gives up in time and hides nothing.

Needs no request but a Flask app context with Babel: flask-mail and gettext look there.
"""

import re
import smtplib
import ssl
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from email.charset import QP, Charset
from email.mime.base import MIMEBase
from email.mime.text import MIMEText
from email.policy import SMTP
from types import TracebackType
from typing import Literal

from email_validator import EmailNotValidError, validate_email
from flask import current_app
from flask_babel import gettext as _
from flask_mail import Connection, Mail, Message, sanitize_address, sanitize_addresses

from portal import clock
from portal.notifications.channels import DeliveryFailure, PermanentFailure, TemporaryFailure

UNFIT_FOR_A_HEADER = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]")


@dataclass(frozen=True)
class MailSettings:
    """The mail server that takes our messages, and whom they come from."""

    server: str
    port: int
    username: str | None
    password: str | None = field(repr=False)
    security: Literal["none", "starttls", "tls"]
    sender: str
    reply_to: str | None
    timeout: float = 10.0


@dataclass(frozen=True)
class Email:
    """One message to one person, fully rendered; message_id holds its angle brackets."""

    to: str
    subject: str
    text: str
    html: str
    message_id: str
    language: str


def send(email: Email, settings: MailSettings, context: ssl.SSLContext | None = None) -> None:
    """Hand the message to the mail server, or raise TemporaryFailure or PermanentFailure."""
    letter = _compose(email, settings)
    with _explained(), SafeConnection(settings, context) as connection:
        connection.send(letter)


def try_out(settings: MailSettings, context: ssl.SSLContext | None = None) -> None:
    """Connect, encrypt and sign in as for a message, and leave again. Raises as send() does."""
    with _explained(), SafeConnection(settings, context):
        pass


class SafeConnection(Connection):
    """A connection that verifies certificates, gives up in time and reports every refusal."""

    def __init__(self, settings: MailSettings, context: ssl.SSLContext | None = None) -> None:
        super().__init__(Mail())
        self.settings = settings
        self.context = context or ssl.create_default_context()

    def configure_host(self) -> smtplib.SMTP:
        """Connect, encrypt and sign in as the settings say."""
        host = self._dial()
        try:
            self._prepare(host)
        except Exception:
            host.close()
            raise
        return host

    def _dial(self) -> smtplib.SMTP:
        place, timeout = (self.settings.server, self.settings.port), self.settings.timeout
        if self.settings.security == "tls":
            return smtplib.SMTP_SSL(*place, timeout=timeout, context=self.context)
        return smtplib.SMTP(*place, timeout=timeout)

    def _prepare(self, host: smtplib.SMTP) -> None:
        if self.settings.security == "starttls":
            host.starttls(context=self.context)
        if self.settings.username and self.settings.password:
            host.login(self.settings.username, self.settings.password)

    def send(self, message: Message, envelope_from: str | tuple[str, str] | None = None) -> None:
        """Hand over the message; one refused recipient is an error, even when others were accepted."""
        assert self.host is not None
        refused = self.host.sendmail(
            sanitize_address(envelope_from or message.sender),
            sanitize_addresses(message.send_to),
            message.as_bytes(),
        )
        if refused:
            raise smtplib.SMTPRecipientsRefused(refused)

    def __exit__(
        self, exc_type: type[BaseException] | None, exc_value: BaseException | None, tb: TracebackType | None
    ) -> None:
        assert self.host is not None
        # What the server has accepted stays accepted when the goodbye fails; a failed server gets no goodbye.
        if exc_type is None:
            with suppress(OSError):
                self.host.quit()
        self.host.close()


class _Letter(Message):
    """flask-mail's message with short lines, whatever the text, and headers that are written once."""

    def _mimetext(self, text: str | None, subtype: str = "plain") -> MIMEText:
        # Unencoded, a paragraph of more than 998 bytes is refused or cut by mail servers.
        short_lines = Charset("utf-8")
        short_lines.body_encoding = QP
        return MIMEText(text or "", subtype, short_lines)  # type: ignore[arg-type]

    def _message(self) -> MIMEBase:
        message = super()._message()
        # flask-mail has folded already; Python's second folding can break encoded names and long ids.
        message.policy = SMTP.clone(refold_source="none")
        return message


def _compose(email: Email, settings: MailSettings) -> Message:
    _refuse_unfit(email.to, email.subject, email.message_id, email.language)
    # flask-mail looks up how to name attachments even when there are none.
    current_app.extensions.setdefault("mail", Mail().init_mail({}))
    letter = _Letter(
        subject=email.subject,
        recipients=[_ascii_address(email.to)],
        body=email.text,
        html=email.html,
        sender=settings.sender,
        reply_to=settings.reply_to,
        date=clock.now().timestamp(),
        extra_headers={"Auto-Submitted": "auto-generated", "Content-Language": email.language},
    )
    letter.msgId = email.message_id
    return letter


def _refuse_unfit(*headers: str) -> None:
    if any(UNFIT_FOR_A_HEADER.search(header) for header in headers):
        raise PermanentFailure(_("Brevets adress eller rubrik innehåller tecken som inte får stå där."))


def _ascii_address(address: str) -> str:
    # Letters such as å are fine after the @ (IDN). Before it they need SMTPUTF8 in every server on the
    # way, and flask-mail cannot write them: better a failure that a person sees than a letter lost.
    try:
        valid = validate_email(
            address, check_deliverability=False, globally_deliverable=False, allow_smtputf8=False
        )
    except EmailNotValidError:
        raise PermanentFailure(_("E-postadressen går inte att skicka till.")) from None
    return valid.ascii_email or address


@contextmanager
def _explained() -> Iterator[None]:
    try:
        yield
    except (OSError, ValueError) as error:
        # SMTP errors quote the address, and tracebacks end up in logs.
        raise _failure(error) from None


def _failure(error: Exception) -> DeliveryFailure:
    # Only what the server says about this letter is final. A wrong password, sender or certificate is
    # ours to put right, and the letter waits for that.
    match error:
        case smtplib.SMTPRecipientsRefused(recipients=refused):
            return _refusal(max(code for code, _answer in refused.values()))
        case smtplib.SMTPDataError(smtp_code=code):
            return _refusal(code)
        case smtplib.SMTPAuthenticationError():
            return TemporaryFailure(_("E-postservern godtog inte vår inloggning."))
        case smtplib.SMTPSenderRefused():
            return TemporaryFailure(_("E-postservern godtog inte vår avsändaradress."))
        case ssl.SSLError() | smtplib.SMTPNotSupportedError():
            return TemporaryFailure(_("Det gick inte att nå e-postservern på ett säkert sätt."))
    return TemporaryFailure(_("E-postservern svarar inte som den ska."))


def _refusal(code: int) -> DeliveryFailure:
    if code >= 500:
        return PermanentFailure(_("E-postservern tar inte emot brevet (%(code)s).", code=code))
    return TemporaryFailure(_("E-postservern ber oss försöka senare (%(code)s).", code=code))
