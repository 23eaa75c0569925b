"""flask profile check and apply: what is wrong is named with its line, and nothing is half done."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result

from portal import config, create_app, db
from portal.cases.deadlines import next_open
from portal.cli import profile as profile_commands
from portal.config import BadSetting
from portal.identity.actors import Role
from portal.organisation import queries as organisation
from tests import factories, migrated
from tests.conftest import settings
from tests.installation import BURLOV, without_the_unit
from tests.integration import test_checks

Run = Callable[..., Result]


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """A profile of one's own."""
    path = tmp_path / "own.toml"
    path.write_text(BURLOV, encoding="utf-8")
    return path


@pytest.fixture
def run(tmp_path: Path) -> Iterator[Run]:
    """Runs a command of an installation of its own."""
    url = f"sqlite:///{tmp_path}/kontakt.db"

    def command(*args: str, **more: Any) -> Result:
        organisation._load_profile.cache_clear()
        app = create_app(settings(url, **more))
        with app.app_context():
            return app.test_cli_runner().invoke(args=["profile", *args])

    (tmp_path / "kontakt.db").write_bytes(migrated.sqlite_file())
    config.use(settings(url))
    db.bind(url)
    yield command
    organisation._load_profile.cache_clear()
    db.close_read_session()
    db.engine().dispose()


@pytest.mark.parametrize("name", ["burlov", "botkyrka", "nacka"])
def test_every_shipped_profile_is_in_order(run: Run, name: str) -> None:
    result = run("check", name)
    assert (result.exit_code, result.output.split(".")[0]) == (0, f"{name}: in order")
    assert ("en: no translation of 'Medborgarservice, Kyrkogatan" in result.output) is (name == "burlov")


def test_the_profile_of_the_installation_is_checked_unless_another_is_named(run: Run) -> None:
    assert run("check", profile="nacka").output.startswith("nacka: in order.")


def test_a_translation_of_a_text_that_is_gone_is_named_with_its_line(run: Run, file: Path) -> None:
    file.write_text(without_the_unit("park"), encoding="utf-8")
    result = run("check", str(file))
    line = next(
        i for i, text in enumerate(file.read_text().splitlines(), 1) if text.startswith('"Parkenheten"')
    )
    assert result.exit_code == 0
    assert f"{file}:{line}: translations.en: 'Parkenheten' is no text of the profile" in result.output


def without_officer(text: str) -> str:
    start = text.index("[privacy]")
    return text[:start] + text[text.index("[accessibility]") :]


def test_what_is_an_example_is_named_with_its_line(run: Run, file: Path) -> None:
    output = run("check", str(file)).output
    lines = file.read_text().splitlines()
    line = lines.index('key = "orosanmalan"')
    assert f"{file}:{line - 1}: doors.orosanmalan: is an example: replace it before use" in output
    assert "not_handled.partipolitik: is an example" in output
    assert "privacy: is an example" in output
    assert "promise: is an example" not in output
    assert "routines.muntligt: is an example" in output
    marks = ("example", "way_example", "follow_up_example")
    count = sum(file.read_text().count(f"\n{mark} = true") for mark in marks)
    assert output.count("is an example: replace it before use") == count


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("assessed = 2026-11-28", "", "accessibility.assessed: no day of assessment"),
        ('assessed_by = "', 'assessed_by = ""  # "', "accessibility.assessed_by: no method"),
        ('category = "tillganglighet"', "", "accessibility.category: no topic for reports"),
        ('href = "https://www.burlov.example/gallringsplan"', "", "documents: no link to a policy"),
    ],
)
def test_what_the_public_pages_lack_is_named(run: Run, file: Path, old: str, new: str, expected: str) -> None:
    assert old in BURLOV
    file.write_text(BURLOV.replace(old, new), encoding="utf-8")
    result = run("check", str(file))
    assert result.exit_code == 0
    assert f"missing: {expected}" in result.output
    assert "missing: " not in run("check", "burlov").output


