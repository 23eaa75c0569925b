"""Contact details of senders and of whom they represent cannot be read in the files of the database."""

import sqlite3
from contextlib import closing
from itertools import chain
from pathlib import Path

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy.orm import Session

from portal import crypto, db, install
from portal.cases.actions import protection
from portal.cases.enums import ForWhom
from portal.cases.intake.submission import Represented
from portal.cases.models import Party
from portal.identity import commands as identity
from portal.operations import key_rotation, migrations
from tests import factories, postgres
from tests.conftest import settings

NAME = "Vilgelmina Skyddlund"
EMAIL = "vilgelmina.skyddlund@exempel.se"
PHONE = "+46701740612"
CHILD = "Barnolina Skyddlund"
ADDRESS = "Hemlighetsgatan 12B"
SECRET = ("Vilgelmina", "Skyddlund", "Hemlighetsgatan", "Barnolina", PHONE[1:], "701740612")


def protected_sender() -> None:
    """A sender who is protected after the words of their name have been indexed."""
    child = Represented(ForWhom.CHILD, CHILD)
    receipt = factories.send_in(email=EMAIL, name=NAME, phone=PHONE, for_whom=child)
    with db.transaction():
        person = identity.find_or_add(NAME, factories.CITIZENS["maria"])
        identity.save_contact_choices(person.id, "email", EMAIL, PHONE)
        party = db.session().get_one(Party, factories.case(receipt).party_id)
        party.address = ADDRESS
    factories.act(protection.protect, factories.member(), receipt)


def readable(content: bytes) -> list[str]:
    """What can be read, in any case and as the index of words writes it."""
    text = content.decode("latin-1").casefold()
    return [word for word in SECRET if word.casefold() in text]


def test_the_files_of_sqlite_show_nothing(inside: Flask) -> None:
    if db.engine().dialect.name != "sqlite":
        pytest.skip("PostgreSQL is read by its tables below")
    protected_sender()
    db.close_read_session()
    file = Path(db.engine().url.database or "")
    db.engine().dispose()
    with closing(sqlite3.connect(file)) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    assert [part.name for part in file.parent.glob(f"{file.name}*") if readable(part.read_bytes())] == []


def test_no_table_shows_anything(inside: Flask) -> None:
    protected_sender()
    db.close_read_session()
    with db.engine().connect() as connection:
        for name in migrations.metadata().tables:
            rows = connection.exec_driver_sql(f'SELECT * FROM "{name}"').all()
            for value in chain.from_iterable(rows):
                content = value if isinstance(value, bytes) else str(value).encode()
                assert readable(content) == [], name


def test_the_keys_of_contact_details_are_rotated(inside: Flask) -> None:
    names = {
        table.name: {column.name for column in key_rotation.encrypted_columns(table)}
        for table in key_rotation.encrypted_tables()
    }
    assert {"name", "email", "phone", "address"} <= names["party"]
    assert {"name", "email", "phone"} <= names["person"]
    assert names["representation"] == {"name"}


@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_stored_rows_are_encrypted_by_the_migration(kind: str, tmp_path: Path, worker_id: str) -> None:
    url = f"sqlite:///{tmp_path}/old.db"
    if kind == "postgresql":
        url = postgres.fresh_database(f"kontakt_test_sealed_{worker_id}")
    install(settings(url))
    migrations.upgrade("0018")
    values = {"name": NAME, "email": EMAIL, "phone": PHONE, "address": None, "protected": True}
    with db.engine().begin() as connection:
        columns = "name, email, phone, address, protected"
        insert = f"INSERT INTO party ({columns}) VALUES (:name, :email, :phone, :address, :protected)"
        connection.execute(sa.text(insert), values)
    migrations.upgrade()
    with db.engine().begin() as connection:
        stored = connection.exec_driver_sql("SELECT name, email, phone FROM party").one()
        assert crypto.decrypt(bytes(stored.name)) == NAME
        assert readable(b"".join(map(bytes, stored))) == []
    with Session(db.engine()) as reader:
        party = reader.scalars(sa.select(Party)).one()
        assert (party.name, party.email, party.phone, party.address) == (NAME, EMAIL, PHONE, None)
    db.engine().dispose()


def test_a_text_of_lost_keys_that_was_emptied_reads_as_empty() -> None:
    column = crypto.Encrypted()
    assert [column.process_result_value(value, None) for value in (None, b"")] == [None, ""]  # type: ignore[arg-type]
