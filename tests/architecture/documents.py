"""The parts of the documents that are printed from the code, and readers of their tables and paths.

`python -m tests.architecture.documents` rewrites the printed parts, which test_docs.py compares; with the
name of a part of ON_DEMAND it prints that part instead.
"""

import ast
import configparser
import re
import sys
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from portal.cases.access import Scope, capacity, scope
from portal.cases.lifecycle import TABLE
from portal.events import nearest
from portal.identity.actors import Actor, Citizen, CodeHolder, Role, Staff, System
from portal.logs.events import EVENTS
from portal.notifications.rules import BY_CLASS as MESSAGES
from portal.web.backoffice.action_forms import ActionForm
from portal.web.backoffice.case.actions import SPECS
from portal.wiring import BY_CLASS as LISTENERS
from portal.words.labels import ROLE
from tests.architecture.clock_steps import STEPS, callers
from tests.architecture.tree import PORTAL, PROVIDER, ROOT

DOCS = ROOT / "docs"
ARCHITECTURE = DOCS / "architecture.md"
Row = tuple[str, ...]

# What a path looks like in a text: below one of our folders, or a file at the top.
PATH = re.compile(
    r"`((?:\.ci|docs|migrations|portal|static|templates|tests)/[\w./-]+|[\w.-]+\.(?:md|cfg|lock|toml))`"
)
LINK = re.compile(r"\]\(([^)#:]+)(?:#[^)]*)?\)")


def documents() -> list[Path]:
    """README and everything below docs."""
    return [ROOT / "README.md", *sorted(DOCS.rglob("*.md"))]


def table(head: Row, rows: Sequence[Row]) -> str:
    """A table in Markdown."""
    return "\n".join("| " + " | ".join(row) + " |" for row in [head, ("---",) * len(head), *rows])


def rows_of(text: str, first: str) -> list[Row]:
    """The rows of every table whose first column has this heading, cells stripped."""
    found: list[Row] = []
    inside = False
    for line in text.splitlines():
        cells = tuple(cell.strip() for cell in re.split(r"(?<!\\)\|", line.strip())[1:-1])
        inside = bool(cells) and (inside or cells[0] == first)
        if inside and cells[0] != first and set(cells[0]) != {"-"}:
            found.append(cells)
    return found


def code(text: str) -> list[str]:
    """The code spans of a cell."""
    return re.findall(r"`([^`]+)`", text)


def statuses() -> str:
    """The changes of status, and the capacity that makes each."""
    steps = dict.fromkeys((row.source, row.target, row.by) for row in TABLE if row.source != row.target)
    return table(
        ("from", "to", "by"),
        [(f"`{source}`" if source else "(new)", f"`{target}`", f"`{by}`") for source, target, by in steps],
    )


def lifecycle() -> str:
    """The transition table."""
    arrows = [(row.action, row.source or "", row.target, row.by, row.event.__name__) for row in TABLE]
    rows = [tuple(f"`{cell}`" if cell else "(new)" for cell in arrow) for arrow in arrows]
    return table(("action", "from", "to", "by", "event"), rows)


def actions() -> str:
    """The actions of staff: label, place on the page, and the fields of the form."""
    rows = [
        (f"`{action}`", str(spec.label), spec.place, ", ".join(f"`{name}`" for name in _fields(spec.form)))
        for action, spec in SPECS.items()
    ]
    return table(("action", "label", "place", "fields"), rows)


def _fields(form: type[ActionForm]) -> list[str]:
    names = [name for base in reversed(form.__mro__) for name in vars(base)]
    usual = {*vars(ActionForm)}
    return [name for name in names if name not in usual and hasattr(getattr(form, name, None), "_formfield")]


def wiring() -> str:
    """The listeners and the message of each event or kind of event."""
    rows: list[Row] = []
    for event in dict.fromkeys([*LISTENERS, *MESSAGES]):
        listeners = ", ".join(f"`{listener.__name__}`" for listener in nearest(LISTENERS, event) or ())
        message = nearest(MESSAGES, event)
        rows.append((f"`{event.__name__}`", listeners or "none", f"`{message}`" if message else ""))
    return table(("event", "listeners", "message"), rows)


def _contracts() -> configparser.ConfigParser:
    config = configparser.ConfigParser()
    config.read(ROOT / "setup.cfg")
    return config


def floors() -> str:
    """The layers of every import contract that has them."""
    config = _contracts()
    blocks = [
        f"`{config[name]['containers'].strip()}`\n```\n{config[name]['layers'].strip()}\n```"
        for name in config.sections()
        if config[name].get("type") == "layers"
    ]
    return "\n\n".join(blocks)


def pure() -> str:
    """The modules and packages of the contract `pure`."""
    patterns = _contracts()["importlinter:contract:pure"]["source_modules"].split()
    modules = sorted({name for pattern in patterns for name in _matching(pattern)})
    return "\n".join(f"- `{name}`" for name in modules)


