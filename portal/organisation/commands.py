"""Applying a profile: its boards, units and categories become rows, and rows it has dropped are closed."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from sqlalchemy import select

from portal import clock, crypto
from portal.db import session
from portal.organisation.models import Administration, Board, Category, ProfileVersion, Unit, UnitHistory
from portal.organisation.profile import Profile

REMEMBERED = ("name", "board_id", "administration_id")
Keyed = Any  # one of the four tables above: each has a key, and is opened and closed


Happened = Literal["opened", "changed", "closed"]


@dataclass(frozen=True)
class Change:
    """What applying a profile did with one part of the municipality."""

    happened: Happened
    part: str
    key: str
    id: int


@dataclass(frozen=True)
class Applied:
    """A new version of the profile, and all that it changed."""

    version: ProfileVersion
    changes: tuple[Change, ...]


def apply(profile: Profile) -> Applied | None:
    """Make the database agree with the profile; None if this text was the last one applied."""
    mark = crypto.fingerprint("profile", profile.text)
    latest = session().scalar(select(ProfileVersion).order_by(ProfileVersion.id.desc()).limit(1))
    if latest and latest.fingerprint == mark:
        return None
    now = clock.now()
    changes = (*_boards_and_units(profile, now), *_categories(profile, now))
    return Applied(_version(profile, mark, now), changes)


def _version(profile: Profile, mark: bytes, now: datetime) -> ProfileVersion:
    version = ProfileVersion(profile=profile.key, fingerprint=mark, text=profile.text, applied_at=now)
    session().add(version)
    session().flush()
    return version


def _boards_and_units(profile: Profile, now: datetime) -> Iterator[Change]:
    yield from _sync(Board, ((each.key, {"name": each.name}) for each in profile.boards), now)
    named = ((each.key, {"name": each.name}) for each in profile.administrations)
    yield from _sync(Administration, named, now)
    boards, administrations = _ids(Board), _ids(Administration)
    rows = (
        (
            unit.key,
            {
                "name": unit.name,
                "board_id": boards[unit.board],
                "administration_id": administrations[unit.administration],
                "first_line": unit.first_line,
            },
        )
        for unit in profile.units
    )
    yield from _sync(Unit, rows, now)


def _categories(profile: Profile, now: datetime) -> list[Change]:
    units = _ids(Unit)
    rows = (
        (
            each.key,
            {
                "name": each.name,
                "position": position,
                "responsible_unit_id": units[each.responsible_unit],
                "handling_unit_id": units[each.handling_unit],
                "rosa_level": each.rosa_level,
                "secrecy_default": each.secrecy_default,
                "answer_by_email": each.answer_by_email,
                "special_procedure": each.special_procedure,
            },
        )
        for position, each in enumerate(profile.categories)
    )
    return _sync(Category, rows, now)


def _ids(model: Keyed) -> dict[str, int]:
    return {row.key: row.id for row in session().scalars(select(model))}


def _sync(model: Keyed, rows: Iterable[tuple[str, dict[str, Any]]], now: datetime) -> list[Change]:
    stored: dict[str, Any] = {row.key: row for row in session().scalars(select(model))}
    wanted = dict(rows)
    put = [_put(stored.get(key) or _opened(model, key, now), values, now) for key, values in wanted.items()]
    closed = [_closed(stored[key], now) for key in stored.keys() - wanted.keys()]
    session().flush()
    told = sorted((row.key, happened, row.id) for row, happened in (*put, *closed) if happened)
    return [Change(happened, model.__tablename__, key, id_) for key, happened, id_ in told]


def _opened(model: Keyed, key: str, now: datetime) -> Any:
    row = model(key=key, opened_at=now)
    session().add(row)
    return row


def _put(row: Any, values: dict[str, Any], now: datetime) -> tuple[Any, Happened | None]:
    happened = _difference(row, values)
    if isinstance(row, Unit) and row.id and any(getattr(row, name) != values[name] for name in REMEMBERED):
        session().add(_history(row, now))
    for name, value in {**values, "closed_at": None}.items():
        setattr(row, name, value)
    return row, happened


def _difference(row: Any, values: dict[str, Any]) -> Happened | None:
    if not row.id or row.closed_at:
        return "opened"
    # A topic that only makes room for another has not changed.
    differs = (getattr(row, name) != value for name, value in values.items() if name != "position")
    return "changed" if any(differs) else None


def _closed(row: Any, now: datetime) -> tuple[Any, Happened | None]:
    happened: Happened | None = None if row.closed_at else "closed"
    row.closed_at = row.closed_at or now
    return row, happened


def _history(unit: Unit, now: datetime) -> UnitHistory:
    past = UnitHistory(unit_id=unit.id, name=unit.name, ended_at=now)
    past.board_id, past.administration_id = unit.board_id, unit.administration_id
    return past
