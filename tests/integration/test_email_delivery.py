"""E-mail against real mail servers on loopback: what arrives, and what every kind of trouble becomes."""

import smtplib
import socket
import traceback
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime
from email import message_from_bytes
from email.header import decode_header, make_header
from email.message import EmailMessage
from email.utils import parsedate_to_datetime
from time import monotonic
from typing import Literal

import pytest
from flask import Flask, current_app
from flask_babel import Babel
from flask_mail import Mail, Message

from portal import clock
from portal.notifications.channels import (
    DeliveryFailure,
    PermanentFailure,
    TemporaryFailure,
    UncertainFailure,
)
from portal.notifications.channels.email import (
    Connections,
    Email,
    MailSettings,
    SafeConnection,
    send,
    verify_connection,
)
from tests.stubs.mail_server import DRIP, DROP, HANG, MailServer

EMAIL = Email(
    to="alva@exempel.se",
    subject="Vi har tagit emot ditt klagomål, KB-2026-000123",
    text="Hej,\n\nräksmörgås på Åängsvägen.\n",
    html="<p>räksmörgås på Åängsvägen</p>",
    message_id="<utkorg-7@kontakt.exempel.se>",
    language="sv",
)


@pytest.fixture(autouse=True)
def app_context() -> Iterator[None]:
    app = Flask(__name__)
    app.testing = True
    Babel(app, default_locale="sv")
    with app.app_context():
        yield


@pytest.fixture
def server() -> Iterator[MailServer]:
    with MailServer() as running:
        yield running


def in_context(function: Callable[..., None]) -> Callable[..., None]:
    """The function as another thread may call it."""
    app = current_app._get_current_object()  # type: ignore[attr-defined]

    def within(*arguments: object) -> None:
        with app.app_context():
            function(*arguments)

    return within


def settings(server: MailServer) -> MailSettings:
    return MailSettings(
        server=server.host,
        port=server.port,
        username=None,
        password=None,
        security=server.security,
        sender="Kontakt Burlöv <kontakt@exempel.se>",
        reply_to="medborgarservice@exempel.se",
        timeout=5.0,
    )


def part(message: EmailMessage, kind: str) -> str:
    body = message.get_body((kind,))
    assert body is not None
    return str(body.get_content()).replace("\r\n", "\n")


def test_swedish_letters_arrive_intact_in_subject_sender_text_and_html(server: MailServer) -> None:
    send(EMAIL, settings(server))
    [message] = server.received
    assert message["Subject"] == EMAIL.subject
    assert message["From"].addresses[0].display_name == "Kontakt Burlöv"
    assert part(message, "plain") == EMAIL.text
    assert part(message, "html").strip() == EMAIL.html
    assert server.recipients == ["alva@exempel.se"]


def test_text_and_html_are_alternatives_in_utf_8(server: MailServer) -> None:
    send(EMAIL, settings(server))
    [message] = server.received
    parts = list(message.iter_parts())
    assert message.get_content_type() == "multipart/alternative"
    assert [part.get_content_type() for part in parts] == ["text/plain", "text/html"]
    assert {part.get_content_charset() for part in parts} == {"utf-8"}


def test_the_message_says_that_a_machine_sent_it_in_which_language_and_where_to_reply(
    server: MailServer,
) -> None:
    send(replace(EMAIL, language="en"), settings(server))
    [message] = server.received
    assert message["Auto-Submitted"] == "auto-generated"
    assert message["Content-Language"] == "en"
    assert message["Reply-To"] == "medborgarservice@exempel.se"
    assert message["To"] == "alva@exempel.se"


def test_without_a_reply_address_there_is_no_reply_to(server: MailServer) -> None:
    send(EMAIL, replace(settings(server), reply_to=None))
    assert "Reply-To" not in server.received[0]


def test_the_date_is_the_portals_clock(server: MailServer, monkeypatch: pytest.MonkeyPatch) -> None:
    moment = datetime(2026, 5, 4, 8, 15, tzinfo=UTC)
    monkeypatch.setattr(clock, "now", lambda: moment)
    send(EMAIL, settings(server))
    assert parsedate_to_datetime(server.received[0]["Date"]) == moment


@pytest.mark.parametrize("length", [1, 70, 200])
def test_the_message_id_arrives_as_given(server: MailServer, length: int) -> None:
    given = f"<{'a' * length}@kontakt.exempel.se>"
    send(replace(EMAIL, message_id=given), settings(server))
    assert f"Message-ID: {given}\r\n".encode() in server.raw[0]
    assert server.raw[0].count(b"Message-ID") == 1


