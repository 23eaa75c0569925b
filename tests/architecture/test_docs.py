"""The documents say what the code says. Each rule is also shown a sample that breaks it."""

import re
from collections.abc import Iterator
from enum import StrEnum
from pathlib import Path

import click
import pytest
from flask import Flask

from portal import config, create_app, db
from portal.cases.enums import BarKind, Channel, ForWhom, Kind, MeasureKind, MeasureState, ReplyBy
from portal.cases.lifecycle import CloseReason, Status
from portal.identity.actors import Role
from portal.operations import migrations
from portal.testlegitimering.people import load_people
from portal.web.backoffice.case.actions import SPECS
from portal.web.guards import GUARDS
from portal.words import labels
from portal.words.kinds import KINDS
from tests.architecture import documents
from tests.architecture.tree import ROOT

INTERFACE = documents.DOCS / "interface.md"
WORDS: dict[type[StrEnum], dict[StrEnum, str]] = {
    Status: {each: str(tag.text) for each, tag in labels.STATUS.items()},
    CloseReason: {each: str(word) for each, word in labels.CLOSE_REASON.items()},
    Role: {each: str(word) for each, word in labels.ROLE.items()},
    Kind: {each: str(words.name) for each, words in KINDS.items()},
    ReplyBy: {each: str(word) for each, word in labels.REPLY_BY.items()},
    MeasureKind: {each: str(word) for each, word in labels.MEASURE_KIND.items()},
    MeasureState: {each: str(tag.text) for each, tag in labels.MEASURE_STATE.items()},
    ForWhom: {each: str(word) for each, word in labels.FOR_WHOM.items()},
    Channel: {each: str(word) for each, word in labels.CHANNEL.items()},
    BarKind: {each: str(word) for each, word in labels.BAR.items()},
}


@pytest.fixture
def app(tmp_path: Path) -> Iterator[Flask]:
    """The application of somebody's own machine; no database is opened."""
    yield create_app(config.load(env="development", database_url=f"sqlite:///{tmp_path}/kontakt.db"))
    db.engine().dispose()


def read(file: Path) -> str:
    return file.read_text(encoding="utf-8")


@pytest.mark.parametrize("name", documents.PRINTED)
def test_a_printed_table_is_what_the_code_says(name: str) -> None:
    found = documents.between(read(documents.ARCHITECTURE), name)
    assert found == documents.PRINTED[name](), "run .venv/bin/python -m tests.architecture.documents"


def test_the_events_of_the_log_stand_in_the_operations_manual() -> None:
    found = documents.between(read(documents.DOCS / "operations.md"), "events")
    assert found == documents.events(), "run .venv/bin/python -m tests.architecture.documents"


@pytest.mark.parametrize("name", documents.ON_DEMAND)
def test_what_is_printed_on_demand_has_a_row_for_each_action_of_staff(
    name: str, capsys: pytest.CaptureFixture[str]
) -> None:
    documents.main([name])
    printed = {row[0].strip("`") for row in documents.rows_of(capsys.readouterr().out, "action")}
    assert {action.value for action in SPECS} <= printed


def test_every_printed_part_is_printed_where_its_marks_stand() -> None:
    text = "a\n<!-- printed: x -->\nold\n<!-- end: x -->\nb"
    assert documents.between(text, "x") == "old"
    assert documents.between(documents.put(text, "x", "| new |"), "x") == "| new |"
    with pytest.raises(ValueError, match="not found"):
        documents.between(text, "y")


def test_every_path_and_link_in_the_documents_leads_somewhere() -> None:
    files = documents.documents()
    assert [f"{file.name}: {path}" for file in files for path in documents.lost_paths(read(file))] == []
    assert [link for file in files for link in documents.lost_links(file)] == []


def test_a_lost_path_and_a_lost_link_are_found(tmp_path: Path) -> None:
    (tmp_path / "portal").mkdir()
    text = "`portal/gone.py` `portal/` `setup.cfg` `/portal/x` `make run` [a](gone.md) [b](text.md#x) [c](https://x.se)"
    (tmp_path / "text.md").write_text(text)
    assert documents.lost_paths(text, tmp_path) == ["portal/gone.py", "setup.cfg"]
    assert list(documents.lost_links(tmp_path / "text.md")) == ["text.md: gone.md"]


def glossary(text: str) -> dict[str, str]:
    """The Swedish of each word of the code."""
    return {name: row[1] for row in documents.rows_of(text, "English") for name in documents.code(row[2])}


