"""E-mail over SMTP, on a connection that is kept from one message to the next.

Needs a Flask app context for flask-mail, but no request.
"""

import smtplib
import ssl
from contextlib import suppress
from time import monotonic
from typing import Self

from flask_mail import Message

from portal.notifications.channels.composition import Email as Email
from portal.notifications.channels.composition import compose
from portal.notifications.channels.deadlines import SocketHandle
from portal.notifications.channels.smtp import MailSettings as MailSettings
from portal.notifications.channels.smtp import SafeConnection as SafeConnection
from portal.notifications.channels.smtp_failures import CLOSING, reply_codes, smtp_failures

# A connection that was idle for longer is asked whether it is alive before it gets a message.
MAX_IDLE_SECONDS = 5.0


def send(email: Email, settings: MailSettings, context: ssl.SSLContext | None = None) -> None:
    """Send a message. Raises a subclass of DeliveryFailure."""
    with Connections(context) as connections:
        connections.send(email, settings)


def verify_connection(settings: MailSettings, context: ssl.SSLContext | None = None) -> None:
    """Connect, encrypt and log in as send() does, without sending. Raises as send() does."""
    handle = SocketHandle()
    with smtp_failures(), handle.within(settings.exchange_timeout), SafeConnection(settings, context, handle):
        pass


class Connections:
    """A connection that is kept open from one message to the next; to be used in a `with` block."""

    def __init__(self, context: ssl.SSLContext | None = None) -> None:
        self.context = context
        self._handle = SocketHandle()
        self._open: SafeConnection | None = None
        self._used_at = 0.0

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_error: object) -> None:
        self.close()

    def close(self) -> None:
        """End the session with QUIT."""
        connection, self._open = self._open, None
        if connection:
            with self._handle.within(connection.settings.timeout):
                connection.__exit__(None, None, None)

    def interrupt(self) -> None:
        """End what a server keeps another thread waiting for."""
        self._handle.shut_down()

    def send(self, email: Email, settings: MailSettings) -> None:
        """Send a message. Raises a subclass of DeliveryFailure."""
        message = compose(email, settings.sender, settings.reply_to)
        with smtp_failures():
            connection = self._transfer(message, email.return_path, settings)
            with self._handle.within(settings.answer_timeout):
                self._finish(connection)

    def _transfer(self, message: Message, sender: str | None, settings: MailSettings) -> SafeConnection:
        """Give the server all of the message but the final dot."""
        with self._handle.within(settings.exchange_timeout):
            connection = self._begun(message, sender, settings)
            try:
                connection.transfer(message)
            except (smtplib.SMTPResponseException, smtplib.SMTPRecipientsRefused) as refusal:
                self._keep_if_usable(connection, refusal)
                raise
            except BaseException:
                connection.abandon()
                raise
        return connection

    def _begun(self, message: Message, sender: str | None, settings: MailSettings) -> SafeConnection:
        """A connection that has accepted the sender of the message."""
        kept = self._take(settings)
        # A kept connection may have been closed by the server at any moment, which costs no message its try.
        if kept:
            with suppress(smtplib.SMTPServerDisconnected, OSError):
                if kept.begin(message, sender, is_kept=True):
                    return kept
            kept.abandon()
        fresh = SafeConnection(settings, self.context, self._handle).__enter__()
        try:
            fresh.begin(message, sender)
        except BaseException:
            fresh.abandon()
            raise
        return fresh

    def _take(self, settings: MailSettings) -> SafeConnection | None:
        connection, self._open = self._open, None
        if connection is None:
            return None
        is_idle = monotonic() - self._used_at > MAX_IDLE_SECONDS
        if connection.settings == settings and not (is_idle and not connection.is_alive()):
            return connection
        connection.abandon()
        return None

    def _finish(self, connection: SafeConnection) -> None:
        try:
            connection.finish()
        except smtplib.SMTPResponseException as refusal:
            self._keep_if_usable(connection, refusal)
            raise
        except BaseException:
            connection.abandon()
            raise
        self._keep(connection)

    def _keep_if_usable(self, connection: SafeConnection, refusal: smtplib.SMTPException) -> None:
        """Keep the session for the next message, unless the server is about to close it."""
        if CLOSING not in reply_codes(refusal) and connection.reset():
            self._keep(connection)
        else:
            connection.abandon()

    def _keep(self, connection: SafeConnection) -> None:
        self._open = connection
        self._used_at = monotonic()
