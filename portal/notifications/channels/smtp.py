"""An SMTP session: verified TLS, deadlines, and an error for each refusal."""

import re
import smtplib
import socket
import ssl
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass, field
from functools import cache
from types import TracebackType
from typing import Any, Literal

from flask_mail import Connection, Mail, Message, sanitize_address, sanitize_addresses

from portal.notifications.channels import UncertainFailure
from portal.notifications.channels.deadlines import SocketHandle
from portal.notifications.channels.smtp_failures import CLOSING
from portal.notifications.rules import Problem

FIRST_DOT = re.compile(rb"(?m)^\.")


@dataclass(frozen=True)
class MailSettings:
    """The mail server and the sender of all messages. Times in seconds.

    `timeout` is for the connection and each command, `exchange_timeout` for all that is before the final dot,
    and `answer_timeout` for the answer to that (RFC 5321, 4.5.3.2.6: ten minutes; the lease is shorter).
    """

    server: str
    port: int
    username: str | None
    password: str | None = field(repr=False)
    security: Literal["none", "starttls", "tls"]
    sender: str
    reply_to: str | None
    timeout: float = 10.0
    exchange_timeout: float = 60.0
    answer_timeout: float = 300.0


# To read the certificates of the system takes longer than all the rest of a message.
@cache
def _trust() -> ssl.SSLContext:
    return ssl.create_default_context()


class SafeConnection(Connection):
    """flask-mail's connection with verified certificates, deadlines and an error for each refusal."""

    def __init__(
        self,
        settings: MailSettings,
        context: ssl.SSLContext | None = None,
        handle: SocketHandle | None = None,
    ) -> None:
        super().__init__(Mail())
        self.settings = settings
        self.context = context
        self.handle = handle or SocketHandle()

    @property
    def server(self) -> smtplib.SMTP:
        """The open session."""
        assert self.host is not None
        return self.host

    def is_alive(self) -> bool:
        """Whether the server still answers."""
        try:
            return self.server.noop()[0] == 250
        except (OSError, ValueError):
            return False

    def configure_host(self) -> smtplib.SMTP:
        """Connect, encrypt and log in according to the settings."""
        try:
            host = _Session(self)
            try:
                self._prepare(host)
            except BaseException:
                host.close()
                raise
        except BaseException:
            self.handle.let_go()
            raise
        return host

    def _prepare(self, host: smtplib.SMTP) -> None:
        if self.settings.security == "starttls":
            host.starttls(context=self.context or _trust())
        if self.settings.username and self.settings.password:
            host.login(self.settings.username, self.settings.password)

    def send(self, message: Message, envelope_from: str | tuple[str, str] | None = None) -> None:
        """Send the message. Raises SMTPRecipientsRefused, and sends nothing, if one recipient is refused."""
        self.begin(message, envelope_from)
        self.transfer(message)
        self.finish()

    def begin(
        self, message: Message, sender: str | tuple[str, str] | None = None, is_kept: bool = False
    ) -> bool:
        """Give the sender. False if a session that was kept is closed by its server."""
        return self.begin_from(sanitize_address(sender or message.sender), is_kept)

    def begin_from(self, address: str, is_kept: bool = False) -> bool:
        """As begin(), with the address of the envelope; an empty one is the null sender."""
        self.server.ehlo_or_helo_if_needed()
        code, reply = self._whole(self.server.mail(_bare(address)))
        if code == CLOSING and is_kept:
            return False
        if code != 250:
            raise smtplib.SMTPSenderRefused(code, reply, address)
        return True

    def transfer(self, message: Message) -> None:
        """Give the recipients and the message, up to its final dot."""
        self.transfer_bytes(sanitize_addresses(message.send_to), message.as_bytes())

    def transfer_bytes(self, addresses: Iterable[str], data: bytes) -> None:
        """As transfer(), for a message in bytes."""
        refused = {}
        for address in addresses:
            code, reply = self._whole(self.server.rcpt(_bare(address)))
            if code not in (250, 251):
                refused[address] = (code, reply)
        if refused:
            raise smtplib.SMTPRecipientsRefused(refused)
        code, reply = self._whole(self.server.docmd("DATA"))
        if code != 354:
            raise smtplib.SMTPDataError(code, reply)
        self.server.send(_transparent(data))

    def finish(self) -> None:
        """Send the final dot and wait for the answer to it. Raises UncertainFailure without one."""
        self.server.send(b".\r\n")
        assert self.server.sock is not None
        self.server.sock.settimeout(self.settings.answer_timeout)
        try:
            code, reply = self._whole(self.server.getreply())
            self.server.sock.settimeout(self.settings.timeout)
        except (OSError, ValueError, AttributeError):
            # Without the cause, as in _smtp_failures(). The server may have accepted the message.
            raise UncertainFailure(Problem.UNCONFIRMED, of_channel=True) from None
        if code != 250:
            raise smtplib.SMTPDataError(code, reply)

    def _whole(self, answer: tuple[int, bytes]) -> tuple[int, bytes]:
        """The answer; smtplib takes the part of a line for one that came before its connection was ended."""
        if self.handle.was_shut_down:
            raise smtplib.SMTPServerDisconnected
        return answer

    def reset(self) -> bool:
        """Whether the session can be used for another message."""
        try:
            return self.server.rset()[0] == 250
        except (OSError, ValueError):
            return False

    def abandon(self) -> None:
        """Close the connection without QUIT."""
        self.server.close()
        self.handle.let_go()

    def __exit__(
        self, exc_type: type[BaseException] | None, exc_value: BaseException | None, tb: TracebackType | None
    ) -> None:
        # The message stays accepted when QUIT fails; after an error there is no QUIT.
        if exc_type is None:
            with suppress(OSError):
                self.server.quit()
        self.abandon()


class _Session(smtplib.SMTP):
    """An SMTP session whose socket can be shut down by its handle from the first byte on."""

    def __init__(self, owner: SafeConnection) -> None:
        self._owner = owner
        settings = owner.settings
        super().__init__(settings.server, settings.port, timeout=settings.timeout)

    def _get_socket(self, host: str, port: int, timeout: float) -> Any:
        opened = socket.create_connection((host, port), timeout, self.source_address)
        # The final dot is a packet of its own, which must not wait for the answer to the one before it.
        opened.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._owner.handle.hold(opened)
        if self._owner.settings.security != "tls":
            return opened
        try:
            return (self._owner.context or _trust()).wrap_socket(opened, server_hostname=host)
        except BaseException:
            opened.close()
            raise


def _bare(address: str) -> str:
    """The address of "Name <address>"."""
    return address.rpartition("<")[2].rstrip(">") if "<" in address else address


def _transparent(data: bytes) -> bytes:
    """The message as it is sent before the final dot (RFC 5321, 4.5.2)."""
    data = FIRST_DOT.sub(b"..", data)
    return data if data.endswith(b"\r\n") else data + b"\r\n"
