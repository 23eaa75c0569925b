"""The trace hunt over files: what an anonymous sender's picture and document said of them is nowhere."""

import datetime as dt
from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa
from structlog.testing import capture_logs

from portal import clock, db
from portal.database.engine import sqlite_files
from portal.files import maintenance
from portal.files.enums import Sender
from portal.files.models import StoredContent, StoredFile
from portal.files.storage import folder
from portal.identity.actors import System
from portal.operations import migrations
from portal.organisation import queries as organisation
from tests import factories, files
from tests.integration.files.staging import attached, staged

SENT_AT = dt.datetime(2026, 3, 2, 9, 17, 43, tzinfo=clock.STOCKHOLM)
SECRETS = (b"Agda", b"Hemlig", b"Kamera", b"Modell 77", b"2026:03:01", b"D:2026", b"+01'00'", b"Skrivprogram")


def stored_columns() -> Iterator[tuple[str, bytes]]:
    """Every value of every table, with what is encrypted opened."""
    with db.engine().connect() as connection:
        for table in migrations.metadata().sorted_tables:
            for row in connection.execute(sa.select(table)).mappings():
                for name, value in row.items():
                    yield f"{table.name}.{name}", value if isinstance(value, bytes) else str(value).encode()


def stored_bytes(storage: Path) -> Iterator[tuple[str, bytes]]:
    """The storage as it is, and decrypted; and the files of an SQLite database."""
    yield from ((str(path), path.read_bytes()) for path in storage.glob("??/*"))
    with db.engine().connect() as connection:
        for name, key in connection.execute(sa.select(StoredContent.name, StoredContent.key)):
            yield name, b"".join(folder.read(name, key))
    if db.engine().dialect.name == "sqlite":
        for path in sqlite_files(Path(db.engine().url.database or "")):
            yield str(path), path.read_bytes()


def found(places: Iterator[tuple[str, bytes]]) -> list[str]:
    return [f"{place}: {secret!r}" for place, held in places for secret in SECRETS if secret in held]


def test_nothing_of_an_anonymous_file_tells_who_sent_it(storage: Path) -> None:
    assert organisation.trace_disposal(), "the profile of the tests has a decision"
    document = files.pdf(
        Author="Agda Hemlig", Producer="Skrivprogram 3", CreationDate="D:20260301073112+01'00'"
    )
    with clock.at(SENT_AT), capture_logs() as lines:
        handles = [staged(files.photograph()).handle, staged(document, "brev.pdf").handle]
        assert found(stored_bytes(storage)) != [], "the search finds nothing at all"
        receipt = factories.send_in(body="Utan namn")
        attached(receipt, *handles, sender=Sender.ANONYMOUS, actor=System())
    db.close_read_session()
    assert found(stored_columns()) == []
    assert found(stored_bytes(storage)) == []
    assert not [line for line in lines if any(secret.decode() in repr(line) for secret in SECRETS)]


def test_neither_rows_nor_bytes_tell_when_an_upload_came(storage: Path) -> None:
    with clock.at(SENT_AT):
        staged(files.photograph())
    for table in (StoredFile.__table__, StoredContent.__table__):
        moments = [column.name for column in table.columns if isinstance(column.type, db.UtcDateTime)]
        assert moments == (["expires_at"] if table is StoredFile.__table__ else [])
    expires = db.session().scalars(sa.select(StoredFile.expires_at)).one()
    assert expires
    assert (expires.minute, expires.second, expires.microsecond) == (0, 0, 0)
    assert {path.stat().st_mtime for path in storage.glob("??/*")} == {folder.FIXED_TIME}
    assert {path.stat().st_atime for path in storage.glob("??/*")} == {folder.FIXED_TIME}


@pytest.mark.parametrize("sender", list(Sender))
def test_no_row_of_a_file_names_a_person(storage: Path, sender: Sender) -> None:
    attached(factories.send_in(), staged(files.picture()).handle, sender=sender)
    columns = {column.name for column in [*StoredFile.__table__.columns, *StoredContent.__table__.columns]}
    assert not {name for name in columns if "person" in name or "membership" in name or "session" in name}
    with db.transaction():
        assert maintenance.delete_expired() == 0
