"""Migrations: forward from nothing on both databases, and the models say the same as the tables."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from alembic import op
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy.schema import CreateIndex, UniqueConstraint

from portal import config, db
from portal.operations import migrations
from tests import postgres


@pytest.fixture(params=["sqlite", "postgresql"])
def nothing(request: pytest.FixtureRequest, tmp_path: Path, worker_id: str) -> Iterator[None]:
    """A database of each kind in which there is nothing yet."""
    url = f"sqlite:///{tmp_path}/folder/kontakt.db"
    if request.param == "postgresql":
        url = postgres.fresh_database(f"kontakt_test_nothing_{worker_id}")
    config.use(config.load(env="development", limits="off", database_url=url))
    db.bind(url)
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
        connection.execute(sa.text("ALTER TABLE task DROP COLUMN done_at"))
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


def test_a_database_is_current_only_when_every_step_is_taken(nothing: None) -> None:
    assert not migrations.is_current()
    db.close_read_session()
    migrations.upgrade()
    assert migrations.is_current()


def test_going_forward_twice_changes_nothing(nothing: None) -> None:
    migrations.upgrade()
    before = tables()
    migrations.upgrade()
    assert tables() == before


def test_preparing_twice_applies_the_profile_once(nothing: None) -> None:
    assert migrations.prepare()
    assert migrations.prepare() is None


def test_the_migrations_are_one_line_without_branches() -> None:
    script = ScriptDirectory(str(migrations.FOLDER))
    assert len(script.get_heads()) == len(script.get_bases()) == 1
    assert [each.revision for each in script.walk_revisions()][-1] == "0001"


def test_a_step_that_fails_leaves_nothing_behind(nothing: None, monkeypatch: pytest.MonkeyPatch) -> None:
    script = ScriptDirectory(str(migrations.FOLDER))
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
