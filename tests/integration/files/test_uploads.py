"""Uploads: staged for their form, attached to its message, or gone without a trace."""

import errno
import io
import os
import stat
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from time_machine import TimeMachineFixture

from portal import clock, db
from portal.cases.models import Case, Message
from portal.database.errors import DatabaseUnavailable, Outage
from portal.files import maintenance, queries, rules, uploads
from portal.files.checking import process
from portal.files.enums import FileKind, FileState, Refusal, Sender, Variant
from portal.files.models import StoredContent, StoredFile
from portal.files.storage import folder
from portal.files.uploads import RefusedFile
from portal.identity.actors import Citizen, CodeHolder
from tests import factories, files
from tests.integration.files.staging import attached, staged, stored_names


def count(model: type[db.Base]) -> int:
    db.close_read_session()
    return db.session().scalar(sa.select(sa.func.count()).select_from(model)) or 0


def nothing_is_left() -> bool:
    return (count(StoredFile), count(StoredContent), stored_names()) == (0, 0, set())


def refused(content: bytes, name: str = "bild.jpg", sender: Sender = Sender.KNOWN) -> Refusal:
    with pytest.raises(RefusedFile) as caught:
        staged(content, name, sender)
    return caught.value.reason


def test_an_upload_becomes_an_attachment_of_its_message(storage: Path) -> None:
    receipt = factories.send_in()
    upload = staged(files.picture(), "../hål i vägen.png")
    assert (upload.name, upload.kind) == ("hål i vägen.jpg", FileKind.JPEG)
    assert uploads.staged([upload.handle, "unknown", upload.handle]) == [upload]
    message = attached(receipt, upload.handle, **{upload.handle: " Ett hål\n"})
    assert uploads.staged([upload.handle]) == []
    case = db.session().get_one(Case, receipt.case)
    ((found,),) = queries.attachments(CodeHolder(case.id), case).values()
    assert (found.message_id, found.name, found.alt) == (message, "hål i vägen.jpg", "Ett hål")
    assert (found.state, found.has_thumbnail) == (FileState.READY, True)
    assert found.arrived_at == db.session().get_one(Message, message).arrived_at
    opened = queries.open_attachment(CodeHolder(case.id), case, found.id, Variant.SHOWN)
    assert opened
    assert (opened.name, opened.mimetype) == ("hål i vägen.jpg", "image/jpeg")
    content = b"".join(opened.chunks)
    assert len(content) == opened.bytes == found.bytes
    assert content.startswith(b"\xff\xd8\xff")


def test_the_bytes_are_encrypted_for_our_eyes_and_their_time_says_nothing(child: None, storage: Path) -> None:
    text = "Det här är en hemlig text. ".encode() * 10_000
    staged(text, "brev.txt")
    assert stat.S_IMODE(storage.stat().st_mode) == 0o700
    for path in storage.glob("??/*"):
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
        assert path.stat().st_mtime == folder.FIXED_TIME
        assert path.stat().st_size > len(text)
        assert b"hemlig" not in path.read_bytes()
    (name,) = db.session().execute(sa.text("SELECT name FROM stored_file")).one()
    assert b"brev" not in bytes(name)


def test_the_same_file_twice_shares_nothing(storage: Path) -> None:
    first, second = staged(files.picture()), staged(files.picture())
    assert first.handle != second.handle
    assert (count(StoredFile), count(StoredContent), len(stored_names())) == (2, 6, 6)
    assert len({path.read_bytes() for path in storage.glob("??/*")}) == 6


def test_an_upload_that_is_discarded_leaves_nothing(storage: Path) -> None:
    upload = staged(files.picture())
    with db.transaction():
        uploads.discard(upload.handle)
        assert stored_names()
    assert nothing_is_left()


def test_an_upload_whose_form_is_not_sent_expires_within_a_day_or_so(
    storage: Path, time_machine: TimeMachineFixture
) -> None:
    upload = staged(files.pdf(), "karta.pdf")
    with clock.at(clock.now() + rules.STAGED_FOR):
        assert uploads.staged([upload.handle]) == [upload]
        with db.transaction():
            assert maintenance.delete_expired() == 0
    with clock.at(clock.now() + rules.STAGED_FOR + timedelta(hours=1, seconds=1)):
        assert uploads.staged([upload.handle]) == []
        with db.transaction():
            assert maintenance.delete_expired() == 1
    assert nothing_is_left()


def test_what_is_attached_never_expires(storage: Path) -> None:
    attached(factories.send_in(), staged(files.picture()).handle)
    with clock.at(clock.now() + timedelta(days=400)), db.transaction():
        assert maintenance.delete_expired() == 0
    with clock.at(clock.now() + timedelta(days=400)):
        assert maintenance.sweep_storage() == 0
    assert len(stored_names()) == 3


def test_a_refused_file_leaves_nothing(storage: Path) -> None:
    assert refused(b"") is Refusal.EMPTY
    assert refused(files.picture()[:-100]) is Refusal.DAMAGED
    assert refused(b"\0" * (rules.MAX_BYTES + 1)) is Refusal.TOO_LARGE
    assert refused(files.docx(), "brev.docx", Sender.ANONYMOUS) is Refusal.NOT_AS_ANONYMOUS
    assert nothing_is_left()


