"""Migrations: forward from nothing on both databases, and the models say the same as the tables."""

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from weakref import WeakKeyDictionary

import pytest
import sqlalchemy as sa
from alembic import op
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy.schema import CreateIndex, UniqueConstraint

from portal import config, db, hash_chain, install
from portal.audit import trail
from portal.audit.models import TrailEntry
from portal.cases.enums import Kind
from portal.cases.models import Case, Message
from portal.crypto import encrypt
from portal.identity.actors import System
from portal.identity.snapshots import snapshot_of
from portal.operations import migrations, schema_version
from tests import postgres


@pytest.fixture(params=["sqlite", "postgresql"])
def nothing(request: pytest.FixtureRequest, tmp_path: Path, worker_id: str) -> Iterator[None]:
    """A database of each kind in which there is nothing yet."""
    url = f"sqlite:///{tmp_path}/folder/kontakt.db"
    if request.param == "postgresql":
        url = postgres.fresh_database(f"kontakt_test_nothing_{worker_id}")
    install(config.load(env="development", limits="off", database_url=url))
    yield
    db.close_read_session()
    db.engine().dispose()


def compare(connection: sa.Connection) -> list[Any]:
    """What the models say and the tables do not, or the other way round."""
    opts = {"compare_type": True, "include_name": lambda name, _kind, _in: not migrations.is_unmapped(name)}
    return compare_metadata(MigrationContext.configure(connection, opts=opts), migrations.metadata())


def tables() -> set[str]:
    return {name for name in sa.inspect(db.engine()).get_table_names() if not migrations.is_unmapped(name)}


def test_the_way_from_nothing_leads_to_what_the_models_say(nothing: None) -> None:
    migrations.upgrade()
    with db.engine().connect() as connection:
        assert compare(connection) == []
    assert tables() == {*migrations.metadata().tables, "alembic_version"}


def test_a_column_that_the_database_lacks_is_seen(nothing: None) -> None:
    migrations.upgrade()
    with db.engine().begin() as connection:
        connection.execute(sa.text("ALTER TABLE task DROP COLUMN created_at"))
        assert [each[0] for each in compare(connection)] == ["add_column"]


def test_the_indexes_and_constraints_are_those_of_the_models(nothing: None) -> None:
    migrations.upgrade()
    inspector = sa.inspect(db.engine())
    for name, table in migrations.metadata().tables.items():
        unique = {each.name for each in table.constraints if isinstance(each, UniqueConstraint)}
        assert {each["name"] for each in inspector.get_unique_constraints(name)} == unique
        wanted = {CreateIndex(index).element.name for index in table.indexes}
        found = {each["name"] for each in inspector.get_indexes(name)} - unique
        assert {each for each in found if not migrations.is_unmapped(each)} == wanted
        keys = {(*key.column_keys, key.referred_table.name) for key in table.foreign_key_constraints}
        references = inspector.get_foreign_keys(name)
        assert {(*each["constrained_columns"], each["referred_table"]) for each in references} == keys


def is_older() -> bool:
    with db.engine().connect() as connection:
        return schema_version.is_older(connection)


def test_a_database_is_older_until_every_step_is_taken(nothing: None) -> None:
    assert is_older()
    migrations.upgrade("0001")
    assert is_older()
    migrations.upgrade()
    assert not is_older()


def test_a_database_that_newer_code_has_migrated_is_not_older(nothing: None) -> None:
    migrations.upgrade()
    with db.engine().begin() as connection:
        connection.execute(sa.text("UPDATE alembic_version SET version_num = '9999'"))
    assert not is_older()


def test_going_forward_twice_changes_nothing(nothing: None) -> None:
    migrations.upgrade()
    before = tables()
    migrations.upgrade()
    assert tables() == before


def test_preparing_twice_applies_the_profile_once(nothing: None) -> None:
    assert migrations.prepare()
    assert migrations.prepare() is None


def test_the_migrations_are_one_line_without_branches() -> None:
    script = ScriptDirectory(str(schema_version.FOLDER))
    assert len(script.get_heads()) == len(script.get_bases()) == 1
    line = [each.revision for each in script.walk_revisions()]
    assert line[-1] == "0001"
    assert tuple(reversed(line)) == schema_version.revisions()


