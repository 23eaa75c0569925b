"""The municipality as the database knows it now."""

from collections.abc import Mapping, Sequence
from datetime import date
from functools import lru_cache

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from portal.config import BadSetting, settings
from portal.db import session
from portal.organisation.loading import ProfileError, load
from portal.organisation.models import Administration, Board, Category, ProfileVersion, Unit
from portal.organisation.profile import Profile


@lru_cache(maxsize=8)
def _loaded(name: str) -> Profile:
    try:
        return load(name)
    except ProfileError as error:
        raise BadSetting(f"PORTAL_PROFILE: {error}") from error


def profile() -> Profile:
    """The profile of this installation, as its file read when it started. Raises BadSetting."""
    return _loaded(settings().profile)


def closed_days() -> Mapping[date, str]:
    """The profile's own closed days."""
    return profile().closed_days


def profile_version() -> ProfileVersion:
    """The version that new cases are born under. Raises RuntimeError until a profile has been applied."""
    found = session().scalar(select(ProfileVersion).order_by(ProfileVersion.id.desc()).limit(1))
    if found is None:
        raise RuntimeError("no profile has been applied: run `flask --app wsgi db upgrade`")
    return found


def categories() -> Sequence[Category]:
    """The topics that somebody may choose now, in the profile's order."""
    query = select(Category).where(Category.closed_at.is_(None)).order_by(Category.position)
    return session().scalars(query).all()


def category(key: str) -> Category | None:
    """One open category by its key."""
    units = joinedload(Category.responsible_unit), joinedload(Category.handling_unit)
    query = select(Category).options(*units).where(Category.key == key, Category.closed_at.is_(None))
    return session().scalar(query)


def first_line() -> Unit:
    """The unit that gets what has no topic (Medborgarservice)."""
    query = select(Unit).where(Unit.first_line, Unit.closed_at.is_(None)).order_by(Unit.id).limit(1)
    return session().scalars(query).one()


def units() -> Sequence[Unit]:
    """The units that are open now, by name."""
    return session().scalars(select(Unit).where(Unit.closed_at.is_(None)).order_by(Unit.name)).all()


def unit(key: str) -> Unit | None:
    """One open unit by its key."""
    return session().scalar(select(Unit).where(Unit.key == key, Unit.closed_at.is_(None)))


def board(key: str) -> Board | None:
    """One open board by its key."""
    return session().scalar(select(Board).where(Board.key == key, Board.closed_at.is_(None)))


def administration(key: str) -> Administration | None:
    """One open administration by its key."""
    query = select(Administration).where(Administration.key == key, Administration.closed_at.is_(None))
    return session().scalar(query)


def unit_names() -> dict[int, str]:
    """The name of every unit, by id."""
    return {unit.id: unit.name for unit in session().scalars(select(Unit))}
