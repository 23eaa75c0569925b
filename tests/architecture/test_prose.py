"""Names in prose are defined where it says. Each rule is also shown a sample that breaks it."""

from pathlib import Path

import pytest

from tests.architecture import documents, prose

CODE = "LIMIT = 3\n\ndef move(): ...\n\nclass Case:\n    number: int\n\n    def reopen(self): ...\n"


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A project of one module."""
    (tmp_path / "portal" / "cases").mkdir(parents=True)
    (tmp_path / "tests").mkdir()
    (tmp_path / "portal" / "cases" / "transitions.py").write_text(CODE, encoding="utf-8")
    (tmp_path / "portal" / "cases" / "queries.py").write_text("def find(): ...\n", encoding="utf-8")
    return tmp_path


@pytest.mark.parametrize("file", documents.documents(), ids=lambda file: file.stem)
def test_every_function_that_a_document_names_is_where_it_says(file: Path) -> None:
    text = file.read_text(encoding="utf-8")
    assert prose.misplaced_names(text) == []
    assert prose.undefined_calls(text) == []
    assert prose.undefined_paths(text) == []


@pytest.mark.parametrize(
    "text",
    [
        "`find()` in `portal/cases/transitions.py`",
        "`Case` in\n`portal/cases/queries.py`",
        "`move(case)` in `portal/cases/queries.py`",
        "`Case.move()` in `portal/cases/transitions.py`",
        "`portal/cases/queries.py`: `LIMIT`",
    ],
)
def test_a_name_in_another_module_is_found(root: Path, text: str) -> None:
    assert len(prose.misplaced_names(text, root)) == 1


@pytest.mark.parametrize(
    "text",
    [
        "`move()` in `portal/cases/transitions.py`",
        "`transitions.move()` in `portal/cases/transitions.py`",
        "`Case.reopen()`\nin `portal/cases/transitions.py`",
        "`Case.number` in `portal/cases/transitions.py`",
        "`portal/cases/transitions.py`: `LIMIT`",
        "`secrecy` in `static/page.css`",
    ],
)
def test_a_name_in_its_own_module_is_right(root: Path, text: str) -> None:
    assert prose.misplaced_names(text, root) == []


def test_a_function_that_is_nowhere_is_found(root: Path) -> None:
    right = "`move()`, `transitions.move()`, `Case.reopen()`, `reopen()` and `now('x')`"
    text = f"{right}, `gone()` and `queries.move()`"
    assert prose.undefined_calls(text, root) == ["gone", "queries.move"]


def test_a_dotted_name_that_is_nowhere_is_found(root: Path) -> None:
    right = "`portal.cases`, `portal.cases.queries` and `portal.cases.transitions.move`"
    text = f"{right}, `portal.gone`, `portal.cases.gone.move` and `portal.cases.queries.move`"
    assert prose.undefined_paths(text, root) == [
        "portal.gone",
        "portal.cases.gone.move",
        "portal.cases.queries.move",
    ]
