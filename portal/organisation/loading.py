"""Load and validate profile files. Problems are reported as file:line: path: reason."""

import re
import tomllib
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from portal.organisation import consistency
from portal.organisation.lines import line_of
from portal.organisation.profile import Profile

SHIPPED = Path(__file__).parent / "profiles"


class ProfileError(Exception):
    """Invalid profile. The message has a line for each problem: file:line: path: reason."""


def load(name_or_path: str) -> Profile:
    """Load a shipped profile by name ("burlov") or a profile file by path. Raises ProfileError."""
    shipped = SHIPPED / f"{name_or_path}.toml"
    path = shipped if shipped.is_file() else Path(name_or_path)
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        # A misspelt name ends up here as well, as a path that does not exist.
        names = ", ".join(sorted(file.stem for file in SHIPPED.glob("*.toml")))
        raise ProfileError(f"{path}: cannot be read: {error} (shipped profiles: {names})") from error
    return parse(text, str(path))


def parse(text: str, source: str) -> Profile:
    """Parse the text of a profile; `source` names it in errors. Raises ProfileError."""
    try:
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise ProfileError(_not_toml(str(error), source)) from error
    # The file's own text is stored under this name, for its fingerprint and for the versions in the database.
    if "text" in data:
        raise ProfileError(
            f"{source}:{line_of(text, 'text')}: text: is the file itself and cannot stand in it"
        )
    try:
        profile = Profile.model_validate(data | {"text": text})
    except ValidationError as error:
        problems = [problem for detail in error.errors() for problem in _problems(detail, data)]
        raise ProfileError(_located(problems, text, source)) from error
    if problems := [_split_problem(problem) for problem in consistency.problems(profile)]:
        raise ProfileError(_located(problems, text, source))
    return profile


def _located(problems: Sequence[tuple[str, str]], text: str, source: str) -> str:
    """A line for each problem, with its line in the file."""
    return "\n".join(f"{source}:{line_of(text, path)}: {path}: {reason}" for path, reason in problems)


def _not_toml(reason: str, source: str) -> str:
    line = re.search(r"at line (\d+)", reason)
    return f"{source}{f':{line[1]}' if line else ''}: not TOML: {reason}"


def _problems(detail: ErrorDetails, data: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Path and reason of each problem in an error of pydantic."""
    cause = detail.get("ctx", {}).get("error")
    path = _path(detail["loc"], data)
    # Our own checks raise one ValueError with a line for each problem; pydantic's message has a prefix.
    return [(path, reason) for reason in str(cause or detail["msg"]).splitlines()]


def _split_problem(problem: str) -> tuple[str, str]:
    path, _colon, reason = problem.partition(": ")
    return path, reason


def _path(location: Sequence[int | str], data: Any) -> str:
    names = []
    for step in location:
        inside = isinstance(data, dict | list) and (isinstance(data, list) or step in data)
        data = data[step] if inside else None
        names.append(_step_name(step, data))
    return ".".join(names)


def _step_name(step: int | str, data: Any) -> str:
    """A name, or for an entry of an array its key, or "#2" if it has none."""
    if isinstance(step, str):
        return step
    return str(data.get("key", f"#{step + 1}")) if isinstance(data, dict) else f"#{step + 1}"
