"""Names of functions and classes in prose, and whether the code defines them where the prose says."""

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from tests.architecture.source import Function, tree_of, trees
from tests.architecture.tree import ROOT

NAME = r"`(?P<name>[A-Za-z_][\w.]*)(?:\([^`]*\))?`"
FILE = r"`(?P<file>(?:portal|tests|migrations)/[\w./-]+\.py)`"
# `name()` in `portal/x.py`, and `portal/x.py`: `name`.
NAMED_IN_A_MODULE = [re.compile(rf"{NAME} in {FILE}"), re.compile(rf"{FILE}: {NAME}")]
# `name()` by itself, after the name of a module or class if there is one.
CALLED = re.compile(r"`((?:\w+\.)*\w+)\(\)`")

# `portal.web.forms.Form`, or a module or package.
DOTTED = re.compile(r"`(portal(?:\.\w+)+)`")


@cache
def definitions(file: Path) -> frozenset[str]:
    """What a module defines: functions, classes, their members as Class.member, and assigned names."""
    return frozenset(_defined(tree_of(file), ""))


def _defined(scope: ast.Module | ast.ClassDef, prefix: str) -> Iterator[str]:
    for node in scope.body:
        if isinstance(node, Function | ast.ClassDef):
            yield prefix + node.name
        elif isinstance(node, ast.Assign | ast.AnnAssign):
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            yield from (prefix + target.id for target in targets if isinstance(target, ast.Name))
        if isinstance(node, ast.ClassDef):
            yield from _defined(node, f"{prefix}{node.name}.")


def misplaced_names(text: str, root: Path = ROOT) -> list[str]:
    """Names that a text places in a module which does not define them."""
    prose = " ".join(text.split())
    matches = [match for pattern in NAMED_IN_A_MODULE for match in pattern.finditer(prose)]
    return [f"{match['name']} in {match['file']}" for match in matches if not _is_defined(match, root)]


def _is_defined(match: re.Match[str], root: Path) -> bool:
    file = root / match["file"]
    # A path that leads nowhere is found by the test of paths.
    return not file.exists() or _short(match["name"], file) in definitions(file)


def _short(name: str, file: Path) -> str:
    """A name as its module writes it, such as `case` for `current.case` in current.py."""
    return name.removeprefix(f"{file.stem}.")


def undefined_calls(text: str, root: Path = ROOT) -> list[str]:
    """Functions that a text names as `name()` and that no module of the portal or the tests defines."""
    names = CALLED.findall(" ".join(text.split()))
    known = _known(root)
    return [name for name in names if name not in known]


@cache
def _known(root: Path) -> frozenset[str]:
    """Every defined name, by itself and with its class or its module before it."""
    names: set[str] = set()
    for folder in ("portal", "tests"):
        for file, _tree in trees(root / folder):
            for name in definitions(file):
                names |= {name, name.rpartition(".")[2], f"{_module(file)}.{name}"}
    return frozenset(names)


def _module(file: Path) -> str:
    return file.parent.name if file.stem == "__init__" else file.stem


def undefined_paths(text: str, root: Path = ROOT) -> list[str]:
    """Dotted names that are neither a package, a module, nor defined in a module."""
    return [name for name in DOTTED.findall(text) if not _exists(name, root)]


def _exists(name: str, root: Path) -> bool:
    path = root.joinpath(*name.split("."))
    if path.is_dir() or path.with_suffix(".py").is_file():
        return True
    module = path.parent / "__init__.py" if path.parent.is_dir() else path.parent.with_suffix(".py")
    return module.is_file() and path.name in definitions(module)