def _matching(pattern: str) -> Iterator[str]:
    """Paths from the root of the modules that a pattern such as portal.*.rules names."""
    path = pattern.replace(".", "/")
    if (ROOT / path / "__init__.py").exists():
        yield f"{path}/"
    for file in ROOT.glob(f"{path}.py"):
        yield file.relative_to(ROOT).as_posix()


def packages() -> str:
    """Every package of the portal with the first line of its docstring."""
    rows = []
    for file in sorted(PORTAL.rglob("__init__.py"), key=lambda file: file.parent.parts):
        # Testlegitimering is an application of its own, with a README.
        if PROVIDER not in file.parent.parents:
            docstring = ast.get_docstring(ast.parse(file.read_text(encoding="utf-8"))) or ""
            rows.append((f"`{file.parent.relative_to(ROOT).as_posix()}/`", docstring.partition("\n")[0]))
    return table(("package", "holds"), rows)


def clocks() -> str:
    """Which commands start, stop, pause and move the clocks of a case."""
    rows = [
        (STEPS[step], ", ".join(f"`{name}()`" for name in sorted(functions)))
        for step, functions in callers().items()
    ]
    return table(("what happens to the clock", "by"), rows)


def sight() -> str:
    """The scope and the capacity of each actor."""
    actors: list[tuple[str, Actor]] = [
        ("citizen (medborgare)", Citizen(1)),
        ("code holder (kodinnehavare)", CodeHolder(1)),
    ]
    actors += [
        (f"`{role}` ({ROLE[role]})", Staff(1, 1, role, unit=1, board=1, administration=1)) for role in Role
    ]
    actors += [("staff without a membership", Staff(1)), ("system", System())]
    actors.append(
        (
            f"`{Role.RECORDS_OFFICER}` of a common registry",
            Staff(1, 1, Role.RECORDS_OFFICER, common_registry=True),
        )
    )
    seen = [(name, scope(actor), capacity(actor)) for name, actor in actors]
    rows = [(name, _cases(to), _secret(to), _own(to), f"`{acts_as}`") for name, to, acts_as in seen]
    return table(("actor", "cases", "with secrecy (sekretess)", "sent by themselves", "acts as"), rows)


def _cases(to: Scope) -> str:
    """The fields of a scope in words."""
    words = {
        "the one case": to.case,
        "those they sent": to.sender,
        "those of their unit": to.unit,
        "those of their board": to.board,
        "those of their administration": to.administration,
        "those that their board answers for": to.registry,
        "all": to.everything,
    }
    return " or ".join(word for word, given in words.items() if given) or "none"


def _secret(to: Scope) -> str:
    if to.secret or to.case or to.sender or to.registry:
        return "yes"
    return "only those of their unit" if to.unit else "no"


def _own(to: Scope) -> str:
    if to.person:
        return "never"
    return "yes" if to.case or to.sender or to.everything else "no"


def events() -> str:
    """The events of the log."""
    return table(("event", "when"), [(f"`{event}`", text) for event, text in EVENTS.items()])


PRINTED: dict[str, Callable[[], str]] = {
    "packages": packages,
    "floors": floors,
    "pure": pure,
    "sight": sight,
    "statuses": statuses,
    "wiring": wiring,
    "clocks": clocks,
}
PARTS = {ARCHITECTURE: PRINTED, DOCS / "operations.md": {"events": events}}
# What is long, and changes with every action: printed when it is asked for.
ON_DEMAND: dict[str, Callable[[], str]] = {"lifecycle": lifecycle, "actions": actions}


def _marks(name: str) -> tuple[str, str]:
    return f"<!-- printed: {name} -->\n", f"\n<!-- end: {name} -->"


def between(text: str, name: str) -> str:
    """What a document has between the marks of a printed part. Raises ValueError without them."""
    start, end = _marks(name)
    first = text.index(start) + len(start)
    return text[first : text.index(end, first)]


def put(text: str, name: str, content: str) -> str:
    """The document with this content between the marks."""
    start, end = _marks(name)
    return text.replace(start + between(text, name) + end, start + content + end)


def lost_paths(text: str, root: Path = ROOT) -> list[str]:
    """Files and folders that a text names and that are not there."""
    return [path for path in PATH.findall(text) if not (root / path).exists()]


def lost_links(file: Path) -> Iterator[str]:
    """Links of a document that lead nowhere."""
    for target in LINK.findall(file.read_text(encoding="utf-8")):
        if not (file.parent / target).exists():
            yield f"{file.name}: {target}"


def main(asked: Sequence[str]) -> None:
    """Print what is asked for; without a name, every printed part into its place."""
    for name in asked:
        sys.stdout.write(f"{ON_DEMAND[name]()}\n")
    if asked:
        return
    for document, parts in PARTS.items():
        text = document.read_text(encoding="utf-8")
        for name, made in parts.items():
            text = put(text, name, made())
        document.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main(sys.argv[1:])
