"""The mailbox over IMAP: unseen letters, read in part or whole, and marked when they have been handled."""

import imaplib
import re
import socket
import ssl
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from threading import Timer
from types import TracebackType
from typing import Any, Literal, Self

# Seconds for each command, and for all that is done with one connection: a server may send a byte at a time.
TIMEOUT = 10.0
DEADLINE = 120.0
# More than is ever asked for: it is read away up to the second size, and the connection ended beyond it.
MAX_LITERAL = 2 * 1024 * 1024
MAX_DISCARDED = 64 * 1024 * 1024
CHUNK = 64 * 1024
SIZE = re.compile(rb"RFC822\.SIZE (\d{1,15})")


@dataclass(frozen=True)
class ImapSettings:
    """The mailbox and our login; timeout and deadline in seconds."""

    server: str
    port: int
    username: str
    password: str = field(repr=False)
    security: Literal["none", "starttls", "tls"]
    folder: str = "INBOX"
    timeout: float = TIMEOUT
    deadline: float = DEADLINE


class MailboxUnavailable(Exception):
    """The mailbox cannot be read now; the message is the reason in a word."""


class LetterUnreadable(Exception):
    """The server does not hand out this letter; it may the others."""


class _Bounded(imaplib.IMAP4):
    """A connection that keeps no literal of more than MAX_LITERAL bytes."""

    has_discarded = False

    def read(self, size: int) -> bytes:
        """Read so many bytes; none are returned if they are too many."""
        if size <= MAX_LITERAL:
            return super().read(size)
        if size > MAX_DISCARDED:
            raise self.abort("a literal is too long")
        self.has_discarded = True
        for start in range(0, size, CHUNK):
            super().read(min(CHUNK, size - start))
        return b""


class _Encrypted(_Bounded, imaplib.IMAP4_SSL):
    pass


class Mailbox:
    """An open folder; to be used in a `with` block. Each method raises MailboxUnavailable.

    Those that read a letter raise LetterUnreadable too.
    """

    def __init__(self, settings: ImapSettings, context: ssl.SSLContext | None = None) -> None:
        self.settings = settings
        self.context = context or ssl.create_default_context()

    def __enter__(self) -> Self:
        with _failures("unreachable"):
            self._connection = self._dial()
        self._watchdog = Timer(self.settings.deadline, self._cut)
        self._watchdog.daemon = True
        self._watchdog.start()
        try:
            self._prepare()
        except BaseException:
            self._end()
            raise
        return self

    def __exit__(
        self, exc_type: type[BaseException] | None, exc: BaseException | None, tb: TracebackType | None
    ) -> None:
        if exc_type is None:
            with suppress(imaplib.IMAP4.error, OSError):
                self._connection.logout()
        self._end()

    def _dial(self) -> _Bounded:
        using = self.settings
        if using.security == "tls":
            return _Encrypted(using.server, using.port, ssl_context=self.context, timeout=using.timeout)
        return _Bounded(using.server, using.port, timeout=using.timeout)

    def _prepare(self) -> None:
        if self.settings.security == "starttls":
            with _failures("insecure"):
                self._connection.starttls(self.context)
        with _failures("login"):
            self._connection.login(self.settings.username, self.settings.password)
        with _failures("folder"):
            _check(self._connection.select(f'"{self.settings.folder}"'))

    def _cut(self) -> None:
        with suppress(OSError):
            self._connection.sock.shutdown(socket.SHUT_RDWR)

    def _end(self) -> None:
        self._watchdog.cancel()
        with suppress(OSError):
            self._connection.shutdown()

    def unseen(self) -> list[bytes]:
        """The ids of the letters that have not been handled, oldest first."""
        with _failures("search"):
            answer = _check(self._connection.uid("SEARCH", "UNSEEN"))
        return answer[0].split() if answer and isinstance(answer[0], bytes) else []

    def size(self, letter: bytes) -> int:
        """The size of a letter in bytes; 0 if it is gone."""
        answer = self._fetched(letter, "(RFC822.SIZE)")
        match = SIZE.search(b" ".join(part for part in answer if isinstance(part, bytes)))
        return int(match[1]) if match else 0

    def fetch(self, letter: bytes, start: int, count: int) -> bytes:
        """So many bytes of a letter, or as many as there are; none if it is gone."""
        answer = self._fetched(letter, f"(BODY.PEEK[]<{start}.{count}>)")
        return b"".join(bytes(part[1]) for part in answer if isinstance(part, tuple))

    def _fetched(self, letter: bytes, wanted: str) -> list[Any]:
        self._connection.has_discarded = False
        with _failures("fetch"):
            try:
                answer = _check(self._connection.uid("FETCH", letter.decode(), wanted))
            except imaplib.IMAP4.abort:
                raise
            except imaplib.IMAP4.error:
                raise LetterUnreadable from None
        if self._connection.has_discarded:
            raise LetterUnreadable
        return answer

    def mark(self, letter: bytes, for_a_person: bool = False) -> None:
        """Mark a letter as handled, or as one that a person has to look at."""
        flags = r"(\Seen \Flagged)" if for_a_person else r"(\Seen)"
        with _failures("mark"):
            _check(self._connection.uid("STORE", letter.decode(), "+FLAGS", flags))


def _check(answer: tuple[str, list[Any]]) -> list[Any]:
    status, content = answer
    if status != "OK":
        raise imaplib.IMAP4.error(status)
    return content


@contextmanager
def _failures(reason: str) -> Iterator[None]:
    # Without the cause: what a server answers may repeat our login.
    try:
        yield
    except ssl.SSLError:
        raise MailboxUnavailable("insecure") from None
    except (imaplib.IMAP4.error, OSError, ValueError):
        raise MailboxUnavailable(reason) from None
