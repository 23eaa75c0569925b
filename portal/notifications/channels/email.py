"""E-mail over SMTP: flask-mail's message on a connection with verified TLS, timeouts and all errors reported.

Needs a Flask app context for flask-mail, but no request.
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
from functools import cache
from types import TracebackType
from typing import Literal, Self

from email_validator import EmailNotValidError, validate_email
from flask import current_app
from flask_mail import Connection, Mail, Message, sanitize_address, sanitize_addresses

from portal import clock
from portal.notifications.channels import DeliveryFailure, PermanentFailure, TemporaryFailure
from portal.notifications.rules import Problem

# Line breaks, control characters and lone surrogates: a line break would begin another header.
INVALID_IN_HEADER = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]")


@dataclass(frozen=True)
class MailSettings:
    """The mail server and the sender of all messages; timeout in seconds."""

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
    """A rendered message to one recipient; message_id includes its angle brackets."""

    to: str
    subject: str
    text: str
    html: str
    message_id: str
    language: str


def send(email: Email, settings: MailSettings, context: ssl.SSLContext | None = None) -> None:
    """Send a message. Raises TemporaryFailure or PermanentFailure."""
    with Connections(context) as connections:
        connections.send(email, settings)


def verify_connection(settings: MailSettings, context: ssl.SSLContext | None = None) -> None:
    """Connect, encrypt and log in as send() does, without sending. Raises as send() does."""
    with _smtp_failures(), SafeConnection(settings, context):
        pass


# To read the certificates of the system takes longer than all the rest of a message.
@cache
def _trust() -> ssl.SSLContext:
    return ssl.create_default_context()


class Connections:
    """A connection that is kept open from one message to the next; to be used in a `with` block."""

    def __init__(self, context: ssl.SSLContext | None = None) -> None:
        self.context = context
        self._open: SafeConnection | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_error: object) -> None:
        if self._open:
            self._open.__exit__(None, None, None)
            self._open = None

    def send(self, email: Email, settings: MailSettings) -> None:
        """Send a message. Raises TemporaryFailure or PermanentFailure."""
        message = _compose(email, settings)
        with _smtp_failures(), self._connection(settings) as connection:
            connection.send(message)

    @contextmanager
    def _connection(self, settings: MailSettings) -> Iterator["SafeConnection"]:
        connection, self._open = self._open, None
        # Asked before the message: a connection that broke while it waited must not cost a message its try.
        if connection is None or connection.settings != settings or not connection.is_alive():
            connection = SafeConnection(settings, self.context).__enter__()
        try:
            yield connection
        except BaseException as error:
            connection.__exit__(type(error), error, None)
            raise
        self._open = connection


class SafeConnection(Connection):
    """flask-mail's connection with verified certificates, a timeout and an error for each refusal."""

    def __init__(self, settings: MailSettings, context: ssl.SSLContext | None = None) -> None:
        super().__init__(Mail())
        self.settings = settings
        self.context = context

    def is_alive(self) -> bool:
        """Whether the server still answers. A connection that does not is closed."""
        assert self.host is not None
        try:
            alive = self.host.noop()[0] == 250
        except (OSError, ValueError):
            alive = False
        if not alive:
            self.host.close()
        return alive

    def configure_host(self) -> smtplib.SMTP:
        """Connect, encrypt and log in according to the settings."""
        host = self._dial()
        try:
            self._prepare(host)
        except Exception:
            host.close()
            raise
        return host

    def _dial(self) -> smtplib.SMTP:
        settings = self.settings
        if settings.security == "tls":
            return smtplib.SMTP_SSL(
                settings.server, settings.port, timeout=settings.timeout, context=self.context or _trust()
            )
        return smtplib.SMTP(settings.server, settings.port, timeout=settings.timeout)

    def _prepare(self, host: smtplib.SMTP) -> None:
        if self.settings.security == "starttls":
            host.starttls(context=self.context or _trust())
        if self.settings.username and self.settings.password:
            host.login(self.settings.username, self.settings.password)

    def send(self, message: Message, envelope_from: str | tuple[str, str] | None = None) -> None:
        """Send the message. Raises SMTPRecipientsRefused even if other recipients were accepted."""
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
        # The message stays accepted when QUIT fails; after an error there is no QUIT.
        if exc_type is None:
            with suppress(OSError):
                self.host.quit()
        self.host.close()


class _FoldedMessage(Message):
    """flask-mail's message with lines and headers within the limits of RFC 5322."""

    def _mimetext(self, text: str | None, subtype: str = "plain") -> MIMEText:
        # Unencoded, a paragraph of more than 998 bytes is refused or cut by mail servers (RFC 5322, 2.1.1).
        short_lines = Charset("utf-8")
        short_lines.body_encoding = QP
        return MIMEText(text or "", subtype, short_lines)  # type: ignore[arg-type]

    def _message(self) -> MIMEBase:
        message = super()._message()
        # flask-mail has folded already; Python's second folding can break encoded names and long ids.
        message.policy = SMTP.clone(refold_source="none")
        return message


def _compose(email: Email, settings: MailSettings) -> Message:
    _check_headers(email.to, email.subject, email.message_id, email.language)
    # flask-mail looks up how to name attachments even when there are none.
    current_app.extensions.setdefault("mail", Mail().init_mail({}))
    message = _FoldedMessage(
        subject=email.subject,
        recipients=[_ascii_address(email.to)],
        body=email.text,
        html=email.html,
        sender=settings.sender,
        reply_to=settings.reply_to,
        date=clock.now().timestamp(),
        # Auto-generated, so that no holiday reply comes back (RFC 3834).
        extra_headers={"Auto-Submitted": "auto-generated", "Content-Language": email.language},
    )
    message.msgId = email.message_id
    return message


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


@contextmanager
def _smtp_failures() -> Iterator[None]:
    try:
        yield
    except (OSError, ValueError) as error:
        # SMTP errors quote the address, and tracebacks end up in logs.
        raise _failure(error) from None


def _failure(error: Exception) -> DeliveryFailure:
    # Only a refusal of this message is final. A wrong password, sender or certificate is ours to correct,
    # and the message waits for that.
    match error:
        case smtplib.SMTPRecipientsRefused(recipients=refused):
            return _refusal(max(code for code, _reply in refused.values()))
        case smtplib.SMTPDataError(smtp_code=code):
            return _refusal(code)
        case smtplib.SMTPAuthenticationError():
            return TemporaryFailure(Problem.OUR_LOGIN)
        case smtplib.SMTPSenderRefused():
            return TemporaryFailure(Problem.OUR_SENDER)
        case ssl.SSLError() | smtplib.SMTPNotSupportedError():
            return TemporaryFailure(Problem.INSECURE)
    return TemporaryFailure(Problem.UNREACHABLE)


def _refusal(code: int) -> DeliveryFailure:
    if code >= 500:
        return PermanentFailure(Problem.ADDRESS_REFUSED, code)
    return TemporaryFailure(Problem.TRY_LATER, code)