def test_a_long_swedish_subject_and_sender_arrive_whole(server: MailServer) -> None:
    subject = "Vi har börjat ta hand om din felanmälan på Åängsvägen och Östra Ågatan. " * 3
    sender = "Kontakt Älvdalens, Övertorneås och Åsele gemensamma medborgarservice på nätet"
    quoted = replace(settings(server), sender=f'"{sender}" <kontakt@exempel.se>')
    send(replace(EMAIL, subject=subject.strip()), quoted)
    # The modern parser of Python 3.11 opens a gap between two encoded words of a name, the old one does not.
    message = message_from_bytes(server.raw[0])
    assert str(make_header(decode_header(message["Subject"]))) == subject.strip()
    assert str(make_header(decode_header(message["From"]))) == f"{sender} <kontakt@exempel.se>"


def test_an_answer_in_one_long_paragraph_is_never_refused_for_its_line_length(server: MailServer) -> None:
    text = "Å" * 20_000
    send(replace(EMAIL, text=text), settings(server))
    assert part(server.received[0], "plain").strip() == text
    assert max(map(len, server.raw[0].splitlines())) <= 998


@pytest.mark.parametrize("text", [".\nslut\n..\n", "rad\u2028rad\n", "a=b  \nc\n"])
def test_lines_that_mean_something_to_a_mail_server_arrive_as_written(server: MailServer, text: str) -> None:
    send(replace(EMAIL, text=text), settings(server))
    assert part(server.received[0], "plain") == text


def test_a_swedish_domain_is_written_in_ascii(server: MailServer) -> None:
    send(replace(EMAIL, to="alva@räksmörgås.se"), settings(server))
    assert server.recipients == ["alva@xn--rksmrgs-5wao1o.se"]
    assert server.received[0]["To"] == "alva@xn--rksmrgs-5wao1o.se"


def test_a_domain_follows_the_present_rules_for_international_names(server: MailServer) -> None:
    send(replace(EMAIL, to="alva@straße.de"), settings(server))
    assert server.recipients == ["alva@xn--strae-oqa.de"]


def test_the_longest_address_stays_in_one_piece(server: MailServer) -> None:
    address = f"{'a' * 64}@{'b' * 60}.{'c' * 60}.se"
    send(replace(EMAIL, to=address), settings(server))
    assert server.recipients == [address]
    assert server.received[0]["To"] == address


@pytest.mark.parametrize(
    "address", ["åsa@exempel.se", "alva", "", "Alva <alva@exempel.se>", "a@exempel.se, b@exempel.se"]
)
def test_an_address_that_no_header_can_hold_is_a_permanent_failure(server: MailServer, address: str) -> None:
    with pytest.raises(PermanentFailure) as failure:
        send(replace(EMAIL, to=address), settings(server))
    assert server.sessions == 0
    assert "exempel" not in str(failure.value)


@pytest.mark.parametrize(
    "poison",
    [
        "\r\nBcc: annan@exempel.se",
        "\nX: y",
        "\r",
        "\n\n",
        "\r\n ",
        "\x00",
        "\x0b",
        "\x85",
        "\u2028",
        "\ud800",
    ],
)
@pytest.mark.parametrize("place", ["to", "subject", "message_id", "language"])
def test_no_header_can_be_injected(server: MailServer, place: str, poison: str) -> None:
    with pytest.raises(PermanentFailure):
        send(replace(EMAIL, **{place: getattr(EMAIL, place) + poison}), settings(server))
    assert server.sessions == 0


def test_starttls_is_used_when_the_certificate_is_trusted() -> None:
    with MailServer("starttls") as server:
        send(EMAIL, settings(server), server.trust)
        assert server.received[0]["Message-ID"] == EMAIL.message_id


def test_tls_from_the_first_byte_works() -> None:
    with MailServer("tls") as server:
        send(EMAIL, settings(server), server.trust)
        assert server.received[0]["Message-ID"] == EMAIL.message_id


@pytest.mark.parametrize("security", ["starttls", "tls"])
def test_an_unknown_authority_is_a_temporary_failure_and_nothing_is_sent(
    security: Literal["starttls", "tls"],
) -> None:
    with MailServer(security) as server:
        with pytest.raises(TemporaryFailure, match="insecure"):
            send(EMAIL, settings(server))
        assert server.raw == []


def test_a_certificate_for_another_name_is_a_temporary_failure_and_nothing_is_sent() -> None:
    with MailServer("starttls") as server:
        with pytest.raises(TemporaryFailure, match="insecure"):
            send(EMAIL, replace(settings(server), server="localhost"), server.trust)
        assert server.raw == []


