"""Every line of the log has its row in the table of events, and no field that could be personal."""

import ast
from collections.abc import Iterator

from portal.logs.events import EVENTS
from portal.logs.processors import PERSONAL
from tests.architecture.source import all_nodes, location, trees
from tests.architecture.tree import PORTAL, PROVIDER

LEVELS = {"debug", "info", "warning", "error", "exception", "critical"}
# Made by the formatter, of lines of libraries.
MADE = {"library.message"}


def calls() -> Iterator[tuple[str, ast.Call]]:
    """Every call of a logger in the portal, with its file and line."""
    for file, tree in trees(PORTAL):
        if PROVIDER in file.parents:
            continue
        for node in all_nodes(tree):
            if isinstance(node, ast.Call) and is_log(node.func):
                yield location(PORTAL, file, node), node


def is_log(function: ast.expr) -> bool:
    is_method = isinstance(function, ast.Attribute) and function.attr in LEVELS
    return is_method and ast.unparse(function.value) == "log"


def event_of(call: ast.Call) -> str:
    first = call.args[0] if len(call.args) == 1 else None
    return str(first.value) if isinstance(first, ast.Constant) else ""


def test_every_event_is_in_the_table_and_every_row_is_logged() -> None:
    logged = {event_of(call) for _where, call in calls()}
    assert logged == set(EVENTS) - MADE


def test_no_line_has_a_personal_field_or_an_unnamed_one() -> None:
    bad = []
    for where, call in calls():
        if any(field.arg is None or field.arg in PERSONAL for field in call.keywords):
            bad.append(where.partition(":")[0])
    # The fields of a budget are its caller's; the processors remove a personal one.
    assert bad == ["budgets/trips.py"]


def test_nothing_logs_past_structlog() -> None:
    importers = []
    for file, tree in trees(PORTAL):
        for node in all_nodes(tree):
            if isinstance(node, ast.Import) and any(name.name == "logging" for name in node.names):
                importers.append(file.relative_to(PORTAL).as_posix())
    assert importers == ["logs/__init__.py"]
