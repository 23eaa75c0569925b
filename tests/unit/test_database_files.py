"""The files of SQLite are for their owner alone, and free pages are overwritten."""

from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa

from portal import db
from portal.database import engine


@pytest.fixture
def file(tmp_path: Path) -> Iterator[Path]:
    yield tmp_path / "folder" / "kontakt.db"
    db.engine().dispose()


def modes(file: Path) -> set[int]:
    return {part.stat().st_mode & 0o777 for part in file.parent.iterdir()}


def write(file: Path) -> None:
    with db.bind(f"sqlite:///{file}").begin() as connection:
        connection.execute(sa.text("CREATE TABLE IF NOT EXISTS t (x TEXT)"))


def test_new_files_and_their_folder_are_private(file: Path) -> None:
    write(file)
    with db.engine().connect() as connection:
        connection.execute(sa.text("SELECT * FROM t")).all()
        assert len(list(file.parent.iterdir())) == 3
        assert modes(file) == {0o600}
    assert file.parent.stat().st_mode & 0o777 == 0o700
    assert db.readable_files() == []


def test_files_that_others_could_read_are_corrected(file: Path) -> None:
    write(file)
    with db.engine().connect() as connection:
        connection.execute(sa.text("SELECT * FROM t")).all()
        for part in file.parent.iterdir():
            part.chmod(0o644)
        assert len(db.readable_files()) == 3
        engine._create_private(file)
        assert db.readable_files() == []


def test_what_was_removed_leaves_no_trace_in_the_file(file: Path) -> None:
    write(file)
    with db.engine().connect() as connection:
        assert connection.exec_driver_sql("PRAGMA secure_delete").scalar() == 1
