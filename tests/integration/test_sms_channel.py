"""SMS against a real gateway on loopback: what arrives, and what every kind of trouble becomes."""

import base64
import gzip
import logging
import socket
import ssl
import traceback
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import replace
from datetime import timedelta
from email.utils import format_datetime
from pathlib import Path
from threading import Event
from time import monotonic
from typing import Any

import pytest
import trustme
from flask import Flask
from flask_babel import Babel
from structlog.testing import capture_logs
from werkzeug import Response

from portal import clock
from portal.notifications.channels import (
    DeliveryFailure,
    PermanentFailure,
    TemporaryFailure,
    UncertainFailure,
)
from portal.notifications.channels.sms import Gateway, Sms, SmsSettings, send
from portal.notifications.rules import Problem
from tests.stubs.sms_gateway import DRIP, DROP, ENDLESS, HALF, HANG, SmsGateway

# A number of the series that is set aside for fiction.
SMS = Sms(
    to="+46701740612",
    text="Kontakt Burlöv: Ärende KB-2026-000123 är framme. https://kontakt.exempel.se/folj#KB-2026-000123",
    reference="utkorg-7",
)
HTML = "<!doctype html><title>Välkommen</title><h1>Logga in på nätet</h1>"


@pytest.fixture(autouse=True)
def app_context(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    # A proxy of the machine knows nothing of our loopback.
    monkeypatch.setenv("NO_PROXY", "127.0.0.1,localhost")
    app = Flask(__name__)
    app.testing = True
    Babel(app, default_locale="sv")
    with app.app_context():
        yield


@pytest.fixture(scope="module")
def running() -> Iterator[SmsGateway]:
    with SmsGateway() as started:
        yield started


@pytest.fixture
def gateway(running: SmsGateway) -> SmsGateway:
    """The gateway, with nothing received and its own answers."""
    running.answer = None
    running.accepted.clear()
    running.asked.clear()
    return running


def settings(gateway: SmsGateway, **changes: Any) -> SmsSettings:
    login = {"username": gateway.username, "password": gateway.password}
    values = {"gateway": "46elks", "url": gateway.url, "sender": "Burlov", "timeout": 5, **login, **changes}
    return SmsSettings(**values)


def failure_of(gateway: SmsGateway, sms: Sms = SMS, **changes: Any) -> DeliveryFailure:
    """The failure that a message ends in."""
    with pytest.raises(DeliveryFailure) as failure:
        send(sms, settings(gateway, **changes))
    return failure.value


def test_a_message_arrives_and_the_id_of_the_gateway_comes_back(gateway: SmsGateway) -> None:
    first, second = send(SMS, settings(gateway)), send(SMS, settings(gateway))
    expected = {"from": "Burlov", "to": SMS.to, "message": SMS.text, "dontlog": "message"}
    assert gateway.accepted == [expected, expected]
    assert (first, second) == (f"s{1:032x}", f"s{2:032x}")


@pytest.mark.parametrize(
    "text", ["Åäö ÅÄÖ éÉ", "a&b=c+d%20;#", "€{}[]~|^\\", "två\nrader", "🐄 och ç", "x" * 2000]
)
def test_every_sign_of_the_text_arrives(gateway: SmsGateway, text: str) -> None:
    send(replace(SMS, text=text), settings(gateway))
    assert gateway.accepted[0]["message"] == text


def test_the_login_travels_as_basic_auth_in_utf_8(gateway: SmsGateway) -> None:
    failure_of(gateway, username="användare", password="hemlighet: åäö €")
    login = base64.b64encode("användare:hemlighet: åäö €".encode()).decode()
    assert gateway.asked[0].headers["Authorization"] == f"Basic {login}"


def test_the_address_of_the_gateway_may_end_with_a_slash(gateway: SmsGateway) -> None:
    send(SMS, settings(gateway, url=gateway.url.rstrip("/")))
    send(SMS, settings(gateway, url=gateway.url.rstrip("/") + "/"))
    assert [request.path for request in gateway.asked] == ["/a1/sms", "/a1/sms"]


def test_a_wrong_password_is_ours_to_correct_and_nothing_is_sent(gateway: SmsGateway) -> None:
    failure = failure_of(gateway, password="fel")
    assert type(failure) is TemporaryFailure
    assert (failure.problem, failure.code, failure.of_channel) == (Problem.OUR_LOGIN, 401, True)
    assert gateway.accepted == []


@pytest.mark.parametrize(
    ("status", "expected"),
    [
        (301, TemporaryFailure),
        (303, TemporaryFailure),
        (307, TemporaryFailure),
        (400, PermanentFailure),
        (401, TemporaryFailure),
        (403, TemporaryFailure),
        (404, PermanentFailure),
        (408, TemporaryFailure),
        (413, PermanentFailure),
        (422, PermanentFailure),
        (425, TemporaryFailure),
        (429, TemporaryFailure),
        (500, TemporaryFailure),
        (503, TemporaryFailure),
        (599, TemporaryFailure),
    ],
)
def test_the_status_tells_what_is_final(
    gateway: SmsGateway, status: int, expected: type[DeliveryFailure]
) -> None:
    gateway.answer = Response(f"Invalid to: {SMS.to}", status, mimetype="text/plain")
    failure = failure_of(gateway)
    assert type(failure) is expected
    assert failure.code == status
    assert failure.of_channel is (expected is TemporaryFailure)


@pytest.mark.parametrize(
    ("header", "hold"), [("120", 120), ("999999999", 3600), ("snart", None), ("-5", None), ("", None)]
)
def test_the_pause_that_the_gateway_asks_for_is_kept_within_an_hour(
    gateway: SmsGateway, header: str, hold: float | None
) -> None:
    gateway.answer = Response("Slow down", 429, headers={"Retry-After": header})
    assert failure_of(gateway).hold == hold


def test_a_pause_may_be_a_date(gateway: SmsGateway) -> None:
    until = format_datetime(clock.now() + timedelta(minutes=10), usegmt=True)
    gateway.answer = Response("Slow down", 429, headers={"Retry-After": until})
    hold = failure_of(gateway).hold
    assert hold is not None
    assert 590 < hold <= 600


def test_messages_share_a_connection_that_was_used_just_before(gateway: SmsGateway) -> None:
    kept = Gateway()
    for _message in range(3):
        kept.send(SMS, settings(gateway))
    kept.close()
    assert len(gateway.accepted) == 3


def test_headers_that_come_a_byte_at_a_time_are_given_up_within_the_whole_time(gateway: SmsGateway) -> None:
    with dripping_server() as url:
        began = monotonic()
        failure = failure_of(gateway, url=url, timeout=0.3, total_timeout=0.6)
    assert type(failure) is UncertainFailure
    assert monotonic() - began < 3


@contextmanager
def dripping_server() -> Iterator[str]:
    """The address of a server that begins an answer and never comes to the end of its first header."""
    over = Event()
    with socket.create_server(("127.0.0.1", 0)) as listening, ThreadPoolExecutor(1) as pool:
        pool.submit(drip, listening, over)
        try:
            yield f"http://127.0.0.1:{listening.getsockname()[1]}"
        finally:
            over.set()


def drip(listening: socket.socket, over: Event) -> None:
    connection, _address = listening.accept()
    with connection, suppress(OSError):
        connection.sendall(b"HTTP/1.1 200 OK\r\nX: ")
        while not over.wait(0.05):
            connection.sendall(b"x")


def test_the_gateway_is_told_where_to_report_the_delivery(gateway: SmsGateway) -> None:
    send(replace(SMS, report_to="https://kontakt.exempel.se/leverans/sms/7-abc"), settings(gateway))
    assert gateway.accepted[0]["whendelivered"] == "https://kontakt.exempel.se/leverans/sms/7-abc"


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_a_redirect_is_not_followed(gateway: SmsGateway, status: int) -> None:
    gateway.answer = Response(status=status, headers={"Location": f"{gateway.url}/annan"})
    assert type(failure_of(gateway)) is TemporaryFailure
    assert len(gateway.asked) == 1


@pytest.mark.parametrize(
    "answer",
    [
        pytest.param(Response(HTML, mimetype="text/html"), id="html"),
        pytest.param(Response(HTML, mimetype="application/json"), id="html that says json"),
        pytest.param(Response(b""), id="nothing"),
        pytest.param(Response(status=204), id="no content"),
        pytest.param(Response('{"id": "s1", "stat'), id="half"),
        pytest.param(Response('{"id": "s1", "stat', headers={"Content-Length": "500"}), id="cut short"),
        pytest.param(Response(b'{"id": "\xff"}'), id="not utf-8"),
        pytest.param(Response('{"status": "created"}'), id="no id"),
        pytest.param(Response('{"id": ""}'), id="empty id"),
        pytest.param(Response('{"id": null}'), id="null id"),
        pytest.param(Response('{"id": 7}'), id="number as id"),
        pytest.param(Response('{"id": "\\u0000"}'), id="id that no database takes"),
        pytest.param(Response('{"id": "' + "s" * 101 + '"}'), id="long id"),
        pytest.param(Response('["id"]'), id="list"),
        pytest.param(Response('"s1"'), id="text"),
        pytest.param(Response("[" * 10_000), id="deep"),
        pytest.param(Response('{"id": "s1"}'.ljust(20_000)), id="long"),
        pytest.param(
            Response(gzip.compress(b'{"id": "s1"}'), headers={"Content-Encoding": "gzip"}), id="packed"
        ),
    ],
)
def test_an_accepting_answer_that_cannot_be_read_is_uncertain(gateway: SmsGateway, answer: Response) -> None:
    gateway.answer = answer
    assert type(failure_of(gateway)) is UncertainFailure


@pytest.mark.parametrize("trouble", [HANG, DROP, DRIP, HALF, ENDLESS])
def test_a_gateway_that_goes_quiet_after_the_request_is_uncertain_and_asked_once(
    gateway: SmsGateway, trouble: str
) -> None:
    gateway.answer = trouble
    assert type(failure_of(gateway, timeout=0.5)) is UncertainFailure
    assert len(gateway.asked) == 1


def test_a_message_that_the_gateway_failed_at_once_is_a_permanent_failure(gateway: SmsGateway) -> None:
    gateway.answer = Response('{"id": "s1", "status": "failed"}')
    assert type(failure_of(gateway)) is PermanentFailure


def test_a_gateway_that_is_down_is_a_temporary_failure(gateway: SmsGateway) -> None:
    with socket.socket() as bound_but_deaf:
        bound_but_deaf.bind((gateway.host, 0))
        url = f"http://{gateway.host}:{bound_but_deaf.getsockname()[1]}"
        assert type(failure_of(gateway, url=url)) is TemporaryFailure


@pytest.mark.parametrize(("scheme", "expected"), [("https", TemporaryFailure), ("http", UncertainFailure)])
def test_silence_before_the_request_is_written_is_temporary_and_after_it_uncertain(
    gateway: SmsGateway, scheme: str, expected: type[DeliveryFailure]
) -> None:
    with socket.create_server((gateway.host, 0)) as silent:
        url = f"{scheme}://{gateway.host}:{silent.getsockname()[1]}"
        assert type(failure_of(gateway, url=url, timeout=0.2)) is expected


@pytest.mark.parametrize(
    "url", ["", "api.exempel.se", "ftp://127.0.0.1", "http://", "http://[", "http://127.0.0.1:x"]
)
def test_an_address_that_is_none_is_a_temporary_failure(gateway: SmsGateway, url: str) -> None:
    assert type(failure_of(gateway, url=url)) is TemporaryFailure


def test_the_cause_of_a_failure_is_not_told_with_it(gateway: SmsGateway) -> None:
    failure = failure_of(gateway, url="hemligt@api.exempel.se")
    assert "hemligt" not in "".join(traceback.format_exception(failure))


def test_a_gateway_that_cannot_prove_its_name_gets_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    authority, certificate = trustme.CA(), ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    authority.issue_cert(SmsGateway.host).configure_cert(certificate)
    with SmsGateway(certificate) as gateway:
        assert type(failure_of(gateway)) is TemporaryFailure
        assert gateway.asked == []
        authority.cert_pem.write_to_path(str(tmp_path / "authority.pem"))
        monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(tmp_path / "authority.pem"))
        send(SMS, settings(gateway))
        assert len(gateway.accepted) == 1


