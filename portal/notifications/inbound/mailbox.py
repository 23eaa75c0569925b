"""Read the mailbox: each letter once, whatever the others are."""

import random
from email.errors import MessageError
from functools import partial

import structlog

from portal.config import Settings, settings
from portal.database.errors import DatabaseUnavailable
from portal.db import transaction
from portal.notifications.inbound import outcomes, registry, smtp, words
from portal.notifications.inbound.imap import ImapSettings, Mailbox, MailboxUnavailable
from portal.notifications.inbound.mime import letters
from portal.notifications.inbound.mime.letters import Letter
from portal.notifications.inbound.models import Outcome
from portal.notifications.inbound.outcomes import Handled

log: structlog.stdlib.BoundLogger = structlog.get_logger()
# Letters that are read in one go.
BATCH = 100
# Bytes of a letter that are read for its text, and the largest letter that is sent on.
MAX_READ = 1024 * 1024
MAX_FORWARD = 25 * 1024 * 1024
# What sending a letter raises.
UNSENT = (OSError, ValueError, MessageError)


class Reader:
    """Reads the mailbox, and logs once why it cannot be read."""

    def __init__(self) -> None:
        self._problem = ""

    def read(self) -> int:
        """Handle the letters that are new in the mailbox, at most BATCH; returns their number."""
        try:
            count = _read_letters()
            problem = ""
        except MailboxUnavailable as failure:
            count, problem = 0, str(failure)
        if problem and problem != self._problem:
            log.error("mailbox.unavailable", reason=problem)
        self._problem = problem
        return count


_reader = Reader()


def read_new() -> int:
    """As Reader.read(), if there is a mailbox."""
    return _reader.read() if settings().imap_server else 0


def imap_settings(using: Settings) -> ImapSettings:
    """The settings of the mailbox."""
    return ImapSettings(
        server=using.imap_server,
        port=using.imap_port,
        username=using.imap_username,
        password=using.imap_password,
        security=using.imap_security,
        folder=using.imap_folder,
    )


def verify() -> str:
    """Open the mailbox and read nothing; returns the reason if that fails, else an empty text."""
    try:
        with Mailbox(imap_settings(settings())):
            return ""
    except MailboxUnavailable as failure:
        return str(failure)


def _read_letters() -> int:
    with transaction():
        registry.forget_old()
    count = 0
    with Mailbox(imap_settings(settings())) as mailbox:
        for letter in _some(mailbox.unseen()):
            count += _handle_safely(mailbox, letter)
    return count


def _some(ids: list[bytes]) -> list[bytes]:
    # A random part, so that letters that cannot be sent on now do not stay before the others for days.
    chosen = ids if len(ids) <= BATCH else random.sample(ids, BATCH)
    return sorted(chosen, key=int)


def _handle_safely(mailbox: Mailbox, letter: bytes) -> bool:
    """Whether a letter was handled. One that fails is left to a person, and the others are read."""
    try:
        return _handle(mailbox, letter)
    except (MailboxUnavailable, DatabaseUnavailable):
        raise
    except Exception:
        log.exception("mailbox.letter_failed")
        mailbox.mark(letter, for_a_person=True)
        return True


def _handle(mailbox: Mailbox, uid: bytes) -> bool:
    size = mailbox.size(uid)
    raw = mailbox.fetch(uid, 0, MAX_READ)
    letter = letters.parse(raw, truncated=size > len(raw))
    comes_back = smtp.loop_mark(settings()).encode() in raw
    with transaction():
        handled = outcomes.handle(letter, comes_back)
    if handled.answer:
        _answer(handled.answer, letter)
    outcome: Outcome | None = handled.outcome
    if handled.must_forward:
        outcome = _send_on(mailbox, uid, size, letter, handled)
    if outcome is None:
        return False
    _finish(mailbox, uid, letter, outcome)
    return True


def _finish(mailbox: Mailbox, uid: bytes, letter: Letter, outcome: Outcome) -> None:
    # Without an official mailbox the rest of a reply is here alone.
    has_rest = outcome is Outcome.REPLY and not words.is_complete(letter)
    mailbox.mark(uid, for_a_person=outcome is Outcome.LEFT or (has_rest and not settings().mail_forward))
    log.info("mailbox.letter", outcome=outcome.value)


def _answer(answer: outcomes.Answer, letter: Letter) -> None:
    # It is counted already: an answer may be lost, but never sent twice.
    try:
        smtp.answer(answer.to, answer.subject, answer.text, letter.message_id, settings())
    except UNSENT as error:
        log.warning("mailbox.answer_failed", reason=type(error).__name__)


def _send_on(mailbox: Mailbox, uid: bytes, size: int, letter: Letter, handled: Handled) -> Outcome | None:
    """What became of a letter that has to be sent on; None if that is tried again later."""
    with transaction():
        if not registry.claim(handled.row):
            return None
    try:
        _forward(mailbox, uid, size, letter, handled)
    except UNSENT as error:
        log.warning("mailbox.forward_failed", reason=type(error).__name__)
        with transaction():
            return Outcome.LEFT if registry.give_up(handled.row) else None
    with transaction():
        registry.finish(handled.row)
    return handled.outcome


def _forward(mailbox: Mailbox, uid: bytes, size: int, letter: Letter, handled: Handled) -> None:
    if size > MAX_FORWARD:
        raise ValueError("too large")
    read = partial(mailbox.fetch, uid, count=MAX_READ)
    raw = b"".join(read(start) for start in range(0, size, MAX_READ))
    smtp.forward(raw, words.forward_subject(letter), handled.forward_text, settings())