def test_a_file_that_is_too_large_is_not_read_to_its_end(storage: Path) -> None:
    class Endless(io.RawIOBase):
        read_bytes = 0

        def read(self, size: int = -1) -> bytes:
            self.read_bytes += size
            return b"x" * size

    stream: Any = Endless()
    with pytest.raises(RefusedFile):
        uploads.stage(stream, "a.txt", Sender.KNOWN)
    assert stream.read_bytes < rules.MAX_BYTES + 2 * uploads.PIECE
    assert nothing_is_left()


def test_a_connection_that_is_cut_leaves_nothing(storage: Path) -> None:
    class Cut(io.BytesIO):
        def read(self, size: int | None = -1) -> bytes:
            if piece := super().read(size):
                return piece
            raise ConnectionResetError

    with pytest.raises(ConnectionResetError):
        uploads.stage(Cut(b"x" * 200_000), "a.txt", Sender.KNOWN)
    assert nothing_is_left()


@pytest.mark.parametrize("at", [1, 2, 3])
def test_a_full_disk_is_said_and_leaves_nothing(
    storage: Path, monkeypatch: pytest.MonkeyPatch, at: int
) -> None:
    syncs: list[int] = []
    sync = os.fsync

    def full(descriptor: int) -> None:
        if stat.S_ISREG(os.fstat(descriptor).st_mode):
            syncs.append(descriptor)
            if len(syncs) == at:
                raise OSError(errno.ENOSPC, "No space left on device")
        sync(descriptor)

    monkeypatch.setattr(os, "fsync", full)
    assert refused(files.picture()) is Refusal.NO_ROOM
    assert nothing_is_left()


def test_bytes_without_a_row_are_swept_after_an_hour(storage: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    kept = staged(files.picture())

    def broken(*_arguments: Any) -> None:
        raise DatabaseUnavailable(Outage.AWAY)

    monkeypatch.setattr(uploads, "_insert", broken)
    with pytest.raises(DatabaseUnavailable):
        staged(files.picture())
    assert len(stored_names()) == 6
    assert maintenance.sweep_storage() == 0
    with clock.at(clock.now() + timedelta(hours=2)):
        assert maintenance.sweep_storage() == 3
    assert len(stored_names()) == 3
    assert uploads.staged([kept.handle]) == [kept]


def test_a_database_without_files_sweeps_no_folder(storage: Path) -> None:
    staged(files.picture())
    with db.transaction() as writer:
        writer.execute(sa.delete(StoredFile))
        writer.execute(sa.delete(StoredContent))
    with clock.at(clock.now() + timedelta(hours=2)):
        assert maintenance.sweep_storage() == 0
    assert len(stored_names()) == 3


def test_a_check_has_a_place_or_is_refused(storage: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(process, "MAX_WAIT_SECONDS", 0.01)
    for _place in range(process.MAX_AT_A_TIME):
        process._places.acquire()
    try:
        assert refused(files.picture()) is Refusal.BUSY
    finally:
        for _place in range(process.MAX_AT_A_TIME):
            process._places.release()
    assert nothing_is_left()


@pytest.mark.parametrize(("limit", "value"), [("MAX_SECONDS", 0.05), ("MAX_MEMORY_BYTES", 30 * 1024 * 1024)])
def test_a_check_that_exceeds_its_limits_is_ended(
    child: None, storage: Path, monkeypatch: pytest.MonkeyPatch, limit: str, value: float
) -> None:
    monkeypatch.setattr(process, limit, value)
    assert refused(files.picture()) is Refusal.TOO_DEMANDING
    assert nothing_is_left()


def test_eleven_files_and_26_megabytes_are_too_much(storage: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    handles = [staged(b"Hej", "hej.txt").handle for _file in range(11)]
    uploads.require_acceptable(handles[:10], Sender.KNOWN)
    with pytest.raises(RefusedFile) as many:
        uploads.require_acceptable(handles, Sender.KNOWN)
    assert (many.value.reason, many.value.limit) == (Refusal.TOO_MANY, "10")
    monkeypatch.setattr(rules, "MAX_BYTES", 29)
    with pytest.raises(RefusedFile) as large:
        attached(factories.send_in(), *handles[:10])
    assert large.value.reason is Refusal.TOO_LARGE_TOGETHER


def test_an_upload_is_attached_once(storage: Path) -> None:
    first, second = factories.send_in(), factories.send_in(body="Något annat")
    handle = staged(files.picture()).handle
    attached(first, handle)
    with pytest.raises(RefusedFile) as gone:
        attached(second, handle)
    assert gone.value.reason is Refusal.EXPIRED


@pytest.mark.parametrize("of_another", [lambda other: CodeHolder(other.case), lambda _other: Citizen(999)])
def test_nobody_attaches_to_the_case_of_another_sender(
    storage: Path, of_another: Callable[[Any], Any]
) -> None:
    receipt, other = factories.send_in(), factories.send_in(body="Något annat")
    handle = staged(files.picture()).handle
    with pytest.raises(ValueError, match="another case"):
        attached(receipt, handle, actor=of_another(other))
    assert uploads.staged([handle])


def test_an_upload_is_staged_outside_a_transaction(inside: Flask, storage: Path) -> None:
    with db.transaction(), pytest.raises(RuntimeError):
        uploads.stage(io.BytesIO(b"Hej"), "hej.txt", Sender.KNOWN)
