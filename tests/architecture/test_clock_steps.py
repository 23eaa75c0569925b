"""The printed table of clocks follows the calls of the commands, private functions included."""

from pathlib import Path

from tests.architecture.clock_steps import CASES, callers
from tests.architecture.source import Function, trees


def test_a_command_is_named_for_the_clock_that_it_changes(tmp_path: Path) -> None:
    (tmp_path / "handling.py").write_text(
        "def answer(case):\n    _add(case)\n\n"
        "def _add(case):\n    mark_contacted(case, now())\n    case.answered_at = now()\n\n"
        "def ask(case):\n    clocks.pause(case, now())\n    other.count(case)\n"
    )
    steps = {step: functions for step, functions in callers(tmp_path).items() if functions}
    assert steps == {
        "mark_contacted": {"answer"},
        "answered_at": {"answer"},
        "pause": {"ask"},
    }


def test_every_step_is_a_function_that_exists_and_is_taken() -> None:
    files = ("clocks.py", "transitions.py")
    defined = {
        node.name
        for file, tree in trees(CASES)
        if file.name in files
        for node in tree.body
        if isinstance(node, Function)
    }
    steps = callers()
    assert set(steps) - defined == {"answered_at"}
    assert [step for step, functions in steps.items() if not functions] == []
