"""Letters that anybody may have written are read in bounded time, and never stop the reader."""

import time
from email.message import EmailMessage
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.notifications.inbound.mime import letters, markup, quotes
from portal.notifications.inbound.mime.bounces import Bounce
from portal.notifications.inbound.mime.charsets import decode

# Seconds of processor time for a letter of a megabyte.
LIMIT = 4.0
TOKEN = "17-" + "ab" * 10
DSN = f"""Return-Path: <>
To: studs+{TOKEN}@kommun.example
From: MAILER-DAEMON@mx.example
Subject: Undelivered
Message-ID: <b1@mx.example>
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="x"

--x

Not delivered.
--x
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.example

Final-Recipient: rfc822; maria@exempel.se
Action: {{action}}
Status: {{status}}
Diagnostic-Code: {{diagnostic}}

--x--
"""


def written(text: str = "Hej", **headers: str) -> bytes:
    message = EmailMessage()
    usual = {"From": "Maria <maria@exempel.se>", "Subject": "Re: Ärende", "Message-ID": "<m1@exempel.se>"}
    for name, value in (usual | {key.replace("_", "-"): value for key, value in headers.items()}).items():
        message[name] = value
    message.set_content(text)
    return message.as_bytes()


def test_a_usual_reply_is_read() -> None:
    raw = written("Tack, men när?\nMaria", In_Reply_To="<a@k.se>", References="<t@k.se> <a@k.se>")
    letter = letters.parse(raw)
    assert (letter.message_id, letter.references[0]) == ("<m1@exempel.se>", "<a@k.se>")
    assert (letter.subject, letter.text.strip()) == ("Re: Ärende", "Tack, men när?\nMaria")
    assert (letter.sender, letter.automatic, letter.attachments) == ("maria@exempel.se", False, 0)
    assert letter.whole


def test_the_plain_text_is_preferred_and_attachments_are_counted() -> None:
    message = EmailMessage()
    message.set_content("Som text")
    message.add_alternative("<p>Som HTML</p>", subtype="html")
    for name in ("a.pdf", "b.pdf"):
        message.add_attachment(b"%PDF", maintype="application", subtype="pdf", filename=name)
    letter = letters.parse(message.as_bytes())
    assert (letter.text.strip(), letter.attachments) == ("Som text", 2)


def test_html_alone_is_turned_into_text() -> None:
    message = EmailMessage()
    head = "<html><head><title>x</title><style>p{}</style></head>"
    message.set_content(head + "<body><p>Hej &amp; tack</p>1 < 2<br>Maria</body>", subtype="html")
    assert letters.parse(message.as_bytes()).text == "Hej & tack\n\n1 < 2\nMaria"


@pytest.mark.parametrize(
    "headers",
    [
        {"Auto_Submitted": "auto-replied"},
        {"Auto_Submitted": "auto-generated (vacation)"},
        {"X_Autoreply": "yes"},
        {"Precedence": "auto_reply"},
        {"Return_Path": "<>"},
    ],
)
def test_what_a_program_wrote_is_automatic_and_has_no_answer(headers: dict[str, str]) -> None:
    letter = letters.parse(written(**headers))
    assert (letter.automatic, letter.sender) == (True, "")


@pytest.mark.parametrize(
    "headers",
    [
        {"Precedence": "bulk"},
        {"Precedence": "List"},
        {"List_Id": "<nytt.exempel.se>"},
        {"X_Auto_Response_Suppress": "All"},
        {"From": "MAILER-DAEMON@exempel.se"},
        {"From": "No Reply <no-reply@exempel.se>"},
        {"From": "noreply+7@exempel.se"},
        {"From": "ingen adress"},
        {"From": "a@b.se, c@d.se"},
    ],
)
def test_a_letter_that_must_not_be_answered_has_no_sender(headers: dict[str, str]) -> None:
    letter = letters.parse(written(**headers))
    assert (letter.sender, letter.automatic) == ("", False)


def test_no_automatic_letter_says_no_in_words() -> None:
    assert letters.parse(written(Auto_Submitted="no")).sender == "maria@exempel.se"


def dsn(action: str = "failed", status: str = "5.1.1", diagnostic: str = "smtp; 550 5.1.1 unknown") -> Any:
    return letters.parse(DSN.format(action=action, status=status, diagnostic=diagnostic).encode())


