"""Internal addresses that are written by hand, where `url_for` would follow a route that changes."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from jinja2 import nodes

from tests.architecture.markup import JINJA, templates
from tests.architecture.source import all_nodes, is_route, location, trees

ADDRESS = re.compile(r"/[a-z.]")
ATTRIBUTE = re.compile(r'\b(?:href|action|formaction|src)="(?:/(?!/)[^"]*|[^"]*\}\}/[^"]*)"')
COMMENT = re.compile(r"\{#.*?#\}", re.DOTALL)


def in_template(source: str) -> list[str]:
    """Addresses in attributes, and in the literals of expressions."""
    text = COMMENT.sub(lambda comment: "\n" * comment[0].count("\n"), source)
    attributes = [(text.count("\n", 0, match.start()) + 1, match[0]) for match in ATTRIBUTE.finditer(text)]
    constants = JINJA.parse(source).find_all(nodes.Const)
    literals = [(node.lineno, node.value) for node in constants if _is_address(node.value)]
    return [f"{line}: {address}" for line, address in sorted([*attributes, *literals])]


def _is_address(value: object) -> bool:
    return isinstance(value, str) and (value == "/" or bool(ADDRESS.match(value)))


def in_templates(folder: Path) -> list[str]:
    """Addresses in the templates of a folder."""
    return [f"{name}:{fault}" for name, text in templates(folder) for fault in in_template(text)]


def in_python(folder: Path) -> list[str]:
    """Addresses in the code of a folder. A route says its own, in its decorator or as a url_prefix."""
    faults = []
    for file, tree in trees(folder):
        own = set(_own_addresses(tree))
        faults += [
            f"{location(folder, file, node)} {node.value!r}" for node in _addresses(tree) if node not in own
        ]
    return faults


def _addresses(tree: ast.Module) -> Iterator[ast.Constant]:
    for node in all_nodes(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and ADDRESS.match(node.value):
            yield node
        elif isinstance(node, ast.JoinedStr):
            # The slash of f"{address}/{action}"; with a word after it, the walk meets it by itself.
            parts = [part for part in node.values[:-1] if isinstance(part, ast.Constant)]
            yield from (part for part in parts if part.value == "/")


def _own_addresses(tree: ast.Module) -> Iterator[ast.AST]:
    for node in all_nodes(tree):
        if isinstance(node, ast.FunctionDef):
            for decorator in filter(is_route, node.decorator_list):
                yield from ast.walk(decorator)
        if isinstance(node, ast.keyword) and node.arg == "url_prefix":
            yield node.value
        # A docstring, or another text that is never used.
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
            yield node.value
