"""Names, docstrings and files use the field's words. Each rule is also shown a sample that breaks it."""

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.architecture import vocabulary
from tests.architecture.tree import PORTAL

RULES = {
    vocabulary.odd_docstrings: 'def load():\n    """What somebody has sent."""\n',
    vocabulary.odd_comments: "x = 1  # Nobody reads it.\n",
    vocabulary.vague_names: "for each in rows:\n    pass\n",
    vocabulary.retired_names: "MOST_NAMES = 3\n",
    vocabulary.misplaced: '@blueprint.get("/")\ndef start():\n    pass\n',
}


@pytest.mark.parametrize("rule", [*RULES, vocabulary.gerunds, vocabulary.crowded_folders])
def test_the_code_keeps_to(rule: Callable[[Path], list[str]]) -> None:
    assert rule(PORTAL) == []


@pytest.mark.parametrize("rule", RULES)
def test_a_sample_that_breaks_it_is_found_by(rule: Callable[[Path], list[str]], tmp_path: Path) -> None:
    (tmp_path / "bad.py").write_text(RULES[rule], encoding="utf-8")
    assert len(rule(tmp_path)) == 1


@pytest.mark.parametrize(
    "text",
    ["class SendForm(Form):\n    pass\n", "class Case(db.Base):\n    pass\n", "def may():\n    pass\n"],
)
def test_forms_models_and_retired_functions_are_found_in_other_modules(text: str, tmp_path: Path) -> None:
    (tmp_path / "bad.py").write_text(text, encoding="utf-8")
    assert len(vocabulary.misplaced(tmp_path) + vocabulary.retired_names(tmp_path)) == 1


def test_their_own_modules_may_hold_routes_forms_and_models(tmp_path: Path) -> None:
    (tmp_path / "views.py").write_text(RULES[vocabulary.misplaced], encoding="utf-8")
    (tmp_path / "send_forms.py").write_text("class SendForm(Form):\n    pass\n", encoding="utf-8")
    (tmp_path / "models.py").write_text("class Case(Base):\n    pass\n", encoding="utf-8")
    (tmp_path / "models").mkdir()
    (tmp_path / "models" / "case.py").write_text("class Case(Base):\n    pass\n", encoding="utf-8")
    assert vocabulary.misplaced(tmp_path) == []


def test_a_gerund_and_a_retired_module_are_found(tmp_path: Path) -> None:
    for name in ("moving.py", "routing.py", "account_linking.py"):
        (tmp_path / name).write_text("", encoding="utf-8")
    assert vocabulary.gerunds(tmp_path) == ["moving.py"]
    assert vocabulary.retired_names(tmp_path) == ["moving.py"]


def test_a_folder_has_at_most_twelve_modules(tmp_path: Path) -> None:
    for number in range(vocabulary.FOLDER_MODULES):
        (tmp_path / f"module_{number}.py").write_text("", encoding="utf-8")
    (tmp_path / "__init__.py").write_text("", encoding="utf-8")
    assert vocabulary.crowded_folders(tmp_path) == []
    (tmp_path / "one_more.py").write_text("", encoding="utf-8")
    assert vocabulary.crowded_folders(tmp_path) == [".: 13 modules"]