@pytest.mark.parametrize(
    ("fields", "bounce"),
    [
        ({}, Bounce(True, 550)),
        ({"diagnostic": "x-unix; mailbox full"}, Bounce(True, 511)),
        ({"status": "4.4.7", "diagnostic": ""}, Bounce(True, 447)),
        ({"action": "delayed", "status": "4.2.2"}, Bounce(False, 550)),
        ({"action": "", "status": "5.1.1"}, Bounce(True, 550)),
        ({"action": "relayed", "status": "2.0.0", "diagnostic": ""}, Bounce(False, 200)),
        ({"action": "", "status": "", "diagnostic": ""}, None),
    ],
)
def test_a_report_of_a_mail_server_says_whether_it_has_given_up(
    fields: dict[str, str], bounce: Bounce | None
) -> None:
    letter = dsn(**fields)
    assert (letter.bounce, letter.tokens) == (bounce, (TOKEN,))
    assert letter.automatic


def nested(depth: int) -> bytes:
    opened = "Content-Type: multipart/mixed; boundary=b{0}\r\n\r\n--b{0}\r\n"
    return "".join(map(opened.format, range(depth))).encode() + b"\r\nhej\r\n"


MEGABYTE = 1_000_000
MIXED = b"Content-Type: multipart/mixed; boundary=b\r\n\r\n"
HOSTILE = {
    "nothing": b"",
    "no header": b"\r\n\r\nhej",
    "one line": b"x" * MEGABYTE,
    "huge header": b"X: " + b"y" * MEGABYTE + b"\r\n\r\nhej",
    "many headers": b"X: y\r\n" * 150_000 + b"\r\nhej",
    "many parts": MIXED + b"--b\r\n\r\nhej\r\n" * 80_000,
    "ten thousand parts": b"Content-Type: multipart/mixed; boundary=b\r\n\r\n"
    + b"--b\r\n\r\nhej\r\n" * 10_000,
    "nested": nested(10_000),
    "nested a little": nested(9) + b"\r\n" * 400_000,
    "letters in letters": b"Content-Type: message/rfc822\r\n\r\n" * 30_000,
    "digests": b"Content-Type: multipart/digest; boundary=b\r\n\r\n--b\r\n\r\n" * 10_000,
    "empty lines": b"A: b\r\n\r\n" + b"\n" * MEGABYTE,
    "carriage returns": b"A: b\r\n\r\n" + b"\r" * MEGABYTE,
    "open tags": b"Content-Type: text/html\r\n\r\n" + b"<a " * 300_000,
    "open comments": b"Content-Type: text/html\r\n\r\n" + b"<!--" * 250_000,
    "open scripts": b"Content-Type: text/html\r\n\r\n" + b"<script>" * 120_000,
    "entities": b"Content-Type: text/html\r\n\r\n" + b"&amp" * 250_000,
    "signs": b"Content-Type: text/html\r\n\r\n" + b"< " * 500_000,
    "punycode": b"Content-Type: text/plain; charset=punycode\r\n\r\n" + b"a" * MEGABYTE,
    "zip": b"Content-Type: text/plain; charset=zip\r\n\r\n" + b"a" * 1000,
    "bad charset": b"Content-Type: text/plain; charset=\"\xff\x00'\r\n\r\n\xe5\xe4\xf6",
    "bad base64": b"Content-Type: text/plain\r\nContent-Transfer-Encoding: base64\r\n\r\n" + b"=a" * 300_000,
    "uuencode": b"Content-Type: text/plain\r\nContent-Transfer-Encoding: x-uuencode\r\n\r\nbegin 666 x\r\n!!",
    "encoded words": b"Subject: " + b"=?utf-8?q?" * 6_000 + b"\r\n\r\nhej",
    "references": b"References: " + b"<a" * 30_000 + b"\r\n\r\nhej",
    "marks": b"Content-Type: text/plain; charset=utf-8\r\n\r\na" + "\u0301".encode() * 400_000,
    "broken header": b"Content-Type: multipart/mixed; boundary=\r\nMIME-Version\r\n\r\n--\r\n",
    "nul": b"Subject: a\x00b\r\n\r\n\x00",
}


@pytest.mark.parametrize("name", HOSTILE)
def test_no_letter_takes_long_or_stops_the_reader(name: str) -> None:
    raw = HOSTILE[name][:MEGABYTE]
    start = time.thread_time()
    letter = letters.parse(raw)
    assert time.thread_time() - start < LIMIT
    assert letter.subject.isprintable()


