"""Read and check a profile file. Each problem is reported with its file, line, place and reason."""

import re
import tomllib
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from portal.organisation.lines import line_of
from portal.organisation.profile import Profile

SHIPPED = Path(__file__).parent / "profiles"


class ProfileError(Exception):
    """A profile that cannot be used: file, line, place and reason, one problem a line."""


def load(name_or_path: str) -> Profile:
    """The profile of a shipped name ("burlov") or of a file."""
    shipped = SHIPPED / f"{name_or_path}.toml"
    path = shipped if shipped.is_file() else Path(name_or_path)
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        names = ", ".join(sorted(file.stem for file in SHIPPED.glob("*.toml")))
        raise ProfileError(f"{path}: cannot be read: {error} (shipped profiles: {names})") from error
    return parse(text, str(path))


def parse(text: str, source: str) -> Profile:
    """The profile that a text says; the source is named when it is wrong."""
    try:
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise ProfileError(_not_toml(str(error), source)) from error
    if "text" in data:
        raise ProfileError(
            f"{source}:{line_of(text, 'text')}: text: is the file itself and cannot stand in it"
        )
    try:
        return Profile.model_validate(data | {"text": text})
    except ValidationError as error:
        told = (problem for detail in error.errors() for problem in _problems(detail, data))
        lines = (f"{source}:{line_of(text, place)}: {place}: {reason}" for place, reason in told)
        raise ProfileError("\n".join(lines)) from error


def _not_toml(reason: str, source: str) -> str:
    line = re.search(r"at line (\d+)", reason)
    return f"{source}{f':{line[1]}' if line else ''}: not TOML: {reason}"


def _problems(detail: ErrorDetails, data: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Place and reason of each; a check of the whole names the place itself."""
    cause, place = detail.get("ctx", {}).get("error"), _place(detail["loc"], data)
    reasons = str(cause or detail["msg"]).splitlines()
    return [(place, reason) if place else _parted(reason) for reason in reasons]


def _parted(problem: str) -> tuple[str, str]:
    place, _colon, reason = problem.rpartition(": ")
    return place, reason


def _place(location: Sequence[int | str], data: Any) -> str:
    names = []
    for step in location:
        inside = isinstance(data, dict | list) and (isinstance(data, list) or step in data)
        data = data[step] if inside else None
        names.append(_entry(step, data))
    return ".".join(names)


def _entry(step: int | str, data: Any) -> str:
    if isinstance(step, str):
        return step
    return str(data.get("key", f"#{step + 1}")) if isinstance(data, dict) else f"#{step + 1}"