def test_only_in_production_a_profile_without_an_officer_is_an_error(
    run: Run, file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file.write_text(without_officer(BURLOV), encoding="utf-8")
    result = run("check", str(file))
    assert result.exit_code == 0
    assert "missing: privacy: no address to the data protection officer" in result.output
    monkeypatch.setattr(profile_commands, "settings", test_checks.production)
    result = run("check", str(file))
    assert result.exit_code == 1
    assert "Error: the profile names no data protection officer" in result.output
    assert run("check", "burlov").exit_code == 0


def test_a_typo_is_named_with_file_line_and_reason(run: Run, file: Path) -> None:
    file.write_text(BURLOV.replace('board = "tekniska"', 'board = "teknisk"', 1), encoding="utf-8")
    result = run("check", str(file))
    assert result.exit_code == 1
    line = BURLOV.splitlines().index('board = "tekniska"') + 1
    assert f"{file}:{line}: units.park.board: there is no 'teknisk'" in result.output


def test_a_profile_that_is_not_there_is_named(run: Run) -> None:
    result = run("check", "lomma")
    assert result.exit_code == 1
    assert "lomma: cannot be read" in result.output


def test_an_unknown_profile_stops_the_start_and_is_named() -> None:
    with pytest.raises(BadSetting, match=r"PORTAL_PROFILE: lomma: cannot be read.*shipped profiles"):
        create_app(settings("sqlite://", profile="lomma"))


def test_a_typo_applies_nothing(run: Run, file: Path) -> None:
    run("apply", profile=str(file))
    before = organisation.profile_version().id
    file.write_text(BURLOV.replace('name = "Parkenheten"', 'nam = "Parken"', 1), encoding="utf-8")
    with pytest.raises(BadSetting, match=r"own\.toml:\d+: units\.park\.nam"):
        run("apply", profile=str(file))
    db.close_read_session()
    assert organisation.profile_version().id == before
    assert "Parkenheten" in organisation.unit_names().values()


def test_apply_says_what_it_did(run: Run, file: Path) -> None:
    first = run("apply", profile=str(file))
    assert "Profile applied: burlov, version 1." in first.output
    assert "  opened board: bygg, ks, social, tekniska, utbildning" in first.output
    assert run("apply", profile=str(file)).output == "Profile unchanged.\n"
    changed = BURLOV.replace('name = "Parkenheten"', 'name = "Park och natur"', 1)
    changed = changed.replace('"Parkenheten" =', '"Park och natur" =')
    file.write_text(changed, encoding="utf-8")
    assert run("apply", profile=str(file)).stdout == (
        "Profile applied: burlov, version 2.\n  changed unit: park\n"
    )


def test_a_closed_unit_with_cases_and_memberships_is_warned_of_and_loses_nothing(
    run: Run, file: Path
) -> None:
    run("apply", profile=str(file))
    officer, receipt = factories.member("anna", Role.OFFICER, "park"), factories.send_in()
    file.write_text(without_the_unit("park"), encoding="utf-8")
    result = run("apply", profile=str(file))
    assert result.exit_code == 0
    assert "closed unit: park" in result.output
    assert "the closed unit park still has 1 open cases and 1 memberships" in result.output
    stored = factories.case(receipt)
    assert stored.handling_unit.key == "park"
    assert stored.profile_version.id == 1
    assert officer.unit == stored.handling_unit_id


def test_a_closed_unit_without_either_is_no_warning(run: Run, file: Path) -> None:
    run("apply", profile=str(file))
    file.write_text(without_the_unit("park"), encoding="utf-8")
    assert "Warning" not in run("apply", profile=str(file)).output


def test_an_old_case_keeps_the_promise_it_was_born_under(run: Run, file: Path) -> None:
    run("apply", profile=str(file))
    receipt = factories.send_in()
    due = factories.case(receipt).due_answer
    file.write_text(BURLOV.replace("answer_working_days = 10", "answer_working_days = 3"), encoding="utf-8")
    run("apply", profile=str(file))
    assert (factories.case(receipt).due_answer, factories.case(receipt).promise["answer"]) == (due, 10)
    assert factories.case(factories.send_in()).promise["answer"] == 3


def test_a_new_closed_day_moves_the_dates_of_open_cases_and_says_so(run: Run, file: Path) -> None:
    run("apply", profile=str(file))
    receipt = factories.send_in()
    due = factories.case(receipt).due_answer
    assert due
    day = f'[[closed_days]]\ndate = {due}\nname = "klämdagen"\n\n[[not_handled]]'
    file.write_text(BURLOV.replace("[[not_handled]]", day, 1), encoding="utf-8")
    result = run("apply", profile=str(file))
    assert "1 open cases have another date" in result.output
    assert factories.case(receipt).due_answer == next_open(due, {due: "klämdagen"})
    assert factories.entries(receipt)[-1].event == "DeadlineRecounted"
