"""What the house rules ask of Python source, read from its syntax tree. Each answer names file and line."""

import ast
import io
import tokenize
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from tests.architecture.tree import python_files

Function = ast.FunctionDef | ast.AsyncFunctionDef
ROUTES = {"route", "get", "post", "put", "patch", "delete"}
FILE_LINES = 300
FUNCTION_LINES = 40
VIEW_LINES = 30

# Names that tell the time, by the clock of the machine or of the database.
CLOCKS = {
    *(
        f"datetime.datetime.{name}"
        for name in ("now", "utcnow", "today", "fromtimestamp", "utcfromtimestamp")
    ),
    *("datetime.date.today", "datetime.date.fromtimestamp"),
    *(f"time.{name}" for name in ("time", "time_ns", "localtime", "gmtime", "ctime", "strftime")),
    *(f"sqlalchemy.{name}" for name in ("func.now", "func.current_timestamp", "func.current_date")),
}


def trees(folder: Path) -> Iterator[tuple[Path, ast.Module]]:
    """Every file below a folder with its syntax tree."""
    return ((file, tree_of(file)) for file in python_files(folder))


def tree_of(file: Path) -> ast.Module:
    """The syntax tree of a file, parsed once."""
    return _parsed(file.read_text(encoding="utf-8"))


@cache
def _parsed(text: str) -> ast.Module:
    return ast.parse(text)


@cache
def all_nodes(tree: ast.Module) -> tuple[ast.AST, ...]:
    """Every node of a tree, walked once for all the rules that look at each."""
    return tuple(ast.walk(tree))


def functions(folder: Path) -> Iterator[tuple[str, Function, int]]:
    """Every function below a folder: where it stands, its tree, and its length."""
    for file, tree in trees(folder):
        code = lines_of_code(file.read_text(encoding="utf-8"))
        for node in all_nodes(tree):
            if isinstance(node, Function):
                yield f"{location(folder, file, node)} {node.name}", node, length(node, code)


@cache
def lines_of_code(text: str) -> frozenset[int]:
    """The numbers of the lines that hold code: not the empty ones, not those of only a comment."""
    silent = {tokenize.COMMENT, tokenize.NL, tokenize.NEWLINE, tokenize.INDENT, tokenize.DEDENT}
    tokens = tokenize.generate_tokens(io.StringIO(text).readline)
    spans = (range(one.start[0], one.end[0] + 1) for one in tokens if one.type not in silent)
    return frozenset(line for span in spans for line in span)


def length(function: Function, code: frozenset[int]) -> int:
    """The lines of code from `def` to the end, decorators and docstring not counted."""
    own = set(range(function.lineno, (function.end_lineno or 0) + 1)) & code
    if ast.get_docstring(function) is not None:
        docstring = function.body[0]
        own -= set(range(docstring.lineno, (docstring.end_lineno or 0) + 1))
    return len(own)


def too_long(folder: Path) -> list[str]:
    """Functions above their limit; the limit of a view is lower."""
    found = ((where, lines, limit(node)) for where, node, lines in functions(folder))
    return [f"{where}: {lines} lines, at most {most}" for where, lines, most in found if lines > most]


def limit(function: Function) -> int:
    """How long a function may be."""
    return VIEW_LINES if any(map(is_route, function.decorator_list)) else FUNCTION_LINES


def is_route(decorator: ast.expr) -> bool:
    """Whether a decorator gives the function an address, such as `@blueprint.get("/folj")`."""
    called = decorator.func if isinstance(decorator, ast.Call) else None
    return isinstance(called, ast.Attribute) and called.attr in ROUTES


def repeated_names(folder: Path) -> list[str]:
    """Names that a module or a class gives twice: the first of them says what does not hold."""
    return [
        f"{location(folder, file, node)} {name}"
        for file, tree in trees(folder)
        for scope in [tree, *(node for node in all_nodes(tree) if isinstance(node, ast.ClassDef))]
        for name, node in _repeated(scope.body)
    ]