@pytest.mark.parametrize(
    "number", ["", "0701740612", "46701740612", "+46", "+46 70 174 06 12", f"{SMS.to}\n", "+4670x"]
)
def test_a_number_that_no_gateway_can_take_is_a_permanent_failure(gateway: SmsGateway, number: str) -> None:
    assert type(failure_of(gateway, replace(SMS, to=number))) is PermanentFailure
    assert gateway.asked == []


def test_half_a_sign_is_a_permanent_failure(gateway: SmsGateway) -> None:
    assert type(failure_of(gateway, replace(SMS, text="\ud83d"))) is PermanentFailure
    assert gateway.asked == []


@pytest.mark.parametrize(
    "answer", [None, DROP, Response(SMS.to + SMS.text, 400), Response(SMS.to + SMS.text)]
)
def test_neither_number_nor_text_nor_password_is_ever_told(
    gateway: SmsGateway, answer: Response | str | None, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    gateway.answer = answer
    told = repr(SMS) + repr(settings(gateway))
    try:
        send(SMS, settings(gateway))
    except DeliveryFailure as failure:
        told += "".join(traceback.format_exception(failure))
    told += caplog.text
    assert "Starting new HTTP connection" in caplog.text
    assert [secret for secret in (SMS.to[1:], "Burlöv", gateway.password) if secret in told] == []


@pytest.mark.parametrize(
    "sender", ["", "Medborgarser", "Burlöv", "Kontakt B", "Kontakt!", "+46701740612", "Burlov\n"]
)
def test_a_sender_that_no_telephone_shows_is_refused(gateway: SmsGateway, sender: str) -> None:
    with pytest.raises(ValueError, match="sender"):
        settings(gateway, sender=sender)


@pytest.mark.parametrize("sender", ["B", "Kontakt2026", "burlov"])
def test_a_sender_of_at_most_eleven_signs_is_shown(gateway: SmsGateway, sender: str) -> None:
    send(SMS, settings(gateway, sender=sender))
    assert gateway.accepted[0]["from"] == sender


def test_the_console_sends_nothing_and_tells_only_the_number_of_parts(
    gateway: SmsGateway,
) -> None:
    console = replace(settings(gateway), gateway="console")
    with capture_logs() as lines:
        assert send(replace(SMS, text=SMS.text * 2), console) == "console"
    assert gateway.asked == []
    assert lines == [{"event": "sms.shown", "log_level": "info", "message": "utkorg-7", "parts": 2}]
