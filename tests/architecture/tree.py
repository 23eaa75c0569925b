"""What the house tests walk: the files of the project, as they are kept."""

import subprocess
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PORTAL = ROOT / "portal"
TEMPLATES = ROOT / "templates"
PROVIDER = PORTAL / "testlegitimering"


def python_files(folder: Path) -> list[Path]:
    """Every Python file of ours below a folder: what is installed lies in a folder that begins with a dot."""
    found = folder.rglob("*.py")
    return sorted(file for file in found if not any(map(_is_hidden, file.relative_to(folder).parts)))


def _is_hidden(part: str) -> bool:
    return part.startswith(".")


def kept_files(root: Path = ROOT) -> Iterator[Path]:
    """Every file that git keeps, or would keep if it were added."""
    command = ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"]
    names = subprocess.run(command, cwd=root, capture_output=True, text=True, check=True).stdout
    files = (root / name for name in sorted(set(names.split("\0"))) if name)
    return (file for file in files if file.is_file())


def text_files(root: Path = ROOT) -> Iterator[tuple[str, str]]:
    """The path from the root and the text of every kept file that is text."""
    for file in kept_files(root):
        try:
            yield file.relative_to(root).as_posix(), file.read_text(encoding="utf-8")
        except UnicodeDecodeError:
            continue
