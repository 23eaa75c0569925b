"""A file whose bytes are missing or changed is hidden with a task, and keeps no other work waiting."""

import errno
import os
from collections.abc import Callable
from pathlib import Path

import pytest
import sqlalchemy as sa

from portal import db
from portal.cases.enums import TaskKind
from portal.cases.intake.submission import Receipt
from portal.cases.models import Case, Message, Task
from portal.files import copies, maintenance, queries
from portal.files.enums import FileState, Refusal, Variant
from portal.files.models import StoredContent, StoredFile
from portal.files.storage import folder
from portal.files.storage.encryption import BadContent
from portal.files.uploads import RefusedFile
from portal.identity.actors import CodeHolder
from tests import factories, files
from tests.integration.files.staging import attached, staged

OTHER = b"En annan fil, vars byte finns kvar."


def states() -> list[FileState]:
    db.close_read_session()
    return list(db.session().scalars(sa.select(StoredFile.state).order_by(StoredFile.id)))


def tasks() -> list[TaskKind]:
    return list(db.session().scalars(sa.select(Task.kind).filter_by(kind=TaskKind.HIDDEN_FILE)))


def opened(receipt: Receipt) -> bytes | None:
    db.close_read_session()
    case = db.session().get_one(Case, receipt.case)
    file = db.session().scalars(sa.select(StoredFile.id).filter_by(case_id=case.id)).one()
    download = queries.open_attachment(CodeHolder(case.id), case, file, Variant.SHOWN)
    return b"".join(download.chunks) if download else None


def names_of(receipt: Receipt) -> list[str]:
    """The names of what is stored of a case."""
    db.close_read_session()
    files_of = db.session().scalars(sa.select(StoredFile).filter_by(case_id=receipt.case)).all()
    return [content.name for file in files_of for content in (file.original, file.shown) if content]


def _remove(path: Path) -> None:
    path.unlink()


def _change(path: Path) -> None:
    path.write_bytes(files.changed(path.read_bytes()))


@pytest.fixture
def receipt(storage: Path) -> Receipt:
    """A case with a file; another case has one too."""
    attached(factories.send_in(body="Något annat"), staged(OTHER, "b.txt").handle)
    case = factories.send_in()
    attached(case, staged(files.picture()).handle)
    return case


def lose(receipt: Receipt, how: Callable[[Path], None] = _remove) -> None:
    for name in set(names_of(receipt)):
        how(folder.path_of(name))


@pytest.mark.parametrize("how", [_remove, _change])
def test_a_file_that_cannot_be_read_is_hidden_with_a_task(
    receipt: Receipt, how: Callable[[Path], None]
) -> None:
    lose(receipt, how)
    with pytest.raises(BadContent):
        opened(receipt)
    assert states() == [FileState.READY, FileState.FAILED]
    assert tasks() == [TaskKind.HIDDEN_FILE]
    assert opened(receipt) is None
    assert any("1 files are missing or changed" in problem for problem in maintenance.problems())


def test_a_file_that_is_changed_near_its_end_is_hidden_by_its_first_reader(receipt: Receipt) -> None:
    long = factories.send_in(body="Ett tredje")
    attached(long, staged(b"x" * 200_000, "c.txt").handle)
    lose(long, _change)
    with pytest.raises(BadContent):
        opened(long)
    assert states()[-1] is FileState.FAILED


def test_the_nightly_sweep_hides_the_files_whose_bytes_are_gone(receipt: Receipt) -> None:
    assert maintenance.sweep_storage() == 0
    lose(receipt)
    assert maintenance.sweep_storage() == 1
    assert states() == [FileState.READY, FileState.FAILED]
    assert maintenance.sweep_storage() == 0


def test_while_the_disk_is_away_no_file_is_hidden(receipt: Receipt, storage: Path) -> None:
    storage.rename(storage.with_name("away"))
    storage.mkdir(0o700)
    with pytest.raises(BadContent):
        opened(receipt)
    assert maintenance.sweep_storage() == 0
    assert states() == [FileState.READY] * 2


def test_a_copy_of_a_file_without_bytes_is_hidden_and_so_is_the_file(receipt: Receipt) -> None:
    lose(receipt)
    other = factories.send_in(body="Ett tredje")
    copy(receipt, other)
    assert states() == [FileState.READY, FileState.FAILED, FileState.FAILED]
    assert tasks() == [TaskKind.HIDDEN_FILE] * 2
    contents = db.session().scalars(sa.select(StoredContent.name)).all()
    assert len(set(contents)) == len(contents)


def copy(source: Receipt, *targets: Receipt) -> None:
    with db.transaction() as writer:
        first, *others = (
            writer.scalars(sa.select(Message).filter_by(case_id=each.case)).one()
            for each in (source, *targets)
        )
        copies.copy_files(first, [(writer.get_one(Case, other.case_id), other) for other in others])


def test_more_than_can_be_copied_in_a_short_time_is_refused(
    receipt: Receipt, monkeypatch: pytest.MonkeyPatch
) -> None:
    (file,) = db.session().scalars(sa.select(StoredFile).filter_by(case_id=receipt.case))
    assert file.thumbnail
    size = file.original.size + file.shown.size + file.thumbnail.size
    two = [factories.send_in(body=body) for body in ("Ett tredje", "Ett fjärde")]
    monkeypatch.setattr(copies, "MAX_COPIED", 2 * size - 1)
    with pytest.raises(RefusedFile) as refused:
        copy(receipt, *two)
    assert refused.value.reason is Refusal.NO_ROOM_FOR_COPIES
    assert len(states()) == 2
    monkeypatch.setattr(copies, "MAX_COPIED", 2 * size)
    copy(receipt, *two)
    assert states() == [FileState.READY] * 4


def test_copies_that_find_no_room_are_refused(receipt: Receipt, monkeypatch: pytest.MonkeyPatch) -> None:
    other = factories.send_in(body="Ett tredje")

    def full(_pieces: object) -> None:
        raise folder.NoRoom

    monkeypatch.setattr(folder, "write", full)
    with pytest.raises(RefusedFile) as refused:
        copy(receipt, other)
    assert refused.value.reason is Refusal.NO_ROOM_FOR_COPIES
    assert len(states()) == 2


def test_a_file_that_a_restore_gave_another_owner_is_read(
    receipt: Receipt, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = os.open

    def owned_by_another(path: str, flags: int, mode: int = 0o777) -> int:
        if flags & os.O_NOATIME:
            raise PermissionError(errno.EPERM, "Operation not permitted")
        return before(path, flags, mode)

    monkeypatch.setattr(os, "open", owned_by_another)
    assert opened(receipt)