def test_the_glossary_has_every_word_as_people_read_it() -> None:
    told = glossary(read(documents.DOCS / "glossary.md"))
    for kind, words in WORDS.items():
        assert {word.name: told.get(f"{kind.__name__}.{word.name}") for word in kind} == {
            word.name: text for word, text in words.items()
        }


def test_rows_are_read_from_every_table_with_the_heading_and_from_no_other() -> None:
    first, other = "| English | x |\n|---|---|\n| a | `A.B` |", "| other | y |\n|---|---|\n| c | d |"
    text = f"{first}\n\n{other}\n\n| English | z |\n| b | e \\| f |"
    assert documents.rows_of(text, "English") == [("a", "`A.B`"), ("b", "e \\| f")]


def routes(app: Flask) -> set[tuple[str, str, str]]:
    """Address, methods and guard of everything that the application answers."""
    found: dict[str, tuple[set[str], str]] = {}
    for rule in app.url_map.iter_rules():
        guard = GUARDS.get(rule.endpoint.rpartition(".")[0])
        methods, _guard = found.setdefault(rule.rule, (set(), guard.__name__ if guard else ""))
        methods |= (rule.methods or set()) & {"GET", "POST"}
    return {(address, ", ".join(sorted(methods)), guard) for address, (methods, guard) in found.items()}


def test_every_address_stands_in_the_interface_with_its_methods_and_guard(app: Flask) -> None:
    rows = documents.rows_of(read(INTERFACE), "address")
    assert {(row[0].strip("`"), row[1], row[2].strip("`")) for row in rows} == routes(app)


def test_every_setting_stands_in_the_interface_with_its_defaults() -> None:
    rows = documents.rows_of(read(INTERFACE), "setting")
    known = {
        f"PORTAL_{name.upper()}": (str(field.default), config.DEVELOPMENT.get(name, ""))
        for name, field in config.Settings.model_fields.items()
    }
    assert {row[0].strip("`"): (row[1].strip("`"), row[2].strip("`")) for row in rows} == known


def test_what_production_needs_is_marked() -> None:
    rows = documents.rows_of(read(INTERFACE), "setting")
    needed = {row[0].strip("`") for row in rows if row[3].startswith("**needed**")}
    assert needed == {f"PORTAL_{name.upper()}" for name in config.REQUIRED_IN_PRODUCTION}


def own_commands(app: Flask) -> set[str]:
    """Our commands, a group's with the name of the group; those of libraries are theirs to describe."""
    found = set()
    context = click.Context(app.cli)
    for name in app.cli.list_commands(context):
        command = app.cli.get_command(context, name)
        inner = getattr(command, "commands", {"": command})
        for sub, each in inner.items():
            if str(getattr(each.callback, "__module__", "")).startswith("portal."):
                found.add(f"{name} {sub}".strip())
    return found


def test_every_command_stands_in_the_interface(app: Flask) -> None:
    rows = documents.rows_of(read(INTERFACE), "flask command")
    told = {re.split(r" (?=[A-Z\[])", row[0].strip("`"))[0] for row in rows}
    assert told == own_commands(app)


def test_every_make_target_stands_in_the_interface() -> None:
    rows = documents.rows_of(read(INTERFACE), "command")
    targets = re.findall(r"^([a-z-]+):.*## ", read(ROOT / "Makefile"), re.MULTILINE)
    assert [row[0].strip("`") for row in rows] == [f"make {target}" for target in targets]


def test_every_table_of_the_database_has_a_lifetime() -> None:
    rows = documents.rows_of(read(documents.ARCHITECTURE), "table")
    assert {name for row in rows for name in documents.code(row[0])} == set(migrations.metadata().tables)
    assert [row for row in rows if not row[2]] == []


def test_the_readme_tells_who_to_sign_in_as() -> None:
    rows = documents.rows_of(read(ROOT / "README.md"), "person")
    told = {name.strip(): row[1] for row in rows for name in row[0].split(",")}
    staff = {person.name: person.role for person in load_people() if person.role != "citizen"}
    assert told.keys() == staff.keys()
    assert [name for name, role in staff.items() if role.replace("_", " ") not in told[name]] == []


def test_every_decision_is_short_numbered_and_says_why() -> None:
    files = sorted((documents.DOCS / "decisions").iterdir())
    assert [int(file.name[:4]) for file in files] == list(range(1, len(files) + 1))
    for file in files:
        text = read(file)
        assert len(text.splitlines()) <= 40, file.name
        assert re.findall(r"^#+ (.*)", text, re.MULTILINE)[1:] == ["Context", "Decision", "Consequences"], (
            file.name
        )
        assert text.startswith(f"# {file.name[:4]}. "), file.name
