"""Applying a profile: rows follow the file, what was is remembered, and nothing is ever deleted."""

import datetime as dt
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from time_machine import TimeMachineFixture

from portal import config, db
from portal.operations import migrations
from portal.organisation import commands, loading
from portal.organisation import queries as organisation
from portal.organisation.models import Administration, Board, Category, ProfileVersion, Unit, UnitHistory
from portal.organisation.profile import Profile
from tests import migrated

MONDAY, TUESDAY = (dt.datetime(2026, 3, day, 8, tzinfo=dt.UTC) for day in (2, 3))


@pytest.fixture(params=["sqlite", "postgresql"])
def own(request: pytest.FixtureRequest, tmp_path: Path, worker_id: str) -> Iterator[None]:
    """A migrated database of its own, since profiles outlive the other tests' cleaning. No profile yet."""
    url = f"sqlite:///{tmp_path}/kontakt.db"
    if request.param == "postgresql":
        url = migrated.postgres_url(f"kontakt_test_own_{worker_id}", worker_id)
    else:
        (tmp_path / "kontakt.db").write_bytes(migrated.sqlite_file())
    config.use(config.load(env="development", limits="off", database_url=url))
    db.bind(url)
    yield
    db.close_read_session()
    db.engine().dispose()


BURLOV = loading.load("burlov")


def changed(**changes: Any) -> Profile:
    """Burlöv's profile with something else in it."""
    return BURLOV.model_copy(update={"text": f"{BURLOV.text}\n# {sorted(changes)}", **changes})


def with_unit(key: str, **changes: Any) -> Profile:
    units = [unit.model_copy(update=changes) if unit.key == key else unit for unit in BURLOV.units]
    return changed(units=tuple(units))


def without_category(key: str) -> Profile:
    return changed(categories=tuple(each for each in BURLOV.categories if each.key != key))


def apply(wanted: Profile) -> ProfileVersion | None:
    with db.transaction():
        applied = commands.apply(wanted)
    return applied.version if applied else None


def changes(wanted: Profile) -> set[tuple[str, str, str]]:
    with db.transaction():
        applied = commands.apply(wanted)
    assert applied
    return {(change.kind, change.part, change.key) for change in applied.changes}


def rows(model: type[Any]) -> list[Any]:
    db.close_read_session()
    return list(db.session().scalars(sa.select(model).order_by(model.id)))


def row(model: type[Any], key: str) -> Any:
    return next(each for each in rows(model) if each.key == key)


def everything() -> list[tuple[Any, ...]]:
    """All that all tables hold."""
    db.close_read_session()
    tables = migrations.metadata().tables.values()
    return [tuple(cells) for table in tables for cells in db.session().execute(sa.select(table))]


def test_every_part_of_the_profile_becomes_a_row(own: None) -> None:
    version = apply(BURLOV)
    assert version
    assert (version.profile, version.text) == ("burlov", BURLOV.text)
    for model, parts in (
        (Board, BURLOV.boards),
        (Administration, BURLOV.administrations),
        (Unit, BURLOV.units),
        (Category, BURLOV.categories),
    ):
        assert {(each.key, each.name) for each in rows(model)} == {(each.key, each.name) for each in parts}
    park = row(Unit, "park")
    assert (park.board.key, park.administration.key, park.first_line) == (
        "tekniska",
        "samhallsbyggnad",
        False,
    )
    care = row(Category, "aldre")
    assert (care.responsible_unit.key, care.secrecy_default, care.answer_by_email) == ("aldre", True, False)


def test_applying_says_what_was_opened_changed_and_closed(own: None) -> None:
    opened = changes(BURLOV)
    assert {kind for kind, _part, _key in opened} == {"opened"}
    assert {part for _happened, part, _key in opened} == {"board", "administration", "unit", "category"}
    assert changes(changed()) == set()
    assert changes(with_unit("park", name="Park och natur")) == {("changed", "unit", "park")}
    assert changes(without_category("parker")) == {
        ("changed", "unit", "park"),
        ("closed", "category", "parker"),
    }
    assert changes(BURLOV) == {("opened", "category", "parker")}


def test_the_procedure_of_a_topic_is_stored_with_it(own: None) -> None:
    apply(BURLOV)
    assert row(Category, "aldre").special_procedure == BURLOV.category("aldre").special_procedure
    assert row(Category, "parker").special_procedure == ""


def test_topics_stand_in_the_order_of_the_file(own: None) -> None:
    apply(BURLOV)
    assert [each.key for each in organisation.categories()] == [each.key for each in BURLOV.categories]


def test_the_same_profile_again_changes_nothing(own: None) -> None:
    apply(BURLOV)
    before = everything()
    assert apply(BURLOV) is None
    assert everything() == before


