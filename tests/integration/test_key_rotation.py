"""flask keys rotate: all that is stored comes under the newest keys, and the old ones can go."""

from collections.abc import Iterator
from threading import Thread

import pytest
import sqlalchemy as sa
from cryptography.fernet import Fernet
from flask import Flask

from portal import config, crypto, db
from portal.cases.answers import drafts as answer_drafts
from portal.identity import commands as identity
from portal.identity.models import Person
from portal.identity.oidc.identified import Identified
from portal.identity.oidc.providers import CITIZENS
from portal.notifications.models import OutboxMessage
from portal.operations import key_rotation, migrations
from tests import factories
from tests.conftest import settings

OLD, NEW = config.DEVELOPMENT["data_keys"], Fernet.generate_key().decode()
OLD_INDEX, NEW_INDEX = config.DEVELOPMENT["index_keys"], "newer-index-key"
ANNA = factories.NUMBERS["anna"]


def use(data: str, index: str) -> None:
    config.use(settings(str(db.engine().url), data_keys=data, index_keys=index))


@pytest.fixture
def changing(inside: Flask) -> Iterator[Flask]:
    """Something of everything is stored under the old keys, and the new ones stand first."""
    receipt = factories.send_in(email="maja@exempel.se")
    factories.act(
        answer_drafts.save_draft, factories.member("anna"), receipt, "Ett svar som inte är färdigt."
    )
    with db.transaction():
        identity.sign_in(CITIZENS, Identified("x", "ola", "Ola", None, prid="NO:test-1"))
    use(f"{NEW},{OLD}", f"{NEW_INDEX},{OLD_INDEX}")
    yield inside
    use(OLD, OLD_INDEX)


def rotate(app: Flask) -> list[str]:
    result = app.test_cli_runner().invoke(args=["keys", "rotate"])
    assert result.exit_code == 0, result.output
    return [str(line) for line in result.output.splitlines()]


def everything() -> list[str]:
    """Every encrypted value of every table, read with the keys in use."""
    db.close_read_session()
    with db.engine().connect() as connection:
        return sorted(
            str(value)
            for table in key_rotation.encrypted_tables()
            for row in connection.execute(sa.select(*key_rotation.encrypted_columns(table)))
            for value in row
            if value is not None
        )


def found(number: str) -> Person | None:
    db.close_read_session()
    query = sa.select(Person).where(
        Person.identity_number_index.in_(crypto.blind_indexes("identity-number", number))
    )
    return db.session().scalar(query)


def test_while_keys_change_everybody_is_found_under_either(changing: Flask) -> None:
    assert found(ANNA)
    with db.transaction():
        again = identity.find_or_add("Anna", ANNA)
        new = identity.find_or_add("Samir", factories.NUMBERS["samir"])
    assert again.id == factories.member("anna").person
    assert new.identity_number_index == crypto.mac(NEW_INDEX, "identity-number", factories.NUMBERS["samir"])


def test_afterwards_the_old_keys_can_go(changing: Flask) -> None:
    before = everything()
    assert {"maja@exempel.se", "Ett svar som inte är färdigt."} <= set(before)
    told = rotate(changing)
    assert "person: 2 of 2 rows rewritten" in told
    use(NEW, NEW_INDEX)
    assert everything() == before
    person = found(ANNA)
    assert person
    assert person.identity_number == ANNA


def test_a_row_that_no_key_opens_is_counted_and_keeps_no_other_from_the_newest(changing: Flask) -> None:
    foreign = sa.literal(Fernet(Fernet.generate_key()).encrypt(b"x"), sa.LargeBinary)
    with db.transaction() as writer:
        (row,) = writer.execute(sa.select(OutboxMessage.id)).scalars()
        writer.execute(sa.update(OutboxMessage.__table__).values(text=foreign))
    result = changing.test_cli_runner().invoke(args=["keys", "rotate"])
    assert result.exit_code == 1
    assert f"outbox: 1 rows (id {row}) cannot be decrypted" in result.output
    assert "person: 2 of 2 rows rewritten" in result.output
    assert "1 rows are under a key that is not in the settings" in result.output


def test_doing_it_again_changes_nothing(changing: Flask) -> None:
    rotate(changing)
    rows = [line for line in rotate(changing) if line.endswith("rewritten")]
    assert all(": 0 of " in line for line in rows)


def test_many_rows_are_done_a_few_at_a_time(changing: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(key_rotation, "BATCH", 2)
    for name in ("samir", "eva"):
        factories.member(name)
    use(f"{Fernet.generate_key().decode()},{NEW},{OLD}", f"{NEW_INDEX},{OLD_INDEX}")
    assert "person: 4 of 4 rows rewritten" in rotate(changing)


def test_what_is_written_meanwhile_is_not_lost(changing: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(key_rotation, "BATCH", 1)
    names = [f"Person {place}" for place in range(20)]

    def write() -> None:
        for name in names:
            with changing.app_context(), db.transaction():
                identity.sign_in(CITIZENS, Identified("x", name, name, None, prid=name))

    # Before there are two threads: the command would replace the pool under the other one.
    db.lift_time_limits()
    writer = Thread(target=write)
    writer.start()
    rotate(changing)
    writer.join()
    rotate(changing)
    use(NEW, NEW_INDEX)
    assert set(names) <= set(everything())


def test_every_index_of_something_encrypted_is_known_here() -> None:
    indexes = {
        (table.name, column.name)
        for table in migrations.metadata().tables.values()
        for column in table.columns
        if column.name.endswith("_index")
    }
    # The other *_mac columns are deleted within days, so they are not rotated.
    indexes.add(("stored_content", "content_mac"))
    assert indexes == set(key_rotation.INDEXED)
    assert {table.name for table in key_rotation.encrypted_tables()} >= {
        "person",
        "party",
        "sign_in",
        "outbox",
        "draft",
    }
