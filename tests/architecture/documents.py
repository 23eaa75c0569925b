"""What the documents print from the code, and what they say in tables.

`python -m tests.architecture.documents` rewrites the printed tables, which test_docs.py compares.
"""

import configparser
import re
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from portal.cases.access import Scope, capacity, scope
from portal.cases.lifecycle import TABLE
from portal.identity.actors import Actor, Citizen, CodeHolder, Role, Staff, System
from portal.notifications.rules import MESSAGES
from portal.wiring import LISTENERS
from portal.words.labels import ROLE
from portal.words.timeline import BY_NAME
from tests.architecture.tree import ROOT

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
    """What stands as code in a cell."""
    return re.findall(r"`([^`]+)`", text)


def lifecycle() -> str:
    """The transition table."""
    arrows = [(row.action, row.source or "", row.target, row.by, row.event.__name__) for row in TABLE]
    rows = [tuple(f"`{cell}`" if cell else "(new)" for cell in arrow) for arrow in arrows]
    return table(("action", "from", "to", "by", "event"), rows)


def wiring() -> str:
    """Which event wakes whom, which message it sends, and what the sender reads."""
    messages = {event.__name__: message for event, message in MESSAGES.items()}
    rows: list[Row] = []
    for event, listeners in LISTENERS.items():
        heard = ", ".join(f"`{each.__name__}`" for each in listeners) or "deliberately nobody"
        message, said = messages.get(event.__name__), BY_NAME[event.__name__].sender
        rows.append((f"`{event.__name__}`", heard, f"`{message}`" if message else "", str(said or "")))
    return table(("event", "listeners", "message", "the sender reads"), rows)


def floors() -> str:
    """The import contracts of the rooms and of the web."""
    config = configparser.ConfigParser()
    config.read(ROOT / "setup.cfg")
    return "\n\n".join(
        f"```\n{config[f'importlinter:contract:{name}']['layers'].strip()}\n```"
        for name in ("floors", "audiences")
    )


def sight() -> str:
    """Who sees which cases, as access.reach says, and what they act as."""
    actors: list[tuple[str, Actor]] = [
        ("citizen (medborgare)", Citizen(1)),
        ("code holder (kodinnehavare)", CodeHolder(1)),
    ]
    actors += [
        (f"`{role}` ({ROLE[role]})", Staff(1, 1, role, unit=1, board=1, administration=1)) for role in Role
    ]
    actors += [("staff without a membership", Staff(1)), ("system", System())]
    seen = [(name, scope(actor), capacity(actor)) for name, actor in actors]
    rows = [(name, _cases(to), _secret(to), _own(to), f"`{hat_}`") for name, to, hat_ in seen]
    return table(
        ("actor", "cases", "with a secrecy default (sekretess)", "sent by themselves", "acts as"), rows
    )


def _cases(to: Scope) -> str:
    """The fields of a reach in words."""
    words = {
        "the one case": to.case,
        "those they sent": to.sender,
        "those of their unit": to.unit,
        "those of their board": to.board,
        "those of their administration": to.administration,
        "all": to.everything,
    }
    return " or ".join(word for word, given in words.items() if given) or "none"


def _secret(to: Scope) -> str:
    if to.secret or to.case or to.sender:
        return "yes"
    return "only those of their unit" if to.unit else "no"


def _own(to: Scope) -> str:
    if to.not_sender:
        return "never"
    return "yes" if to.case or to.sender or to.everything else "no"


PRINTED: dict[str, Callable[[], str]] = {
    "floors": floors,
    "sight": sight,
    "lifecycle": lifecycle,
    "wiring": wiring,
}


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


def main() -> None:
    """Print every part into its place."""
    text = ARCHITECTURE.read_text(encoding="utf-8")
    for name, made in PRINTED.items():
        text = put(text, name, made())
    ARCHITECTURE.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
