"""A mail server on loopback for tests: plain, STARTTLS or TLS, with AUTH, and as unhelpful as a test asks."""

import asyncio
import ssl
import threading
from collections import defaultdict
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from types import TracebackType
from typing import Any, Literal, Self, cast

import trustme
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, Session

HANG = "hang"
DROP = "drop"
DRIP = "drip"
TAKE = "take"
DRIP_SECONDS = 0.05


class MailServer:
    """A real SMTP server; `answers` maps CONNECT, MAIL, RCPT, DATA or QUIT to an answer, HANG, DROP or DRIP.

    `pauses` has the seconds that an answer takes, and `reached` what it has been asked. `unknown` holds
    addresses that get 550, so that a message may be refused in part. `received` holds what was accepted,
    `recipients` and `senders` the envelope addresses, and `trust` the client's side of the certificate.
    CONNECT knows HANG and DRIP only, and DATA knows TAKE: the message is accepted and no answer comes.
    """

    host = "127.0.0.1"

    def __init__(
        self,
        security: Literal["none", "starttls", "tls"] = "none",
        users: dict[str, str] | None = None,
    ) -> None:
        self.security = security
        self.users = users or {}
        self.answers: dict[str, str] = {}
        self.pauses: dict[str, float] = {}
        self.reached: defaultdict[str, threading.Event] = defaultdict(threading.Event)
        self.unknown: set[str] = set()
        self.raw: list[bytes] = []
        self.recipients: list[str] = []
        self.senders: list[str] = []
        self.goodbyes = 0
        self.signed_in: list[str] = []
        self.sessions = 0
        self._protocols: list[asyncio.Protocol] = []
        authority = trustme.CA()
        self.trust = ssl.create_default_context()
        authority.configure_trust(self.trust)
        self._certificate = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        authority.issue_cert(self.host).configure_cert(self._certificate)

    @property
    def received(self) -> list[EmailMessage]:
        """The accepted messages, parsed."""
        return [message_from_bytes(raw, policy=default) for raw in self.raw]

    def __enter__(self) -> Self:
        self._loop = asyncio.new_event_loop()
        implicit = self._certificate if self.security == "tls" else None
        opening = self._loop.create_server(self._protocol, self.host, 0, ssl=implicit)
        self._server = self._loop.run_until_complete(opening)
        self.port: int = self._server.sockets[0].getsockname()[1]
        self._thread = threading.Thread(target=self._loop.run_forever, name="mail server")
        self._thread.start()
        return self

    def __exit__(
        self, exc_type: type[BaseException] | None, exc: BaseException | None, tb: TracebackType | None
    ) -> None:
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.run_until_complete(self._close())
        self._loop.close()

    async def _close(self) -> None:
        self._server.close()
        for protocol in self._protocols:
            transport = getattr(protocol, "transport", None)
            if transport is not None:
                transport.abort()
        tasks = asyncio.all_tasks() - {cast("asyncio.Task[Any]", asyncio.current_task())}
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        await self._server.wait_closed()

    def _protocol(self) -> asyncio.Protocol:
        self.sessions += 1
        silent = {HANG: _Mute, DRIP: _Dripping}.get(self.answers.get("CONNECT", ""))
        protocol = silent() if silent else self._smtp()
        self._protocols.append(protocol)
        return protocol

    def _smtp(self) -> SMTP:
        return SMTP(
            self,
            hostname="localhost",
            loop=self._loop,
            tls_context=self._certificate if self.security == "starttls" else None,
            require_starttls=self.security == "starttls",
            auth_required=bool(self.users),
            authenticator=self._authenticate,
        )

    def _authenticate(
        self, server: SMTP, session: Session, envelope: Envelope, mechanism: str, sent: Any
    ) -> AuthResult:
        name, password = sent.login.decode(), sent.password.decode()
        success = self.users.get(name) == password
        if success:
            self.signed_in.append(name)
        return AuthResult(success=success, handled=False)

    async def _answer(self, server: SMTP, command: str, otherwise: str) -> str:
        answer = self.answers.get(command, otherwise)
        self.reached[command].set()
        await asyncio.sleep(self.pauses.get(command, 0))
        if answer == HANG:
            await asyncio.Event().wait()
        while answer == DRIP and not server.transport.is_closing():
            server.transport.write(b"2")
            await asyncio.sleep(DRIP_SECONDS)
        if answer == DROP and isinstance(server.transport, asyncio.Transport):
            server.transport.abort()
        return answer

    async def handle_MAIL(  # noqa: N802
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        """Take the sender, or answer as told."""
        envelope.mail_from = address
        return await self._answer(server, "MAIL", "250 OK")

    async def handle_RCPT(  # noqa: N802
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        """Take the recipient, or answer as told."""
        answer = await self._answer(
            server, "RCPT", "550 no such user" if address in self.unknown else "250 OK"
        )
        if answer.startswith("2"):
            envelope.rcpt_tos.append(address)
        return answer

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        """Keep the message, or answer as told."""
        answer = await self._answer(server, "DATA", "250 OK")
        if answer.startswith("2") or answer == TAKE:
            self.senders.append(str(envelope.mail_from))
            self.raw.append(cast(bytes, envelope.content))
            self.recipients.extend(envelope.rcpt_tos)
        if answer == TAKE and isinstance(server.transport, asyncio.Transport):
            server.transport.abort()
        return answer

    async def handle_QUIT(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        """Say goodbye, or answer as told."""
        self.goodbyes += 1
        return await self._answer(server, "QUIT", "221 Bye")


class _Mute(asyncio.Protocol):
    """Takes the connection and says nothing."""

    transport: asyncio.BaseTransport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Remember what to hang up."""
        self.transport = transport


class _Dripping(_Mute):
    """Takes the connection and sends a byte now and then, but never a line."""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Begin to drip."""
        super().connection_made(transport)
        self._drip()

    def _drip(self) -> None:
        if isinstance(self.transport, asyncio.Transport) and not self.transport.is_closing():
            self.transport.write(b"2")
            asyncio.get_running_loop().call_later(DRIP_SECONDS, self._drip)
