"""Which functions of the domain change data, and which of them publish an event, by syntax tree."""

import ast
from collections.abc import Iterator, Mapping
from pathlib import Path

from tests.architecture.source import Function, dotted, names_of_imports, trees

# The packages with commands, and their callers. A function that only commands call is part of a command.
DOMAIN = (
    *("portal.cases.", "portal.identity.", "portal.organisation.", "portal.notifications."),
    "portal.surveys.",
)
CALLERS = ("portal.web.", "portal.cli.", "portal.operations.")
STATEMENTS = {"sqlalchemy.insert", "sqlalchemy.update", "sqlalchemy.delete"}
PUBLISHERS = {"portal.events.publish", "portal.cases.transitions.transition"}


class Graph:
    """Every function of a package with the names that it refers to, and whether it writes by itself."""

    def __init__(self, folder: Path) -> None:
        self.references: dict[str, set[str]] = {}
        self.writers: set[str] = set()
        for file, tree in trees(folder):
            module = _module(folder, file)
            names = names_of_imports(tree)
            own = {node.name: f"{module}.{node.name}" for node in tree.body if isinstance(node, Function)}
            for node in tree.body:
                key = own[node.name] if isinstance(node, Function) else f"{module}.<module>"
                self.references.setdefault(key, set()).update(_references(node, names | own))
                if isinstance(node, Function) and _writes(node, names):
                    self.writers.add(key)

    def commands(self) -> list[str]:
        """Functions of the domain that change data and that pages, commands of the shell or jobs refer to."""
        called: set[str] = set()
        for caller, names in self.references.items():
            if caller.startswith(CALLERS):
                called |= names
        return sorted(
            name for name in called if name.startswith(DOMAIN) and self._reaches(name, self.writers)
        )

    def silent(self) -> list[str]:
        """Commands that publish nothing."""
        return [name for name in self.commands() if not self._reaches_name(name, PUBLISHERS)]

    def _reachable(self, start: str) -> set[str]:
        """The functions of the domain that one leads to, itself included."""
        seen: set[str] = set()
        waiting = [start]
        while waiting:
            name = waiting.pop()
            if name in seen or not name.startswith(DOMAIN):
                continue
            seen.add(name)
            waiting.extend(self.references.get(name, ()))
        return seen

    def _reaches(self, start: str, targets: set[str]) -> bool:
        return bool(self._reachable(start) & targets)

    def _reaches_name(self, start: str, targets: set[str]) -> bool:
        return any(self.references.get(name, set()) & targets for name in self._reachable(start))


def _module(folder: Path, file: Path) -> str:
    parts = [folder.name, *file.relative_to(folder).with_suffix("").parts]
    return ".".join(part for part in parts if part != "__init__")


def _references(scope: ast.AST, names: Mapping[str, str]) -> Iterator[str]:
    nodes = list(ast.walk(scope))
    # A variable may have the name of a function of its module.
    local = {node.id for node in nodes if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)}
    visible = {name: target for name, target in names.items() if name not in local}
    for node in nodes:
        if isinstance(node, ast.Attribute | ast.Name):
            yield dotted(node, visible)


def _writes(function: Function, names: Mapping[str, str]) -> bool:
    for node in ast.walk(function):
        if isinstance(node, ast.Call) and _is_write(node, names):
            return True
        if isinstance(node, ast.Assign) and any(map(_is_column, node.targets)):
            return True
    return False


def _is_write(call: ast.Call, names: Mapping[str, str]) -> bool:
    if dotted(call.func, dict(names)) in STATEMENTS:
        return True
    return isinstance(call.func, ast.Attribute) and ast.unparse(call.func) == "session().add"


def _is_column(target: ast.expr) -> bool:
    return isinstance(target, ast.Attribute) and ast.unparse(target.value) not in {"self", "cls"}