def test_a_step_that_fails_leaves_nothing_behind(nothing: None, monkeypatch: pytest.MonkeyPatch) -> None:
    script = ScriptDirectory(str(schema_version.FOLDER))
    first = script.get_revision(script.get_base() or "")
    assert first

    def half() -> None:
        op.create_table("half", sa.Column("id", sa.Integer()))
        raise RuntimeError("the power went")

    # Alembic reads the files anew each time: hand it the steps with the one that is spoilt here.
    steps = list(script.walk_revisions())
    monkeypatch.setattr(ScriptDirectory, "_load_revisions", lambda _self: iter(steps))
    monkeypatch.setattr(first.module, "upgrade", half)
    with pytest.raises(RuntimeError, match="the power went"):
        migrations.upgrade()
    assert tables() == set()


EARLIER_KINDS = {
    "fraga": "question",
    "klagomal": "complaint",
    "berom": "praise",
    "forslag": "suggestion",
    "felanmalan": "fault_report",
}
EARLIER_EVENTS = {
    "CaseMoved": "CaseTransferred",
    "SupplementAsked": "SupplementRequested",
    "SupplementGiven": "SupplementReceived",
    "SupplementGivenUp": "SupplementWaived",
    "CodeLinkAsked": "CodeLinkRequested",
}
NOW = datetime(2026, 5, 4, 8, 0, 0, 123456, tzinfo=UTC)


# Tables as a transaction finds them: a migration changes them before the next begins.
_reflected: WeakKeyDictionary[sa.Transaction, sa.MetaData] = WeakKeyDictionary()


def insert(writer: sa.Connection, into: str, **values: Any) -> None:
    """Add a row to a table as the database has it at this migration."""
    transaction = writer.get_transaction()
    assert transaction, "a row is added inside a transaction"
    metadata = _reflected.setdefault(transaction, sa.MetaData())
    table = sa.Table(into, metadata, autoload_with=writer, resolve_fks=False)
    stamps = {
        key: sa.literal(value, sa.DateTime(timezone=True)) if isinstance(value, datetime) else value
        for key, value in values.items()
    }
    writer.execute(table.insert().values(stamps))


def add_earlier_case(writer: sa.Connection, case_id: int, kind: str) -> None:
    """A case from before migration 0014, closed since it lives on in another system."""
    values = {"id": case_id, "number": case_id, "kind": kind, "close_reason": "moved"}
    fixed = {"version": 1, "year": 2026, "status": "closed", "channel": "web", "reply_by": "code"}
    texts = {"language": "sv", "public_subject": "Gungan", "internal_subject": "Gungan"}
    ids = {"responsible_unit_id": 1, "handling_unit_id": 1, "profile_version_id": 1, "hide_sender": False}
    times = {"clock_started_on": NOW.date(), "received_at": NOW, "updated_at": NOW, "promise": {}}
    insert(writer, "case", **values, **fixed, **texts, **ids, **times)


def add_earlier_trail(writer: sa.Connection, case_id: int, events: Iterable[str]) -> None:
    """The trail of a case, sealed with the names that events had."""
    seal = hash_chain.GENESIS_SEAL
    for sequence, event in enumerate(events, 1):
        entry = TrailEntry(case_id=case_id, sequence=sequence, at=NOW, event=event, actor_kind="staff")
        entry.actor_id = 1
        entry.details = {"message": sequence, "for_whom": "child"}
        seal = trail.seal(seal, entry)
        fields = ("case_id", "sequence", "at", "event", "actor_kind", "actor_id", "details")
        insert(writer, "trail", **{field: getattr(entry, field) for field in fields}, seal=seal)


@pytest.fixture
def earlier(nothing: None) -> None:
    """A database as migration 0013 left it, with five cases; an entry of the second was changed."""
    migrations.upgrade("0013")
    with db.engine().begin() as writer:
        insert(writer, "administration", id=1, key="a", name="A", opened_at=NOW)
        insert(writer, "board", id=1, key="b", name="B", opened_at=NOW)
        unit = {"id": 1, "key": "u", "name": "U", "board_id": 1, "administration_id": 1}
        insert(writer, "unit", **unit, opened_at=NOW, first_line=True)
        insert(
            writer, "profile_version", id=1, profile="burlov", fingerprint=b"", text="kinds", applied_at=NOW
        )
        for case_id, kind in enumerate(EARLIER_KINDS, 1):
            add_earlier_case(writer, case_id, kind)
            insert(writer, "answer_template", id=case_id, name=kind, kind=kind, language="sv")
            add_earlier_trail(writer, case_id, ["CaseReceived", *EARLIER_EVENTS, "NoteAdded"])
        insert(writer, "answer_template", id=6, name="Alla", kind=None, language="sv")
        writer.execute(sa.text("UPDATE trail SET actor_id = 2 WHERE case_id = 2 AND sequence = 3"))
    migrations.upgrade()


