"""Read the mailbox: each letter once, whatever the others are."""

import random
from email.errors import MessageError
from functools import partial

import structlog

from portal.config import Settings, settings
from portal.database.errors import DatabaseUnavailable
from portal.db import transaction
from portal.notifications.inbound import outcomes, registry, smtp, words
from portal.notifications.inbound.imap import ImapSettings, LetterUnreadable, Mailbox, MailboxUnavailable
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
        """Handle the letters that are new in the mailbox, at most BATCH; returns their number.

        Raises MailboxUnavailable, so that the job has failed.
        """
        try:
            count = _read_letters()
        except MailboxUnavailable as failure:
            if str(failure) != self._problem:
                log.error("mailbox.unavailable", reason=str(failure))
            self._problem = str(failure)
            raise
        self._problem = ""
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
    unreadable = []
    with Mailbox(imap_settings(settings())) as mailbox:
        chosen = _some(mailbox.unseen())
        for uid in chosen:
            try:
                count += _read_letter(mailbox, uid)
            except LetterUnreadable:
                unreadable.append(uid)
        if unreadable and len(unreadable) == len(chosen):
            # Not the fault of a letter, as far as is known.
            raise MailboxUnavailable("fetch")
        for uid in unreadable:
            log.error("mailbox.letter_failed", reason="unreadable")
            _leave(mailbox, uid, b"unreadable " + uid)
    return count + len(unreadable)


def _some(ids: list[bytes]) -> list[bytes]:
    # A random part, so that letters that cannot be sent on now do not stay before the others for days.
    chosen = ids if len(ids) <= BATCH else random.sample(ids, BATCH)
    return sorted(chosen, key=int)


def _read_letter(mailbox: Mailbox, uid: bytes) -> bool:
    """Whether a letter was handled. One that fails is left to a person, and the others are read."""
    size = mailbox.size(uid)
    raw = mailbox.fetch(uid, 0, MAX_READ)
    if not raw:
        # It was deleted after the search.
        return False
    try:
        return _handle(mailbox, uid, size, raw)
    except (MailboxUnavailable, DatabaseUnavailable):
        raise
    except Exception:
        log.exception("mailbox.letter_failed")
        _leave(mailbox, uid, raw)
        return True


def _leave(mailbox: Mailbox, uid: bytes, raw: bytes) -> None:
    with transaction():
        registry.leave(raw)
    mailbox.mark(uid, for_a_person=True)


def _handle(mailbox: Mailbox, uid: bytes, size: int, raw: bytes) -> bool:
    # A server may say a size that is not exact.
    letter = letters.parse(raw, truncated=len(raw) >= MAX_READ and size > len(raw))
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
    except (*UNSENT, LetterUnreadable) as error:
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
    if not raw:
        raise ValueError("gone")
    smtp.forward(raw, words.forward_subject(letter), handled.forward_text, settings())
