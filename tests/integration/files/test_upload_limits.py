"""What one stranger uploads leaves threads of the web server and room on the disk for the others."""

import time
from pathlib import Path

import pytest
import sqlalchemy as sa

from portal import db
from portal.files import uploads
from portal.files.checking import process
from portal.files.enums import Refusal, Sender
from portal.files.models import StoredFile
from portal.files.storage import folder
from portal.files.uploads import RefusedFile
from tests import factories, files
from tests.integration.files.staging import attached, staged, stored_names


def test_of_those_that_find_no_place_two_wait_and_the_next_is_refused_at_once(storage: Path) -> None:
    taken = [process._places] * process.MAX_AT_A_TIME + [process._waiting] * process.MAX_WAITING
    for place in taken:
        assert place.acquire(blocking=False)
    begun = time.monotonic()
    try:
        with pytest.raises(RefusedFile) as busy:
            staged(files.picture())
    finally:
        for place in taken:
            place.release()
    assert busy.value.reason is Refusal.BUSY
    assert time.monotonic() - begun < process.MAX_WAIT_SECONDS / 2


def test_uploads_that_are_never_sent_do_not_fill_the_disk(
    storage: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = staged(b"Ett", "a.txt")
    monkeypatch.setattr(uploads, "MAX_STAGED", 2)
    with pytest.raises(RefusedFile) as full:
        staged(b"Tva", "b.txt")
    assert full.value.reason is Refusal.NO_ROOM
    assert staged(b"Tva", "b.txt", Sender.STAFF)
    attached(factories.send_in(), first.handle)
    with db.transaction() as writer:
        writer.execute(sa.update(StoredFile).where(StoredFile.message_id.is_(None)).values(expires_at=None))
    assert staged(b"Tre", "c.txt")


def test_an_upload_is_refused_before_the_disk_is_full(storage: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(folder, "free_bytes", lambda: uploads.MIN_FREE - 1)
    with pytest.raises(RefusedFile) as full:
        staged(b"Ett", "a.txt", Sender.STAFF)
    assert full.value.reason is Refusal.NO_ROOM
    assert stored_names() == set()
