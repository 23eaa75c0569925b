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
from typing import Literal
from urllib.parse import urlencode

import requests
import structlog
from requests.auth import HTTPBasicAuth
from urllib3.exceptions import HTTPError

from portal.http_body import read_body
from portal.notifications import segments
from portal.notifications.channels import PermanentFailure, TemporaryFailure, UncertainFailure
from portal.notifications.rules import Problem

log: structlog.stdlib.BoundLogger = structlog.get_logger()
DEFAULT_URL = "https://api.46elks.com"
MAX_BYTES = 16 * 1024
E164 = re.compile(r"\+[1-9][0-9]{6,14}")
SENDER = re.compile(r"[A-Za-z0-9]{1,11}")
IDENTIFIER = re.compile(r"[A-Za-z0-9._:-]{1,100}")


@dataclass(frozen=True)
class SmsSettings:
    """The gateway and the sender shown on the telephone; timeout in seconds."""

    gateway: Literal["46elks", "console"]
    url: str
    username: str
    password: str = field(repr=False)
    sender: str
    timeout: float = 10

    def __post_init__(self) -> None:
        if not SENDER.fullmatch(self.sender):
            raise ValueError("the sender of an SMS has 1 to 11 signs, A-Z, a-z and 0-9")


@dataclass(frozen=True)
class Sms:
    """A message to one telephone (E.164); the reference is its name in our log."""

    to: str = field(repr=False)
    text: str = field(repr=False)
    reference: str


def send(sms: Sms, settings: SmsSettings) -> str:
    """Send an SMS; returns the gateway's id of it. Raises a subclass of DeliveryFailure."""
    if settings.gateway == "console":
        return _log_only(sms)
    form = BytesIO(_form(sms, settings))
    with _http_failures(form), _post(form, settings) as response:
        _check_status(response.status_code)
        deadline = monotonic() + settings.timeout
        return _identifier(read_body(response, MAX_BYTES, deadline, decode=False))


def _log_only(sms: Sms) -> str:
    log.info("sms.shown", message=sms.reference, parts=segments.count(sms.text).parts)
    return "console"


def _form(sms: Sms, settings: SmsSettings) -> bytes:
    if not E164.fullmatch(sms.to):
        raise PermanentFailure(Problem.ADDRESS_INVALID)
    # dontlog: the gateway keeps no copy of the text.
    fields = {"from": settings.sender, "to": sms.to, "message": sms.text, "dontlog": "message"}
    try:
        return urlencode(fields).encode()
    except UnicodeEncodeError:
        raise PermanentFailure(Problem.MESSAGE_INVALID) from None


def _post(form: BytesIO, settings: SmsSettings) -> requests.Response:
    return requests.post(
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
    return UncertainFailure(Problem.UNCONFIRMED)


def _unreached() -> TemporaryFailure:
    return TemporaryFailure(Problem.UNREACHABLE)


def _check_status(code: int) -> None:
    if 300 <= code < 400:
        # The address in the settings is ours to correct, and the message waits for that.
        raise TemporaryFailure(Problem.OUR_ADDRESS, code)
    if code == 429 or code >= 500:
        raise TemporaryFailure(Problem.TRY_LATER, code)
    if code >= 400:
        raise PermanentFailure(Problem.MESSAGE_REFUSED, code)


def _identifier(body: bytes) -> str:
    match json.loads(body):
        case {"status": "failed"}:
            raise PermanentFailure(Problem.REPORTED_FAILED)
        case {"id": str(identifier)} if IDENTIFIER.fullmatch(identifier):
            return identifier
    raise ValueError("an answer without an id")
