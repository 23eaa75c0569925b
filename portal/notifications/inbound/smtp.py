"""Send a letter on to the official mailbox, and the automatic answer to one."""

import re
from contextlib import ExitStack, suppress
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, make_msgid
from hashlib import sha256
from urllib.parse import urlsplit

from email_validator import EmailNotValidError, validate_email

from portal import clock, crypto
from portal.config import Settings
from portal.notifications.channels import UncertainFailure, email
from portal.notifications.channels.deadlines import SocketHandle
from portal.notifications.delivery.dispatch import mail_settings

# The longest line of a letter (RFC 5322, 2.1.1).
MAX_LINE = 998
LOOP = "X-Kontakt-Forwarded"
# The sender of the envelope that no server answers.
NOBODY = ""
MAX_IDENTIFIER = 250
# Without what begins an encoded word (RFC 2047): EmailMessage decodes one in any value, line breaks too.
IDENTIFIER = re.compile(r"<[A-Za-z0-9.!#$%&'*+/^_{|}~-]+@[A-Za-z0-9.\[\]:-]+>")
ENCODED_WORD = "=?"
NEW_LINE = re.compile(rb"\r\n|\r|\n")


def loop_mark(using: Settings) -> str:
    """What every letter that we send on holds: one that has it comes back, or is a report about it."""
    return crypto.mac(using.code_key, "forwarded mail", "").hex()[:32]


def forward(raw: bytes, subject: str, text: str, using: Settings) -> None:
    """Send a letter on, as it is, to the official mailbox. Raises OSError, ValueError or MessageError."""
    letter = _letter(using.mail_forward, subject, text, "auto-generated", using)
    # The same one at each attempt, so that a mail program shows copies as one letter.
    name = crypto.mac(using.code_key, "forwarded letter", sha256(raw).hexdigest()).hex()[:32]
    letter.replace_header("Message-ID", f"<{name}@{_domain(using)}>")
    letter[LOOP] = loop_mark(using)
    _attach(letter, raw)
    _send(letter, using.mail_sender, using.mail_forward, using)


def answer(to: str, subject: str, text: str, message_id: str, using: Settings) -> None:
    """Send the automatic answer to a letter (RFC 3834). Raises OSError, ValueError or MessageError."""
    address = ascii_address(to)
    letter = _letter(address, subject, text, "auto-replied", using)
    if len(message_id) <= MAX_IDENTIFIER and IDENTIFIER.fullmatch(message_id):
        letter["In-Reply-To"] = letter["References"] = message_id
    _send(letter, NOBODY, address, using)


def ascii_address(address: str) -> str:
    """An address as mail servers write it. Raises ValueError for one that is none."""
    if ENCODED_WORD in address:
        raise ValueError("no address")
    try:
        valid = validate_email(address, check_deliverability=False, allow_smtputf8=False)
    except EmailNotValidError:
        raise ValueError("no address") from None
    return valid.ascii_email or address


def _letter(to: str, subject: str, text: str, submitted: str, using: Settings) -> EmailMessage:
    # The classic policy would break long ids over lines.
    letter = EmailMessage(policy=SMTP)
    letter["From"] = using.mail_sender
    letter["To"] = to
    letter["Subject"] = _one_line(subject)
    letter["Date"] = format_datetime(clock.now())
    letter["Message-ID"] = make_msgid(domain=_domain(using))
    letter["Auto-Submitted"] = submitted
    letter["X-Auto-Response-Suppress"] = "All"
    letter.set_content(text, cte="quoted-printable")
    return letter


def _domain(using: Settings) -> str:
    return urlsplit(using.base_url).hostname or "localhost"


def _one_line(text: str) -> str:
    """A text that holds no control character and no encoded word."""
    return "".join(sign if sign.isprintable() else " " for sign in text).replace(ENCODED_WORD, "= ?")


def _attach(letter: EmailMessage, raw: bytes) -> None:
    # A letter within a letter may not be encoded (RFC 2046, 5.2.1), so one that not every server takes as it
    # is goes as a file.
    lines = raw.splitlines()
    letter.add_attachment(raw, "application", "octet-stream", filename="mejl.eml")
    if raw.isascii() and b"\0" not in raw and max(map(len, lines), default=0) <= MAX_LINE:
        (part,) = letter.iter_attachments()
        part.replace_header("Content-Type", "message/rfc822")
        part.replace_header("Content-Transfer-Encoding", "7bit")
        part.set_payload(b"\r\n".join(lines).decode("ascii"))


def _send(letter: EmailMessage, sender: str, to: str, using: Settings) -> None:
    data = letter.as_bytes()
    if _header_names(data) != letter.keys():
        raise ValueError("a header that is not ours")
    _transmit(data, sender, to, mail_settings(using))


def _transmit(data: bytes, sender: str, to: str, server: email.MailSettings) -> None:
    """Give a letter to the mail server, with the deadlines of the outbox.

    Without an answer to the final dot it counts as sent: the server may have accepted it, and would have it
    again at each attempt.
    """
    handle = SocketHandle()
    connection = email.SafeConnection(server, handle=handle)
    with suppress(UncertainFailure), ExitStack() as stack:
        with handle.within(server.exchange_timeout):
            stack.enter_context(connection)
            connection.begin_from(sender)
            connection.transfer_bytes([to], data)
        with handle.within(server.answer_timeout):
            connection.finish()
        with handle.within(server.timeout):
            # With QUIT.
            stack.close()


def _header_names(data: bytes) -> list[str]:
    """The names in the head of a letter, as a mail server reads them."""
    names = []
    for line in NEW_LINE.split(data.partition(b"\r\n\r\n")[0]):
        if not line.startswith((b" ", b"\t")):
            names.append(line.partition(b":")[0].decode("ascii", "replace"))
    return names
