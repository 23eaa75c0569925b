"""A municipality's profile: one readable TOML file, checked before anything starts."""

import tomllib
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Annotated, Any, Self

from pydantic import Field, StringConstraints, ValidationError, model_validator
from pydantic_core import ErrorDetails

from portal.organisation.sections import (
    Category,
    ClosedDay,
    Contact,
    Door,
    Key,
    Kind,
    Named,
    NotHandled,
    Promise,
    Section,
    Summer,
    Text,
    Unit,
)

SHIPPED = Path(__file__).parent / "profiles"


class ProfileError(Exception):
    """A profile that cannot be used: file, place and reason, one problem a line."""


class Profile(Section):
    """One municipality: names, promise, organisation and other doors."""

    key: Key
    service: Text
    short: Text
    full: Text
    number_prefix: Annotated[str, StringConstraints(pattern=r"^[A-Z]{1,5}$")]
    language: Annotated[str, StringConstraints(pattern=r"^[a-z]{2}$")]
    kinds: Annotated[tuple[Kind, ...], Field(min_length=1)]
    contact: Contact
    promise: Promise
    summer: Summer | None = None
    own_closed_days: tuple[ClosedDay, ...] = Field(default=(), alias="closed_days")
    not_handled: tuple[NotHandled, ...] = ()
    doors: tuple[Door, ...] = ()
    boards: tuple[Named, ...]
    administrations: tuple[Named, ...]
    units: tuple[Unit, ...]
    categories: tuple[Category, ...]
    text: str = Field(repr=False)

    @property
    def about(self) -> tuple[str, ...]:
        """The address lines."""
        return self.contact.about

    @property
    def phone(self) -> str:
        """The telephone number as people write it."""
        return self.contact.phone

    @property
    def phone_e164(self) -> str:
        """The telephone number as machines dial it."""
        return self.contact.phone_e164

    @property
    def closed_days(self) -> Mapping[date, str]:
        """The municipality's own closed days and their names."""
        return {day.date: day.name for day in self.own_closed_days}

    @property
    def first_line(self) -> Unit:
        """The unit that takes what nobody else does."""
        return next(unit for unit in self.units if unit.first_line)

    def unit(self, key: str) -> Unit:
        """The unit with a key, or KeyError."""
        return {unit.key: unit for unit in self.units}[key]

    def category(self, key: str) -> Category:
        """The category with a key, or KeyError."""
        return {category.key: category for category in self.categories}[key]

    def doors_for(self, kind: Kind | None = None) -> tuple[Door, ...]:
        """The other ways to show: those for every kind, and those for this one."""
        return tuple(door for door in self.doors if not door.kinds or kind in door.kinds)

    @model_validator(mode="after")
    def _whole(self) -> Self:
        checks = (_repeated, _unknown, _first_line, _secret, _doors, _summer)
        if problems := [problem for check in checks for problem in check(self)]:
            raise ValueError("\n".join(problems))
        return self


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
        raise ProfileError(f"{source}: not TOML: {error}") from error
    if "text" in data:
        raise ProfileError(f"{source}: text: is the file itself and cannot stand in it")
    try:
        return Profile.model_validate(data | {"text": text})
    except ValidationError as error:
        problems = (problem for detail in error.errors() for problem in _problems(detail, data))
        raise ProfileError("\n".join(f"{source}: {problem}" for problem in problems)) from error


def _repeated(profile: Profile) -> Iterator[str]:
    for name in ("boards", "administrations", "units", "categories", "doors", "not_handled"):
        yield from _twice(name, [part.key for part in getattr(profile, name)])
    yield from _twice("kinds", profile.kinds)
    yield from _twice("closed_days", [day.date.isoformat() for day in profile.own_closed_days])


def _twice(place: str, keys: Sequence[str]) -> Iterator[str]:
    yield from (f"{place}.{key}: stands {count} times" for key, count in Counter(keys).items() if count > 1)


def _unknown(profile: Profile) -> Iterator[str]:
    for unit in profile.units:
        yield from _missing(f"units.{unit.key}.board", unit.board, profile.boards)
        yield from _missing(f"units.{unit.key}.administration", unit.administration, profile.administrations)
    for category in profile.categories:
        place = f"categories.{category.key}"
        yield from _missing(f"{place}.responsible_unit", category.responsible_unit, profile.units)
        yield from _missing(f"{place}.handling_unit", category.handling_unit, profile.units)


def _missing(place: str, key: str, parts: Sequence[Named]) -> Iterator[str]:
    if key not in {part.key for part in parts}:
        yield f"{place}: there is no '{key}'"


def _first_line(profile: Profile) -> Iterator[str]:
    units = [unit.key for unit in profile.units if unit.first_line]
    if len(units) != 1:
        yield f"units: exactly one must have first_line = true, not {len(units)}"


def _secret(profile: Profile) -> Iterator[str]:
    for category in profile.categories:
        if category.secrecy_default and category.answer_by_email:
            yield f"categories.{category.key}.answer_by_email: must be false where secrecy_default is true"


def _doors(profile: Profile) -> Iterator[str]:
    for door in profile.doors:
        if bool(door.href) != bool(door.link_text):
            yield f"doors.{door.key}: link_text and href stand together or not at all"
        for kind in set(door.kinds) - set(profile.kinds):
            yield f"doors.{door.key}.kinds: the profile does not have '{kind}'"


def _summer(profile: Profile) -> Iterator[str]:
    if profile.summer and profile.summer.end < profile.summer.start:
        yield "summer.end: comes before the start"


def _problems(detail: ErrorDetails, data: Mapping[str, Any]) -> list[str]:
    cause = detail.get("ctx", {}).get("error")
    place = _place(detail["loc"], data)
    reasons = str(cause or detail["msg"]).splitlines()
    return [f"{place}: {reason}" if place else reason for reason in reasons]


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
