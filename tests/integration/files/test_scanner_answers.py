"""What clamd answers of one file, and what that means for the others."""

import socket
import threading
from collections.abc import Callable
from pathlib import Path

import pytest
import sqlalchemy as sa
from structlog.testing import capture_logs

from portal import db
from portal.cases.enums import TaskKind
from portal.cases.models import Task
from portal.files.enums import FileState
from portal.files.models import StoredFile
from portal.files.scanning import job as scan
from portal.files.scanning.clamd import ScannerUnavailable
from tests import factories
from tests.integration.files.conftest import Configure
from tests.integration.files.staging import attached, staged

BAD = b"Unscannable"
END = b"\0\0\0\0"
ERROR = b"Can't allocate memory ERROR"


@pytest.fixture
def serve() -> Callable[[bytes], str]:
    """A clamd that answers pings and files, and of a file with BAD in it by the answer; empty is none."""

    def start(answer: bytes) -> str:
        server = socket.create_server(("127.0.0.1", 0))
        threading.Thread(target=_run, args=(server, answer), daemon=True).start()
        return f"127.0.0.1:{server.getsockname()[1]}"

    return start


def _run(server: socket.socket, answer: bytes) -> None:
    with server:
        while True:
            connection, _address = server.accept()
            with connection:
                connection.sendall(_answer(connection, answer))


def _answer(connection: socket.socket, answer: bytes) -> bytes:
    asked = b""
    while not asked.endswith((END, b"zPING\0")):
        asked += connection.recv(65536)
    if asked.endswith(b"zPING\0"):
        return b"PONG\0"
    return answer if BAD in asked else b"stream: OK\0"


def states() -> list[FileState]:
    db.close_read_session()
    return list(db.session().scalars(sa.select(StoredFile.state).order_by(StoredFile.id)))


def tasks() -> list[TaskKind]:
    return list(db.session().scalars(sa.select(Task.kind).filter_by(kind=TaskKind.HIDDEN_FILE)))


@pytest.mark.parametrize("answer", [b"stream: " + ERROR + b"\0", b""], ids=["error", "closed"])
def test_a_file_that_cannot_be_scanned_keeps_no_other_waiting(
    configure: Configure, storage: Path, serve: Callable[[bytes], str], answer: bytes
) -> None:
    configure(clamd=serve(answer))
    for text in (BAD, b"En annan"):
        attached(factories.send_in(), staged(text, "a.txt").handle)
    scanner = scan.Scanner()
    for _run in range(2):
        scanner.scan()
    assert states() == [FileState.WAITING, FileState.READY]
    assert tasks() == []


def test_a_file_that_was_not_scanned_in_three_attempts_is_hidden_with_a_task(
    configure: Configure, storage: Path, serve: Callable[[bytes], str]
) -> None:
    configure(clamd=serve(b"stream: " + ERROR + b"\0"))
    attached(factories.send_in(), staged(BAD, "a.txt").handle)
    scanner = scan.Scanner()
    with capture_logs() as lines:
        for _run in range(scan.MAX_ATTEMPTS):
            assert states() == [FileState.WAITING]
            scanner.scan()
    assert states() == [FileState.FAILED]
    assert tasks() == [TaskKind.HIDDEN_FILE]
    reasons = [line["reason"] for line in lines if line["event"] == "scanner.undecided"]
    assert reasons == [ERROR.decode()] * scan.MAX_ATTEMPTS


def test_a_file_that_ends_the_scanner_comes_last_in_the_next_run(
    configure: Configure, storage: Path, serve: Callable[[bytes], str], monkeypatch: pytest.MonkeyPatch
) -> None:
    configure(clamd=serve(b""))
    for text in (BAD, b"En annan"):
        attached(factories.send_in(), staged(text, "a.txt").handle)
    scanner = scan.Scanner()
    with monkeypatch.context() as patch:
        patch.setattr("portal.files.scanning.clamd.is_available", lambda _address: False)
        with pytest.raises(ScannerUnavailable):
            scanner.scan()
    scanner.scan()
    assert states() == [FileState.WAITING, FileState.READY]
