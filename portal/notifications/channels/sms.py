"""SMS through a gateway over HTTP (46elks), or in development through the outbox page alone.

Sending a message again that was sent is a second SMS on the recipient's telephone, so failures distinguish
what may have been sent from what was not.
"""

import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from io import BytesIO
from time import monotonic
from typing import Any, Literal
from urllib.parse import urlencode

import requests
import structlog
from requests.adapters import HTTPAdapter
from requests.auth import HTTPBasicAuth
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool
from urllib3.exceptions import HTTPError

from portal import clock
from portal.http_body import read_body
from portal.notifications import segments
from portal.notifications.channels import (
    DeliveryFailure,
    PermanentFailure,
    TemporaryFailure,
    UncertainFailure,
)
from portal.notifications.channels.deadlines import SocketHandle
from portal.notifications.channels.pauses import retry_after
from portal.notifications.rules import Problem

log: structlog.stdlib.BoundLogger = structlog.get_logger()
DEFAULT_URL = "https://api.46elks.com"
MAX_BYTES = 16 * 1024
E164 = re.compile(r"\+[1-9][0-9]{6,14}")
SENDER = re.compile(r"[A-Za-z0-9]{1,11}")
# A connection that was idle for longer is opened again: if the gateway had closed it just then, it would
# not be known whether the message was read.
MAX_IDLE_SECONDS = 5.0
# Ours to correct, and an answer that may be another one in a while.
LOGIN_CODES = frozenset({401, 403})
LATER_CODES = frozenset({408, 425, 429})
IDENTIFIER = re.compile(r"[A-Za-z0-9._:-]{1,100}")


@dataclass(frozen=True)
class SmsSettings:
    """The gateway and the sender shown on the telephone.

    In seconds: `timeout` for the connection and for each read, `total_timeout` for the whole exchange.
    """

    gateway: Literal["46elks", "console"]
    url: str
    username: str
    password: str = field(repr=False)
    sender: str
    timeout: float = 10
    total_timeout: float = 30

    def __post_init__(self) -> None:
        if not SENDER.fullmatch(self.sender):
            raise ValueError("the sender of an SMS has 1 to 11 signs, A-Z, a-z and 0-9")


@dataclass(frozen=True)
class Sms:
    """A message to one telephone (E.164); the reference is its name in our log.

    `report_to` is the address that the gateway calls when the message was delivered, or was not.
    """

    to: str = field(repr=False)
    text: str = field(repr=False)
    reference: str
    report_to: str | None = field(default=None, repr=False)


def send(sms: Sms, settings: SmsSettings) -> str:
    """Send an SMS; returns the gateway's id of it. Raises a subclass of DeliveryFailure."""
    gateway = Gateway()
    try:
        return gateway.send(sms, settings)
    finally:
        gateway.close()


class Gateway:
    """A session with the gateway, whose connection is kept from one message to the next."""

    def __init__(self) -> None:
        self._handle = SocketHandle()
        self._used_at = monotonic()
        self._session = requests.Session()
        # Mounted for each scheme that requests knows; another is refused as an address that is none.
        for scheme in ("http://", "https://"):
            self._session.mount(scheme, _Adapter(self._handle))

    def send(self, sms: Sms, settings: SmsSettings) -> str:
        """Send an SMS; returns the gateway's id of it. Raises a subclass of DeliveryFailure."""
        if settings.gateway == "console":
            return _log_only(sms)
        if monotonic() - self._used_at > MAX_IDLE_SECONDS:
            self.close()
        try:
            form = BytesIO(_form(sms, settings))
            with _http_failures(form), self._handle.within(settings.total_timeout):
                return self._answer(form, settings)
        finally:
            self._used_at = monotonic()

    def interrupt(self) -> None:
        """End what the gateway keeps another thread waiting for."""
        self._handle.shut_down()

    def close(self) -> None:
        """Close the connection."""
        self._session.close()
        self._handle.let_go()

    def _answer(self, form: BytesIO, settings: SmsSettings) -> str:
        with _post(self._session, form, settings) as response:
            _check_status(response)
            deadline = monotonic() + settings.timeout
            return _identifier(read_body(response, MAX_BYTES, deadline, decode=False))