def test_a_server_without_starttls_gets_nothing_when_starttls_is_asked_for(server: MailServer) -> None:
    with pytest.raises(TemporaryFailure, match="insecure"):
        send(EMAIL, replace(settings(server), security="starttls"))
    assert server.raw == []


def test_the_right_password_signs_in() -> None:
    with MailServer("starttls", {"kontakt": "hemligt"}) as server:
        send(EMAIL, replace(settings(server), username="kontakt", password="hemligt"), server.trust)
        assert server.signed_in == ["kontakt"]
        assert len(server.raw) == 1


@pytest.mark.parametrize("password", ["fel", "åäö"])
def test_a_wrong_password_is_a_temporary_failure_and_nothing_is_sent(password: str) -> None:
    with MailServer("starttls", {"kontakt": "hemligt"}) as server:
        with pytest.raises(TemporaryFailure):
            send(EMAIL, replace(settings(server), username="kontakt", password=password), server.trust)
        assert server.raw == []


def test_trying_it_out_finds_a_wrong_password_and_sends_nothing() -> None:
    with MailServer("starttls", {"kontakt": "hemligt"}) as server:
        with pytest.raises(TemporaryFailure, match="our_login"):
            verify_connection(replace(settings(server), username="kontakt", password="fel"), server.trust)
        verify_connection(replace(settings(server), username="kontakt", password="hemligt"), server.trust)
        assert (set(server.signed_in), server.raw) == ({"kontakt"}, [])


def test_the_password_never_shows_when_the_settings_are_printed(server: MailServer) -> None:
    assert "hemligt" not in repr(replace(settings(server), password="hemligt"))


@pytest.mark.parametrize(
    ("command", "answer", "expected"),
    [
        ("MAIL", "451 later", TemporaryFailure),
        ("MAIL", "550 not you", TemporaryFailure),
        ("RCPT", "421 closing", TemporaryFailure),
        ("RCPT", "451 greylisted", TemporaryFailure),
        ("RCPT", "550 no such user", PermanentFailure),
        ("DATA", "421 closing", TemporaryFailure),
        ("DATA", "451 later", TemporaryFailure),
        ("DATA", "550 not wanted", PermanentFailure),
        ("DATA", "554 spam", PermanentFailure),
        ("MAIL", DROP, TemporaryFailure),
        ("RCPT", DROP, TemporaryFailure),
        ("DATA", DROP, UncertainFailure),
        ("RCPT", "550 5.7.1 relay access denied", TemporaryFailure),
        ("RCPT", "550 relay not permitted", TemporaryFailure),
        ("RCPT", "554 Unable to relay.", TemporaryFailure),
        ("RCPT", "550 5.1.1 <x>: User unknown in relay recipient table", PermanentFailure),
        ("RCPT", "550 <alva@relay.example>: no such user", PermanentFailure),
        ("RCPT", "550 relay.example has no such user", PermanentFailure),
        ("RCPT", "550 5.7.1 <alva@relay.example>: not here", TemporaryFailure),
        ("RCPT", "530 5.7.0 must authenticate", TemporaryFailure),
        ("DATA", "554 5.7.1 blocked", TemporaryFailure),
    ],
)
def test_only_what_the_server_says_about_this_letter_is_final(
    server: MailServer, command: str, answer: str, expected: type[DeliveryFailure]
) -> None:
    server.answers[command] = answer
    with pytest.raises(DeliveryFailure) as failure:
        send(EMAIL, settings(server))
    assert type(failure.value) is expected
    assert server.raw == []


@pytest.mark.parametrize("code", ["451", "550"])
def test_the_reason_tells_the_code_but_neither_the_address_nor_the_text(
    server: MailServer, code: str
) -> None:
    server.answers["RCPT"] = f"{code} <alva@exempel.se>: no Raksmorgas here"
    with pytest.raises(DeliveryFailure) as failure:
        send(EMAIL, settings(server))
    told = "".join(traceback.format_exception(failure.value))
    assert str(failure.value.code) == code
    assert "alva" not in told
    assert "morgas" not in told


@pytest.mark.parametrize("command", ["CONNECT", "MAIL", "RCPT"])
def test_a_hanging_server_is_a_temporary_failure_within_the_timeout(server: MailServer, command: str) -> None:
    server.answers[command] = HANG
    with pytest.raises(TemporaryFailure) as failure:
        send(EMAIL, replace(settings(server), timeout=0.2))
    assert (failure.value.of_channel, server.raw) == (True, [])