@given(st.binary(max_size=300))
def test_any_bytes_are_a_letter(raw: bytes) -> None:
    assert letters.parse(raw).digest == letters.parse(raw).digest


@given(
    st.lists(
        st.sampled_from(["<p>", "</p>", "<", ">", "<!--", "-->", "<script>", "</script>", "a", "&lt;", "İ"])
    )
)
def test_any_markup_is_turned_into_text(pieces: list[str]) -> None:
    assert "\n\n\n" not in markup.text_of("".join(pieces))


def test_a_subject_cannot_begin_a_header() -> None:
    raw = b"Subject: =?utf-8?q?Hej=0D=0ABcc:_alla@exempel.se?=\r\n\r\nhej"
    assert letters.parse(raw).subject == "Hej Bcc: alla@exempel.se"


@pytest.mark.parametrize(
    ("charset", "content"),
    [
        ("iso-8859-1", b"\xe5\x93"),
        ("windows-1252", b"\xe5\x93"),
        ("utf-8", "å“".encode()),
        ("utf-16", "å“".encode("utf-16")),
        ("hex", "å“".encode()),
        ("", "å“".encode()),
    ],
)
def test_text_is_decoded_by_its_character_set(charset: str, content: bytes) -> None:
    assert decode(content, charset) == "å“"


QUOTE = (
    "Den 3 mars 2026 kl. 08:00 skrev Kontakt <kontakt@k.se>:\n> Du har fått svar.\n> https://k.se/folj#KB-1\n"
)


def test_our_own_letter_is_cut_from_below_a_reply() -> None:
    assert quotes.without_quote(f"Tack\n\n{QUOTE}\n", "k.se/") == "Tack"


@pytest.mark.parametrize(
    "text",
    [
        QUOTE,
        f"{QUOTE}Mitt svar nedanför",
        "Tack\n\nDen 3 mars skrev Kontakt:\n> Något annat\n",
        "Tack\n\nSe här:\n> https://k.se/folj#KB-1\n",
        "> https://k.se/",
        "Tack\n\n-----Ursprungligt meddelande-----\nFrån: Kontakt\nhttps://k.se/",
    ],
)
def test_what_is_not_certainly_our_own_letter_is_kept(text: str) -> None:
    assert quotes.without_quote(text, "k.se/") == text


def with_parameters(size: int, kind: str, field: str = "Content-Type") -> bytes:
    """A letter with a part whose parameters have a text that looks like many more of them."""
    parameters = f'{field}: {kind}; x="' + ";" * size + '"\n'
    head = "From: a@b.se\nMIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=b\n\n"
    return (head + "--b\n" + parameters + "\nHej\n--b--\n").encode()


def seconds(raw: bytes) -> float:
    """The processor time of reading a letter; the least of three."""
    times = []
    for _attempt in range(3):
        started = time.thread_time()
        letters.parse(raw)
        times.append(time.thread_time() - started)
    return min(times)


@pytest.mark.parametrize("kind", ["text/plain", "multipart/mixed", "text/plain; y=\u00e5"])
def test_parameters_are_read_in_linear_time(kind: str) -> None:
    # Four times as long: quadratic time is sixteen times as much.
    short, long = (seconds(with_parameters(size, kind)) for size in (225_000, 900_000))
    assert long <= 8 * short + 0.05


def test_parameters_of_the_letter_itself_are_read_in_linear_time() -> None:
    raw = b'From: a@b.se\nContent-Type: multipart/mixed; x="' + b";" * 60_000 + b'"\n\nHej\n'
    assert seconds(raw) < 0.25


def test_many_parts_with_long_parameters_are_read_in_bounded_time() -> None:
    part = b'--b\nContent-Type: text/plain; x="' + b";" * 2_000 + b'"\n\nHej\n'
    raw = b"From: a@b.se\nContent-Type: multipart/mixed; boundary=b\n\n" + part * 450 + b"--b--\n"
    started = time.thread_time()
    assert letters.parse(raw).text.startswith("Hej\n\nHej")
    assert time.thread_time() - started < LIMIT


def test_a_part_with_long_parameters_is_still_read() -> None:
    letter = letters.parse(with_parameters(100_000, "text/plain; charset=utf-8"))
    assert letter.text.strip() == "Hej"