class _Adapter(HTTPAdapter):
    """Gives the socket of each connection that it opens to a handle."""

    def __init__(self, handle: SocketHandle) -> None:
        self._handle = handle
        super().__init__(pool_connections=1, pool_maxsize=1, max_retries=0)

    def init_poolmanager(self, *arguments: Any, **options: Any) -> None:
        """Open connections of our own classes."""
        super().init_poolmanager(*arguments, **options)
        self.poolmanager.pool_classes_by_scheme = _pools(self._handle)


def _pools(handle: SocketHandle) -> dict[str, Any]:
    class Plain(HTTPConnection):
        def _new_conn(self) -> Any:
            opened = super()._new_conn()
            handle.hold(opened)
            return opened

    class Encrypted(HTTPSConnection):
        def _new_conn(self) -> Any:
            opened = super()._new_conn()
            handle.hold(opened)
            return opened

    class PlainPool(HTTPConnectionPool):
        ConnectionCls = Plain

    class EncryptedPool(HTTPSConnectionPool):
        ConnectionCls = Encrypted

    return {"http": PlainPool, "https": EncryptedPool}


def _log_only(sms: Sms) -> str:
    log.info("sms.shown", message=sms.reference, parts=segments.count(sms.text).parts)
    return "console"


def _form(sms: Sms, settings: SmsSettings) -> bytes:
    if not E164.fullmatch(sms.to):
        raise PermanentFailure(Problem.ADDRESS_INVALID)
    # dontlog: the gateway keeps no copy of the text.
    fields = {"from": settings.sender, "to": sms.to, "message": sms.text, "dontlog": "message"}
    if sms.report_to:
        fields["whendelivered"] = sms.report_to
    try:
        return urlencode(fields).encode()
    except UnicodeEncodeError:
        raise PermanentFailure(Problem.MESSAGE_INVALID) from None


def _post(session: requests.Session, form: BytesIO, settings: SmsSettings) -> requests.Response:
    return session.post(
        f"{settings.url.rstrip('/')}/a1/sms",
        data=form,
        auth=HTTPBasicAuth(settings.username.encode(), settings.password.encode()),
        headers={
            "Content-Type": "application/x-www-form-urlencoded",
            "Accept": "application/json",
            # A compressed body could expand beyond MAX_BYTES.
            "Accept-Encoding": "identity",
        },
        timeout=settings.timeout,
        # A redirect would send number and text to an address that is not in the settings.
        allow_redirects=False,
        stream=True,
    )


@contextmanager
def _http_failures(form: BytesIO) -> Iterator[None]:
    try:
        yield
    except (OSError, HTTPError, ValueError, RecursionError):
        # The form is read when it is written to an open connection, so one that is unread was not sent.
        # Without the cause: its traceback would end up in the log with number and text.
        raise _uncertain() if form.tell() else _unreached() from None


def _uncertain() -> UncertainFailure:
    return UncertainFailure(Problem.UNCONFIRMED, of_channel=True)


def _unreached() -> TemporaryFailure:
    return TemporaryFailure(Problem.UNREACHABLE, of_channel=True)


def _check_status(response: requests.Response) -> None:
    failure = _failure(response.status_code, response.headers.get("Retry-After"))
    if failure:
        raise failure


def _failure(code: int, pause: str | None) -> DeliveryFailure | None:
    if code < 300:
        return None
    # The address and the login in the settings are ours to correct, and the message waits for that.
    if code < 400:
        return TemporaryFailure(Problem.OUR_ADDRESS, code, of_channel=True)
    if code in LOGIN_CODES:
        return TemporaryFailure(Problem.OUR_LOGIN, code, of_channel=True)
    if code in LATER_CODES or code >= 500:
        hold = retry_after(pause, clock.now())
        return TemporaryFailure(Problem.TRY_LATER, code, of_channel=True, hold=hold)
    return PermanentFailure(Problem.MESSAGE_REFUSED, code)


def _identifier(body: bytes) -> str:
    match json.loads(body):
        case {"status": "failed"}:
            raise PermanentFailure(Problem.REPORTED_FAILED)
        case {"id": str(identifier)} if IDENTIFIER.fullmatch(identifier):
            return identifier
    raise ValueError("an answer without an id")