def test_a_server_that_is_silent_after_the_final_dot_may_have_taken_the_letter(server: MailServer) -> None:
    server.answers["DATA"] = HANG
    with pytest.raises(UncertainFailure):
        send(EMAIL, replace(settings(server), answer_timeout=0.2))


def test_a_server_may_take_longer_after_the_final_dot_than_for_any_command(server: MailServer) -> None:
    server.pauses["DATA"] = 0.5
    send(EMAIL, replace(settings(server), timeout=0.2, answer_timeout=5.0))
    assert len(server.raw) == 1


@pytest.mark.parametrize("command", ["CONNECT", "MAIL", "RCPT"])
def test_a_server_that_answers_a_byte_at_a_time_is_given_up(server: MailServer, command: str) -> None:
    server.answers[command] = DRIP
    began = monotonic()
    with pytest.raises(TemporaryFailure):
        send(EMAIL, replace(settings(server), timeout=0.3, exchange_timeout=0.6))
    assert monotonic() - began < 3


def test_a_server_that_drips_after_the_final_dot_is_given_up_too(server: MailServer) -> None:
    server.answers["DATA"] = DRIP
    with pytest.raises(UncertainFailure):
        send(EMAIL, replace(settings(server), timeout=0.3, answer_timeout=0.6))


def test_another_thread_can_end_a_wait(server: MailServer) -> None:
    server.answers["RCPT"] = HANG
    with Connections() as connections, ThreadPoolExecutor(1) as pool:
        sending = pool.submit(in_context(connections.send), EMAIL, settings(server))
        server.reached["RCPT"].wait(5)
        connections.interrupt()
        assert type(sending.exception(2)) is TemporaryFailure


def test_letters_share_a_session_and_a_refusal_ends_none(server: MailServer) -> None:
    server.unknown.add("borta@exempel.se")
    with Connections() as connections:
        connections.send(EMAIL, settings(server))
        with pytest.raises(PermanentFailure):
            connections.send(replace(EMAIL, to="borta@exempel.se"), settings(server))
        connections.send(EMAIL, settings(server))
    assert (server.sessions, len(server.raw), server.goodbyes) == (1, 2, 1)


def test_a_case_is_one_thread_and_its_letters_can_be_declined_with_one_click(server: MailServer) -> None:
    link = "https://kontakt.exempel.se/avanmal/7-abc"
    thread = "<arende.0123456789abcdef@kontakt.exempel.se>"
    send(replace(EMAIL, references=thread, unsubscribe=link), settings(server))
    [message] = server.received
    assert message["References"] == thread
    assert message["List-Unsubscribe"] == f"<{link}>"
    assert message["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert message["X-Auto-Response-Suppress"] == "All"


def test_a_letter_without_them_has_no_such_headers(server: MailServer) -> None:
    send(EMAIL, settings(server))
    assert not {"References", "List-Unsubscribe", "List-Unsubscribe-Post"} & set(server.received[0].keys())


def test_a_bounce_comes_back_to_the_address_of_the_letter(server: MailServer) -> None:
    send(replace(EMAIL, return_path="studs+7-abc@exempel.se"), settings(server))
    send(EMAIL, settings(server))
    assert server.senders == ["studs+7-abc@exempel.se", "kontakt@exempel.se"]


@pytest.mark.parametrize("goodbye", [DROP, HANG, "421 closing"])
def test_an_accepted_letter_stays_accepted_when_the_goodbye_fails(server: MailServer, goodbye: str) -> None:
    server.answers["QUIT"] = goodbye
    send(EMAIL, replace(settings(server), timeout=0.5))
    assert len(server.raw) == 1


def test_a_server_that_is_down_is_a_temporary_failure(server: MailServer) -> None:
    with socket.socket() as bound_but_deaf:
        bound_but_deaf.bind((server.host, 0))
        with pytest.raises(TemporaryFailure):
            send(EMAIL, replace(settings(server), port=bound_but_deaf.getsockname()[1]))


def test_one_refused_recipient_of_two_is_not_passed_over_in_silence(server: MailServer) -> None:
    server.unknown.add("borta@exempel.se")
    Mail(current_app)
    letter = Message(
        "Prov", ["alva@exempel.se", "borta@exempel.se"], body="Prov", sender="kontakt@exempel.se"
    )
    with (
        pytest.raises(smtplib.SMTPRecipientsRefused) as refusal,
        SafeConnection(settings(server)) as connection,
    ):
        connection.send(letter)
    assert list(refusal.value.recipients) == ["borta@exempel.se"]
