"""The words of the code: names and docstrings in the field's terms, files named after what they hold."""

import ast
import re
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

from tests.architecture.source import Function, all_nodes, location, trees

# A private English that docstrings and comments once drifted into, which no reader would search for.
IDIOLECT = re.compile(
    r"\b(whoever|somebody|nobody|anew|meanwhile|deeds?|hats?|put by|put away|of theirs|of ours"
    r"|(?:is|are|was) told|stands?|but for|by word of mouth|what is (?:told|said|wrong|asked)|one's)\b",
    re.IGNORECASE,
)
# Participles that name nothing: the name of a value says what it is.
VAGUE = {"each", "found", "told", "said", "given", "asked"}
_RETIRED_FUNCTIONS = """
    may may_have say said_last shut shut_so unshut put_by go_on open_again ask call contact move_out
    one_pair_at_a_time reach visible holder_of granted neighbours alike numbered holding says fitting
    kept keep drop wear hat hats promised unsent running serialise release sent record
    Deed DEEDS Hat Reach Facts Away Stale Moment Needed AtMost Fit OneOf Posted Wanted Happening
"""
RETIRED_FUNCTIONS = frozenset(_RETIRED_FUNCTIONS.split())
RETIRED_CONSTANT = re.compile(r"\A(?:MOST|.*_MOST|MOST_.*|LIFE|.*_LIFE|KEPT_FOR|PEACE)\Z")
_RETIRED_MODULES = """
    terms moving possible placing managers opening choices follow_up stems shipped_templates
    deeds hats around asking finding filling marking many paper saved presenting by_code returns limits
    onward under_way sending for_whom figures about joining naming remote fetching protocol signs
    staff_keys break_glass posting previewing own counting represented migrating rotating
    whatever lies halves together build killed house
"""
RETIRED_MODULES = frozenset(_RETIRED_MODULES.split())
# Nouns and adjectives of the field that end like a gerund.
NOUNS = {
    "cleaning",
    "pending",
    "wiring",
    "closing",
    "handling",
    "listing",
    "loading",
    "merging",
    "printing",
    "rendering",
    "routing",
}
FOLDER_MODULES = 12
ROUTES = {"route", "get", "post", "put", "patch", "delete"}


def odd_docstrings(folder: Path) -> list[str]:
    """Docstrings with a word of IDIOLECT."""
    hits = []
    for file, tree in trees(folder):
        for node in all_nodes(tree):
            if not isinstance(node, Function | ast.ClassDef | ast.Module):
                continue
            if match := IDIOLECT.search(ast.get_docstring(node) or ""):
                hits.append(f"{location(folder, file, node)} {match[0]}")
    return hits


def odd_comments(folder: Path) -> list[str]:
    """Comments with a word of IDIOLECT."""
    hits = []
    for file, _tree in trees(folder):
        for number, line in enumerate(file.read_text(encoding="utf-8").splitlines(), 1):
            if match := IDIOLECT.search(line.partition("# ")[2]):
                hits.append(f"{file.relative_to(folder).as_posix()}:{number} {match[0]}")
    return hits


def vague_names(folder: Path) -> list[str]:
    """Parameters and variables with a name of VAGUE."""
    hits = []
    for file, tree in trees(folder):
        for node in all_nodes(tree):
            name = bound_name(node)
            if name in VAGUE:
                hits.append(f"{location(folder, file, node)} {name}")
    return hits


def bound_name(node: ast.AST) -> str | None:
    """The name that a parameter or an assignment binds."""
    if isinstance(node, ast.arg):
        return node.arg
    if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
        return node.id
    return None


def definitions(tree: ast.Module) -> Iterator[tuple[str, ast.stmt]]:
    """The names that a module defines at its top level."""
    for node in tree.body:
        if isinstance(node, Function | ast.ClassDef):
            yield node.name, node
        elif isinstance(node, ast.Assign | ast.AnnAssign):
            yield from ((name, node) for name in map(bound_name, ast.walk(node)) if name)


def retired_names(folder: Path) -> list[str]:
    """Definitions and modules with a name that was given up."""
    hits = []
    for file, tree in trees(folder):
        if file.stem in RETIRED_MODULES:
            hits.append(file.relative_to(folder).as_posix())
        for name, node in definitions(tree):
            if name in RETIRED_FUNCTIONS or RETIRED_CONSTANT.match(name):
                hits.append(f"{location(folder, file, node)} {name}")
    return hits


def gerunds(folder: Path) -> list[str]:
    """Modules that are named by what is being done rather than by a noun."""
    return [
        file.relative_to(folder).as_posix()
        for file, _tree in trees(folder)
        if file.stem.endswith("ing") and "_" not in file.stem and file.stem not in NOUNS
    ]


def crowded_folders(folder: Path) -> list[str]:
    """Folders with more than twelve modules besides __init__."""
    counts: dict[str, int] = defaultdict(int)
    for file, _tree in trees(folder):
        if file.stem != "__init__":
            counts[file.parent.relative_to(folder).as_posix()] += 1
    return [f"{name}: {count} modules" for name, count in counts.items() if count > FOLDER_MODULES]


def misplaced(folder: Path) -> list[str]:
    """Routes outside *views.py, forms outside *forms.py, models outside *models.py; a package counts too."""
    hits = []
    for file, tree in trees(folder):
        for node in all_nodes(tree):
            kind = kind_of(node)
            if kind and not file.stem.endswith(kind) and file.parent.name != kind:
                hits.append(f"{location(folder, file, node)} belongs in {kind}.py")
    return hits


def kind_of(node: ast.AST) -> str | None:
    """The kind of module that a definition belongs in, if it belongs in one."""
    if isinstance(node, Function) and any(map(is_route, node.decorator_list)):
        return "views"
    if not isinstance(node, ast.ClassDef):
        return None
    bases = {ast.unparse(base).rpartition(".")[2] for base in node.bases}
    if "Base" in bases:
        return "models"
    return "forms" if any(base.endswith("Form") for base in bases) else None


def is_route(decorator: ast.expr) -> bool:
    """Whether a decorator registers a view, such as `@blueprint.get("/folj")`."""
    called = decorator.func if isinstance(decorator, ast.Call) else None
    return isinstance(called, ast.Attribute) and called.attr in ROUTES