def column(query: str) -> list[Any]:
    with db.engine().connect() as connection:
        return list(connection.scalars(sa.text(query)))


def test_stored_words_become_english(earlier: None) -> None:
    english = list(EARLIER_KINDS.values())
    assert column('SELECT kind FROM "case" ORDER BY id') == english
    assert column("SELECT kind FROM answer_template ORDER BY id") == [*english, None]
    assert set(column('SELECT close_reason FROM "case"')) == {"transferred"}
    events = ["CaseReceived", *EARLIER_EVENTS.values(), "NoteAdded"]
    assert column("SELECT event FROM trail WHERE case_id = 1 ORDER BY sequence") == events
    assert db.session().get_one(Case, 5).kind is Kind.FAULT_REPORT


@pytest.mark.parametrize(("case_id", "changed"), [(1, set()), (2, {3})])
def test_the_seals_fit_new_names_of_events_and_show_a_change_from_before(
    earlier: None, case_id: int, changed: set[int]
) -> None:
    query = sa.select(TrailEntry).where(TrailEntry.case_id == case_id).order_by(TrailEntry.sequence)
    seal, broken = hash_chain.GENESIS_SEAL, set()
    for entry in db.session().scalars(query):
        if entry.seal != trail.seal(seal, entry):
            broken.add(entry.sequence)
        seal = entry.seal
    assert broken == changed


@pytest.fixture
def unsnapped(nothing: None) -> None:
    """A database from before there were snapshots: an officer, a registrar, their messages and a trail."""
    migrations.upgrade("0022")
    with db.engine().begin() as writer:
        insert(writer, "administration", id=1, key="a", name="A", opened_at=NOW)
        insert(writer, "board", id=1, key="b", name="Nämnden", opened_at=NOW)
        unit = {"board_id": 1, "administration_id": 1, "opened_at": NOW}
        insert(writer, "unit", **unit, id=1, key="f", name="Medborgarservice", first_line=True)
        insert(writer, "unit", **unit, id=2, key="p", name="Parkenheten", first_line=False)
        insert(writer, "profile_version", id=1, profile="x", fingerprint=b"", text="", applied_at=NOW)
        for person, (name, role, place) in enumerate((("Anna", "officer", 2), ("Eva", "registrar", None)), 1):
            insert(writer, "person", id=person, name=encrypt(name), protected=False, created_at=NOW)
            insert(
                writer, "membership", id=person, person_id=person, role=role, unit_id=place, started_at=NOW
            )
        add_earlier_case(writer, 1, "question")
        writer.execute(sa.text("UPDATE \"case\" SET close_reason = 'answered'"))
        add_earlier_trail(writer, 1, ["CaseReceived", "NoteAdded"])
        for author in (None, 1, 2):
            text = {"direction": "internal", "language": "sv", "body": "Text"}
            insert(writer, "message", case_id=1, author_id=author, arrived_at=NOW, **text)
    migrations.upgrade()


def test_what_was_written_before_snapshots_gets_one_of_its_author_as_they_are_now(unsnapped: None) -> None:
    rows = db.session().scalars(sa.select(Message).order_by(Message.id)).all()
    authors = [row.author and (row.author.name, row.author.unit_name, row.author.board_name) for row in rows]
    assert authors == [None, ("Anna", "Parkenheten", "Nämnden"), ("Eva", "Medborgarservice", "Nämnden")]


def test_the_first_snapshot_is_the_one_that_the_portal_takes_of_an_unchanged_membership(
    unsnapped: None,
) -> None:
    with db.transaction():
        assert [snapshot_of(membership).number for membership in (1, 2)] == [1, 1]


def test_a_trail_from_before_snapshots_keeps_its_seals_and_names_its_actors(unsnapped: None) -> None:
    entries = trail.timeline(System(), db.session().get_one(Case, 1))
    assert hash_chain.is_intact(entries, trail.seal)
    assert [entry.actor_snapshot_id for entry in entries] == [None, None]
    assert [entry.actor and entry.actor.name for entry in entries] == ["Anna", "Anna"]
