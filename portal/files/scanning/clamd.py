"""The client of clamd, ClamAV's daemon: a content is streamed to it (INSTREAM), and it answers by a line."""

import socket
import struct
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress

MAX_SECONDS = 120
CONNECT_SECONDS = 5
MAX_ANSWER = 4096
CLEAN, FOUND = "OK", "FOUND"


class ScannerUnavailable(Exception):
    """No connection: no content can be scanned."""


class NotScanned(Exception):
    """A scanner that is there does not say of this content whether it is clean."""


def scan(address: str, pieces: Iterable[bytes]) -> str:
    """The name of what is found in a content; empty if it is clean. Raises ScannerUnavailable, NotScanned."""
    with _connected(address) as connection:
        answer = _answer_of_content(connection, pieces)
    result = answer.removeprefix("stream: ")
    if result == CLEAN:
        return ""
    if result.endswith(FOUND):
        return result.removesuffix(FOUND).strip()
    raise NotScanned(result[:100] or "no answer")


def _answer_of_content(connection: socket.socket, pieces: Iterable[bytes]) -> str:
    connection.settimeout(MAX_SECONDS)
    try:
        # It may have answered, as that the content is too large, and closed before all is sent.
        with suppress(ConnectionError):
            _send(connection, pieces)
        return _answer(connection)
    except OSError as error:
        raise NotScanned(type(error).__name__) from error


def _send(connection: socket.socket, pieces: Iterable[bytes]) -> None:
    connection.sendall(b"zINSTREAM\0")
    for piece in pieces:
        # An empty one would be the end.
        if piece:
            connection.sendall(struct.pack("!I", len(piece)) + piece)
    connection.sendall(struct.pack("!I", 0))


def is_available(address: str) -> bool:
    """Whether it answers."""
    try:
        with _connected(address) as connection:
            connection.sendall(b"zPING\0")
            return _answer(connection) == "PONG"
    except (ScannerUnavailable, OSError):
        return False


def _answer(connection: socket.socket) -> str:
    answer = b""
    with suppress(ConnectionError):
        while not answer.endswith(b"\0") and len(answer) < MAX_ANSWER:
            received = connection.recv(MAX_ANSWER)
            if not received:
                break
            answer += received
    return answer.rstrip(b"\0").decode(errors="replace").strip()


@contextmanager
def _connected(address: str) -> Iterator[socket.socket]:
    """A connection to a Unix socket, or to host:port."""
    try:
        opened = _connect(address)
    except OSError as error:
        raise ScannerUnavailable(type(error).__name__) from error
    with opened as connection:
        yield connection


def _connect(address: str) -> socket.socket:
    if "/" not in address:
        host, _, port = address.rpartition(":")
        return socket.create_connection((host.strip("[]"), int(port)), CONNECT_SECONDS)
    connection = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    connection.settimeout(CONNECT_SECONDS)
    try:
        connection.connect(address)
    except OSError:
        connection.close()
        raise
    return connection