def _repeated(body: list[ast.stmt]) -> Iterator[tuple[str, ast.stmt]]:
    seen: set[str] = set()
    for node in body:
        targets = node.targets if isinstance(node, ast.Assign) else []
        targets += [node.target] if isinstance(node, ast.AnnAssign) else []
        given = [each for target in targets for each in ast.walk(target)]
        for name in given:
            # An attribute of another object is set, not named.
            if isinstance(name, ast.Name) and isinstance(name.ctx, ast.Store):
                if name.id in seen:
                    yield name.id, node
                seen.add(name.id)


def long_files(folder: Path) -> list[str]:
    """Files above their limit, counted in lines of any kind."""
    counted = {file: len(file.read_text(encoding="utf-8").splitlines()) for file in python_files(folder)}
    names = ((file.relative_to(folder), lines) for file, lines in counted.items())
    return [f"{name}: {lines} lines" for name, lines in names if lines > FILE_LINES]


def time_tellers(folder: Path) -> list[str]:
    """Every use of a clock other than that of portal/clock.py."""
    found = []
    for file, tree in trees(folder):
        imported = names_of_imports(tree)
        for node in all_nodes(tree):
            if isinstance(node, ast.Attribute | ast.Name) and dotted(node, imported) in CLOCKS:
                found.append(f"{location(folder, file, node)} {dotted(node, imported)}")
    return found


def names_of_imports(tree: ast.Module) -> dict[str, str]:
    """What each imported name stands for, such as dt → datetime.datetime."""
    names: dict[str, str] = {}
    for node in all_nodes(tree):
        if isinstance(node, ast.Import):
            names |= {one.asname: one.name for one in node.names if one.asname}
        elif isinstance(node, ast.ImportFrom):
            names |= {one.asname or one.name: f"{node.module}.{one.name}" for one in node.names}
    return names


def dotted(node: ast.expr, imported: dict[str, str]) -> str:
    """A name as it would be written without any import."""
    if isinstance(node, ast.Attribute):
        return f"{dotted(node.value, imported)}.{node.attr}"
    return imported.get(node.id, node.id) if isinstance(node, ast.Name) else ""


def transaction_enders(folder: Path) -> list[str]:
    """Every call of commit or rollback."""
    return [
        f"{location(folder, file, node)} {node.func.attr}()"
        for file, tree in trees(folder)
        for node in all_nodes(tree)
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr in {"commit", "rollback"}
    ]


def undocumented(folder: Path) -> list[str]:
    """Every public class, function and method without a docstring; a view or validator may do without."""
    return [
        f"{location(folder, file, node)} {node.name}"
        for file, tree in trees(folder)
        for node in public(tree)
        if ast.get_docstring(node) is None and not explains_itself(node)
    ]


def explains_itself(node: Function | ast.ClassDef) -> bool:
    """Whether the address of a view or the name of a validator already says what it does."""
    is_view = any(map(is_route, node.decorator_list))
    return is_view or (isinstance(node, Function) and node.name.startswith("validate_"))


def public(scope: ast.Module | ast.ClassDef) -> Iterator[Function | ast.ClassDef]:
    """What others may use. What stands inside a function or a private class is its own business."""
    for node in scope.body:
        if not isinstance(node, Function | ast.ClassDef) or node.name.startswith("_") or repeats(node):
            continue
        yield node
        if isinstance(node, ast.ClassDef):
            yield from public(node)


def repeats(node: Function | ast.ClassDef) -> bool:
    """Whether the docstring stands elsewhere: where an overload or a property is made."""
    last = (ast.unparse(one).rsplit(".", 1)[-1] for one in node.decorator_list)
    return bool({"overload", "setter", "deleter"} & set(last))


def location(folder: Path, file: Path, node: ast.AST) -> str:
    """The path and line of a piece of code, as path:line."""
    return f"{file.relative_to(folder).as_posix()}:{getattr(node, 'lineno', 0)}"
