"""Apply a profile to the database: create, update and close boards, administrations, units and categories."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from sqlalchemy import select

from portal import clock, crypto
from portal.db import session
from portal.organisation import sections
from portal.organisation.models import Administration, Board, Category, ProfileVersion, Unit, UnitHistory
from portal.organisation.profile import Profile
from portal.organisation.sections import Named

# What decides where an old case belonged; a change leaves a row in unit_history.
HISTORY_FIELDS = ("name", "board_id", "administration_id")
Keyed = Any  # a model with key, opened_at and closed_at: Board, Administration, Unit or Category
Row = tuple[str, dict[str, Any]]  # a key and the values of the columns

ChangeKind = Literal["opened", "changed", "closed"]


@dataclass(frozen=True)
class Change:
    """A row that applying a profile opened, changed or closed; `part` is the table."""

    kind: ChangeKind
    part: str
    key: str
    id: int


@dataclass(frozen=True)
class Applied:
    """A new version of the profile and its changes."""

    version: ProfileVersion
    changes: tuple[Change, ...]


def apply(profile: Profile) -> Applied | None:
    """Make the database agree with the profile; None if its text is the one applied last."""
    fingerprint = crypto.fingerprint("profile", profile.text)
    latest = session().scalar(select(ProfileVersion).order_by(ProfileVersion.id.desc()).limit(1))
    if latest and latest.fingerprint == fingerprint:
        return None
    now = clock.now()
    changes = (*_boards_and_units(profile, now), *_categories(profile, now))
    return Applied(_version(profile, fingerprint, now), changes)


def _version(profile: Profile, fingerprint: bytes, now: datetime) -> ProfileVersion:
    # The whole text is kept: a case keeps the promise of the version it was created under.
    version = ProfileVersion(profile=profile.key, fingerprint=fingerprint, text=profile.text, applied_at=now)
    session().add(version)
    session().flush()
    return version


def _boards_and_units(profile: Profile, now: datetime) -> Iterator[Change]:
    yield from _sync(Board, map(_board_row, profile.boards), now)
    yield from _sync(Administration, map(_named_row, profile.administrations), now)
    # After the rows that units refer to: their ids must exist.
    yield from _sync(Unit, _unit_rows(profile), now)


def _board_row(part: sections.Board) -> Row:
    return part.key, {"name": part.name, "social_services": part.social_services}


def _named_row(part: Named) -> Row:
    return part.key, {"name": part.name}


def _unit_rows(profile: Profile) -> Iterator[Row]:
    boards = _ids(Board)
    administrations = _ids(Administration)
    for unit in profile.units:
        values = {
            "name": unit.name,
            "board_id": boards[unit.board],
            "administration_id": administrations[unit.administration],
            "first_line": unit.first_line,
            "branch": unit.branch,
        }
        yield unit.key, values


def _categories(profile: Profile, now: datetime) -> list[Change]:
    return _sync(Category, _category_rows(profile), now)


def _category_rows(profile: Profile) -> Iterator[Row]:
    units = _ids(Unit)
    for position, category in enumerate(profile.categories):
        key = category.secrecy_provision
        values = {
            "name": category.name,
            "position": position,
            "responsible_unit_id": units[category.responsible_unit],
            "handling_unit_id": units[category.handling_unit],
            "rosa_level": category.rosa_level,
            "secrecy_default": category.secrecy_default,
            "secrecy_provision": profile.secrecy_provision(key).provision if key else None,
            "answer_by_email": category.answer_by_email,
            "special_procedure": category.special_procedure,
        }
        yield category.key, values


def _ids(model: Keyed) -> dict[str, int]:
    return {row.key: row.id for row in session().scalars(select(model))}


def _sync(model: Keyed, rows: Iterable[Row], now: datetime) -> list[Change]:
    """Create, update, reopen and close the rows of a model; returns the changes by key."""
    stored: dict[str, Any] = {row.key: row for row in session().scalars(select(model))}
    values_by_key = dict(rows)
    kinds: dict[Any, ChangeKind | None] = {}
    for key, values in values_by_key.items():
        row = stored.get(key) or _create(model, key, now)
        kinds[row] = _update(row, values, now)
    for key in stored.keys() - values_by_key.keys():
        kinds[stored[key]] = _close(stored[key], now)
    # New rows have an id only after the flush.
    session().flush()
    changes = [Change(kind, model.__tablename__, row.key, row.id) for row, kind in kinds.items() if kind]
    return sorted(changes, key=lambda change: change.key)


def _create(model: Keyed, key: str, now: datetime) -> Any:
    row = model(key=key, opened_at=now)
    session().add(row)
    return row


def _update(row: Any, values: dict[str, Any], now: datetime) -> ChangeKind | None:
    kind = _change_kind(row, values)
    if isinstance(row, Unit) and row.id and _differs(row, values, HISTORY_FIELDS):
        session().add(_history(row, now))
    for name, value in values.items():
        setattr(row, name, value)
    # A key that comes back opens its old row again, so that old cases keep their unit.
    row.closed_at = None
    return kind


def _change_kind(row: Any, values: dict[str, Any]) -> ChangeKind | None:
    if not row.id or row.closed_at:
        return "opened"
    # A category that only moves in the order has not changed.
    return "changed" if _differs(row, values, values.keys() - {"position"}) else None


def _differs(row: Any, values: dict[str, Any], names: Iterable[str]) -> bool:
    return any(getattr(row, name) != values[name] for name in names)


def _close(row: Any, now: datetime) -> ChangeKind | None:
    """Set closed_at, once. Rows are never deleted: cases and memberships refer to them."""
    kind: ChangeKind | None = None if row.closed_at else "closed"
    row.closed_at = row.closed_at or now
    return kind


def _history(unit: Unit, now: datetime) -> UnitHistory:
    return UnitHistory(
        unit_id=unit.id,
        name=unit.name,
        board_id=unit.board_id,
        administration_id=unit.administration_id,
        ended_at=now,
    )