def test_a_comment_in_the_file_is_a_new_version_that_changes_no_row(own: None) -> None:
    apply(BURLOV)
    units = [(each.id, each.opened_at, each.closed_at) for each in rows(Unit)]
    assert apply(changed())
    assert len(rows(ProfileVersion)) == 2
    assert [(each.id, each.opened_at, each.closed_at) for each in rows(Unit)] == units
    assert rows(UnitHistory) == []


def test_going_back_to_an_older_profile_is_a_version_of_its_own(own: None) -> None:
    first = apply(BURLOV)
    apply(without_category("kultur"))
    third = apply(BURLOV)
    assert first
    assert third
    assert organisation.profile_version().id == third.id
    assert third.fingerprint == first.fingerprint


@pytest.mark.parametrize(
    ("changes", "now"),
    [
        ({"name": "Park och natur"}, ("Park och natur", "tekniska", "samhallsbyggnad")),
        ({"board": "bygg"}, ("Parkenheten", "bygg", "samhallsbyggnad")),
        ({"administration": "utbildning"}, ("Parkenheten", "tekniska", "utbildning")),
    ],
)
def test_a_unit_that_changes_keeps_its_id_and_leaves_its_history(
    own: None, time_machine: TimeMachineFixture, changes: dict[str, str], now: tuple[str, str, str]
) -> None:
    time_machine.move_to(MONDAY, tick=False)
    apply(BURLOV)
    before = row(Unit, "park")
    old = (before.id, before.name, before.board_id, before.administration_id)
    time_machine.move_to(TUESDAY, tick=False)
    apply(with_unit("park", **changes))
    park = row(Unit, "park")
    assert (park.id, park.opened_at) == (before.id, MONDAY)
    assert (park.name, park.board.key, park.administration.key) == now
    (past,) = rows(UnitHistory)
    assert (past.unit_id, past.name, past.board_id, past.administration_id) == old
    assert past.ended_at == TUESDAY


def test_what_is_not_its_name_board_or_administration_leaves_no_history(own: None) -> None:
    apply(BURLOV)
    units = [unit.model_copy(update={"first_line": unit.key == "kommunikation"}) for unit in BURLOV.units]
    apply(changed(units=tuple(units)))
    assert organisation.first_line().key == "kommunikation"
    assert rows(UnitHistory) == []


def test_a_topic_that_the_file_drops_is_closed_and_not_deleted(
    own: None, time_machine: TimeMachineFixture
) -> None:
    time_machine.move_to(MONDAY, tick=False)
    apply(BURLOV)
    old = row(Category, "kultur").id
    time_machine.move_to(TUESDAY, tick=False)
    apply(without_category("kultur"))
    closed = row(Category, "kultur")
    assert (closed.id, closed.closed_at) == (old, TUESDAY)
    assert organisation.category("kultur") is None
    assert "kultur" not in [each.key for each in organisation.categories()]


def test_a_topic_that_comes_back_is_the_same_and_open(own: None) -> None:
    apply(BURLOV)
    old = row(Category, "kultur").id
    apply(without_category("kultur"))
    apply(BURLOV)
    found = organisation.category("kultur")
    assert found
    assert (found.id, found.closed_at) == (old, None)


def test_the_day_something_closed_is_not_moved_by_later_versions(
    own: None, time_machine: TimeMachineFixture
) -> None:
    time_machine.move_to(MONDAY, tick=False)
    apply(BURLOV)
    apply(without_category("kultur"))
    time_machine.move_to(TUESDAY, tick=False)
    again = without_category("kultur")
    apply(again.model_copy(update={"text": again.text + "\n# later"}))
    assert row(Category, "kultur").closed_at == MONDAY


def test_a_unit_that_the_file_drops_is_closed_and_cannot_be_chosen(own: None) -> None:
    apply(BURLOV)
    kept = tuple(unit for unit in BURLOV.units if unit.key != "kultur")
    topics = tuple(each for each in BURLOV.categories if each.key != "kultur")
    apply(changed(units=kept, categories=topics))
    assert row(Unit, "kultur").closed_at
    assert organisation.unit("kultur") is None
    assert "Kultur- och fritidsenheten" in organisation.unit_names().values()


def test_a_profile_that_cannot_be_applied_leaves_everything_as_it_was(own: None) -> None:
    apply(BURLOV)
    before = everything()
    broken = with_unit("park", name="Nytt namn", board="finns-inte")
    with pytest.raises(KeyError):
        apply(broken)
    assert everything() == before


def test_no_case_can_be_born_before_a_profile_has_been_applied(own: None) -> None:
    with pytest.raises(RuntimeError, match="no profile has been applied"):
        organisation.profile_version()


def test_administrations_are_found_by_key_while_they_are_open(own: None) -> None:
    apply(BURLOV)
    found = organisation.administration("utbildning")
    assert found
    assert found.name == "Utbildnings- och kulturförvaltningen"
    assert organisation.administration("finns-inte") is None
