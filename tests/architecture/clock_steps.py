"""Which commands start, stop, pause and move the clocks of a case, read from the calls in portal/cases."""

import ast
from collections.abc import Iterator
from pathlib import Path

from tests.architecture.source import Function, trees
from tests.architecture.tree import PORTAL

CASES = PORTAL / "cases"
# Each function that changes a clock, and what it does to it.
STEPS = {
    "promise": "starts both clocks of a new case",
    "want_answer": "starts both clocks of praise that wanted no answer",
    "start_new_round": "archives the round that is over and starts both clocks again",
    "mark_contacted": "stops the contact clock",
    "answered_at": "stops the answer clock (an answer)",
    "pause": "pauses the answer clock",
    "resume": "resumes a paused answer clock",
    "extend": "moves the answer date",
    "count": "recalculates both dates",
}


def callers(folder: Path = CASES) -> dict[str, set[str]]:
    """For each step the public functions that take it, directly or through private ones."""
    steps: dict[str, set[str]] = {step: set() for step in STEPS}
    for file, tree in trees(folder):
        # The steps themselves are defined in these.
        if file.name in ("clocks.py", "transitions.py"):
            continue
        functions = {node.name: node for node in tree.body if isinstance(node, Function)}
        for function in functions.values():
            if not function.name.startswith("_"):
                for step in _reached(function, functions):
                    steps[step].add(function.name)
    return steps


def _reached(function: Function, functions: dict[str, Function]) -> set[str]:
    """The steps of a function and of the private functions of its module that it calls."""
    names = set(_names(function))
    steps = names & set(STEPS)
    for name in names:
        if name.startswith("_") and name in functions:
            steps |= _reached(functions[name], functions)
    return steps


def _names(function: Function) -> Iterator[str]:
    """What a function calls, by name, and the attributes of a case that it sets."""
    for node in ast.walk(function):
        if isinstance(node, ast.Call):
            yield _called(node.func)
        elif isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Store):
            yield node.attr


def _called(callee: ast.expr) -> str:
    # count() and start() of other modules are other functions, so only clocks.count() counts.
    if isinstance(callee, ast.Attribute):
        return callee.attr if ast.unparse(callee.value) == "clocks" else ""
    return callee.id if isinstance(callee, ast.Name) else ""
