"""SMS through a gateway over HTTP (46elks), or shown in the outbox alone.

Needs no request but an app context with Babel. A second try of a message that did leave is a second
message to somebody's telephone, so what may have left is told apart from what surely did not.
"""

import json
import logging
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from io import BytesIO
from time import monotonic
from typing import Literal
from urllib.parse import urlencode

import requests
from flask_babel import gettext as _
from requests.auth import HTTPBasicAuth
from urllib3.exceptions import HTTPError

from portal.notifications import segments
from portal.notifications.channels import PermanentFailure, TemporaryFailure, UncertainFailure

log = logging.getLogger(__name__)
DEFAULT_URL = "https://api.46elks.com"
MAX_BYTES = 16 * 1024
E164 = re.compile(r"\+[1-9][0-9]{6,14}")
SENDER = re.compile(r"[A-Za-z0-9]{1,11}")
IDENTIFIER = re.compile(r"[A-Za-z0-9._:-]{1,100}")


@dataclass(frozen=True)
class SmsSettings:
    """The gateway that takes our messages, and the name that the telephone shows."""

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
    """One message to one telephone (E.164); the reference is what our own log calls it."""

    to: str = field(repr=False)
    text: str = field(repr=False)
    reference: str


def send(sms: Sms, settings: SmsSettings) -> str:
    """Give the gateway's id, or raise TemporaryFailure, PermanentFailure or UncertainFailure."""
    if settings.gateway == "console":
        return _show(sms)
    form = BytesIO(_form(sms, settings))
    with _explained(form), _post(form, settings) as answer:
        _check(answer.status_code)
        return _identifier(_body(answer, settings.timeout))


def _show(sms: Sms) -> str:
    log.info("SMS %s, parts: %d, is shown in the outbox", sms.reference, segments.count(sms.text).parts)
    return "console"


def _form(sms: Sms, settings: SmsSettings) -> bytes:
    if not E164.fullmatch(sms.to):
        raise PermanentFailure(_("Telefonnumret går inte att skicka till."))
    fields = {"from": settings.sender, "to": sms.to, "message": sms.text, "dontlog": "message"}
    try:
        return urlencode(fields).encode()
    except UnicodeEncodeError:
        raise PermanentFailure(_("Meddelandet innehåller tecken som inte går att skicka.")) from None


def _post(form: BytesIO, settings: SmsSettings) -> requests.Response:
    return requests.post(
        f"{settings.url.rstrip('/')}/a1/sms",
        data=form,
        auth=HTTPBasicAuth(settings.username.encode(), settings.password.encode()),
        headers={
            "Content-Type": "application/x-www-form-urlencoded",
            "Accept": "application/json",
            # What is packed could unpack to anything.
            "Accept-Encoding": "identity",
        },
        timeout=settings.timeout,
        allow_redirects=False,
        stream=True,
    )


@contextmanager
def _explained(form: BytesIO) -> Iterator[None]:
    try:
        yield
    except (OSError, HTTPError, ValueError, RecursionError):
        # The form is read only when it is about to be written to a connection that works: an unread one
        # never left. Tracebacks end up in logs, so the cause is not told.
        raise _uncertain() if form.tell() else _unreached() from None


def _uncertain() -> UncertainFailure:
    return UncertainFailure(_("Sms-tjänsten svarade inte som den ska. Meddelandet kan ha skickats ändå."))


def _unreached() -> TemporaryFailure:
    return TemporaryFailure(_("Det gick inte att nå sms-tjänsten."))


def _check(code: int) -> None:
    if 300 <= code < 400:
        # An address that is ours to put right, and the message waits for that.
        raise TemporaryFailure(_("Sms-tjänsten hänvisar till en annan adress (%(code)s).", code=code))
    if code == 429 or code >= 500:
        raise TemporaryFailure(_("Sms-tjänsten ber oss försöka senare (%(code)s).", code=code))
    if code >= 400:
        raise PermanentFailure(_("Sms-tjänsten tar inte emot meddelandet (%(code)s).", code=code))


def _body(answer: requests.Response, seconds: float) -> bytes:
    """The whole answer, unless it is too long or takes too long: each byte in time is not enough."""
    body, end = b"", monotonic() + seconds
    while piece := answer.raw.read1(MAX_BYTES, decode_content=False):
        body += piece
        if len(body) > MAX_BYTES or monotonic() > end:
            raise ValueError("an answer without end")
    return body


def _identifier(body: bytes) -> str:
    match json.loads(body):
        case {"status": "failed"}:
            raise PermanentFailure(_("Sms-tjänsten kunde inte skicka meddelandet."))
        case {"id": str(identifier)} if IDENTIFIER.fullmatch(identifier):
            return identifier
    raise ValueError("an answer without an id")
