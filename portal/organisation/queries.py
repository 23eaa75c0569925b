"""Queries for the current organisation; closed rows are left out unless a name says otherwise."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from functools import lru_cache
from typing import Any, NamedTuple

from sqlalchemy import Row, Select, bindparam, func, or_, select
from sqlalchemy.orm import joinedload

from portal import clock
from portal.config import BadSetting, settings
from portal.db import once_per_read, session
from portal.organisation.loading import ProfileError, load
from portal.organisation.models import Administration, Board, Category, ProfileVersion, Unit, UnitHistory
from portal.organisation.profile import Profile

# Built once: they are executed for each form and each case that is sent in.
_LATEST_VERSION = select(func.max(ProfileVersion.id))
_TOPICS = select(Category.key, Category.name).where(Category.closed_at.is_(None)).order_by(Category.position)
_CATEGORY = (
    select(Category)
    .where(Category.key == bindparam("key"), Category.closed_at.is_(None))
    .options(
        joinedload(Category.responsible_unit).joinedload(Unit.board),
        joinedload(Category.handling_unit),
    )
)
_FIRST_LINE = (
    select(Unit)
    .where(Unit.first_line, Unit.closed_at.is_(None))
    .options(joinedload(Unit.board))
    .order_by(Unit.id)
    .limit(1)
)


# Cached for the life of the process: a changed file takes effect at the next start.
@lru_cache(maxsize=8)
def _load_profile(name: str) -> Profile:
    try:
        return load(name)
    except ProfileError as error:
        raise BadSetting(f"PORTAL_PROFILE: {error}") from error


def profile() -> Profile:
    """The profile of this installation, read from its file once. Raises BadSetting."""
    return _load_profile(settings().profile)


def trace_disposal() -> str:
    """The decision that lets traces of anonymous senders be removed from files; empty without one.

    What is invented for an example is no decision in production: what arrives is destroyed by it.
    """
    part = profile().files
    if part is None or (part.example and settings().env == "production"):
        return ""
    return part.trace_disposal


def closed_days() -> Mapping[date, str]:
    """Names of the profile's own closed days, by date."""
    return profile().closed_days


def profile_version() -> ProfileVersion:
    """The version applied last, under which new cases are created. Raises RuntimeError if there is none."""
    return session().get_one(ProfileVersion, profile_version_id())


def profile_version_id() -> int:
    """The id of that version, without the text of its file. Raises RuntimeError if there is none."""
    version = session().scalar(_LATEST_VERSION)
    if version is None:
        raise RuntimeError("no profile has been applied: run `flask --app wsgi db upgrade`")
    return version


def categories() -> Sequence[Category]:
    """The open categories, in the order of the profile."""
    query = select(Category).where(Category.closed_at.is_(None)).order_by(Category.position)
    return session().scalars(query).all()


def topics() -> Sequence[Row[str, str]]:
    """Key and name of the open categories, in the order of the profile."""
    return session().execute(_TOPICS).all()


def destinations() -> list[Category | Unit]:
    """Where a case may be handed over: open topics in the profile's order, then open units by name."""
    return [*categories(), *units()]


class UnitRow(NamedTuple):
    """A unit as pages list it."""

    id: int
    key: str
    name: str
    board_id: int
    administration_id: int
    first_line: bool
    closed_at: datetime | None


class TopicRow(NamedTuple):
    """A topic as pages list it."""

    key: str
    name: str
    position: int
    closed_at: datetime | None


def open_topics() -> list[TopicRow]:
    """What categories() gives, as rows."""
    topics = {topic for _unit, topic in _units_with_topics() if topic.key and topic.closed_at is None}
    return sorted(topics, key=lambda topic: topic.position)


def open_units() -> list[UnitRow]:
    """What units() gives, as rows."""
    return [unit for unit in every_unit() if unit.closed_at is None]


def every_unit() -> list[UnitRow]:
    """The units, open and closed, by name."""
    return list({unit.id: unit for unit, _topic in _units_with_topics()}.values())


@once_per_read
def _units_with_topics() -> Sequence[tuple[UnitRow, TopicRow]]:
    """Pairs of every unit, by name, and each topic that it handles; of a unit without one, an empty row."""
    return [(UnitRow(*row[:7]), TopicRow(*row[7:])) for row in session().execute(_UNITS_WITH_TOPICS)]


_UNITS_WITH_TOPICS: Select[*tuple[Any, ...]] = (
    select(
        *(
            Unit.id,
            Unit.key,
            Unit.name,
            Unit.board_id,
            Unit.administration_id,
            Unit.first_line,
            Unit.closed_at,
        ),
        *(Category.key, Category.name, Category.position, Category.closed_at),
    )
    .outerjoin(Category, Category.handling_unit_id == Unit.id)
    .order_by(Unit.name)
)


def category(key: str) -> Category | None:
    """An open category by key, with its units and the board that answers loaded."""
    return session().scalar(_CATEGORY, {"key": key})


def unit_phone(key: str) -> str:
    """The telephone number of a unit in the profile, as displayed; empty if it has none."""
    return next((unit.phone for unit in profile().units if unit.key == key), "")


def first_line() -> Unit:
    """The unit that receives cases without a category (Medborgarservice)."""
    return session().scalars(_FIRST_LINE).one()


def units() -> Sequence[Unit]:
    """The open units, by name."""
    return session().scalars(select(Unit).where(Unit.closed_at.is_(None)).order_by(Unit.name)).all()


def unit(key: str) -> Unit | None:
    """An open unit by key."""
    return session().scalar(select(Unit).where(Unit.key == key, Unit.closed_at.is_(None)))


def first_day() -> date:
    """The first day, in Stockholm, on which the organisation was open here: nothing came in before it."""
    opened: datetime = session().execute(select(func.min(Board.opened_at))).scalar_one()
    return clock.stockholm(opened).date()


def board(key: str) -> Board | None:
    """An open board by key."""
    return session().scalar(select(Board).where(Board.key == key, Board.closed_at.is_(None)))


@once_per_read
def every_board() -> Sequence[Board]:
    """The boards, open and closed, by name."""
    return session().scalars(select(Board).order_by(Board.name)).all()


def board_name(board_id: int) -> str:
    """The name of one board, open or closed."""
    return session().get_one(Board, board_id).name


def administration(key: str) -> Administration | None:
    """An open administration by key."""
    query = select(Administration).where(Administration.key == key, Administration.closed_at.is_(None))
    return session().scalar(query)


def unit_names() -> dict[int, str]:
    """Names of all units by id, closed ones included: old cases refer to them."""
    return {unit.id: unit.name for unit, _topic in _units_with_topics()}


@once_per_read
def board_names() -> dict[int, str]:
    """Names of all boards by id, closed ones included."""
    return {board.id: board.name for board in session().scalars(select(Board))}


def boards_since(moment: datetime) -> set[int]:
    """The ids of the boards that are open, or were closed after a moment."""
    query = select(Board.id).where(or_(Board.closed_at.is_(None), Board.closed_at > moment))
    return set(session().scalars(query))


@once_per_read
def administration_names() -> dict[int, str]:
    """Names of all administrations by id, closed ones included."""
    return {row.id: row.name for row in session().execute(select(Administration.id, Administration.name))}


@once_per_read
def topic_names() -> dict[int, str]:
    """Names of all topics by id, closed ones included."""
    return {row.id: row.name for row in session().execute(select(Category.id, Category.name))}


@once_per_read
def every_topic() -> Sequence[Row[int, str, str]]:
    """Id, key and name of the topics, open and closed, by name."""
    query = select(Category.id, Category.key, Category.name).order_by(Category.name, Category.id)
    return session().execute(query).all()


@once_per_read
def every_administration() -> Sequence[Administration]:
    """The administrations, open and closed, by name."""
    return session().scalars(select(Administration).order_by(Administration.name)).all()


def unit_name_at(unit_id: int, moment: datetime) -> str:
    """The name that a unit had at a moment; empty if there is no such unit."""
    for former in _former_units():
        if former.unit_id == unit_id and former.ended_at > moment:
            return former.name
    return unit_names().get(unit_id, "")


@once_per_read
def _former_units() -> Sequence[UnitHistory]:
    """What units were called and where they belonged before, the oldest first."""
    return session().scalars(select(UnitHistory).order_by(UnitHistory.ended_at)).all()


def boards_of_units() -> dict[int, int]:
    """The board of every unit, by the ids of both, closed ones included."""
    return {unit.id: unit.board_id for unit, _topic in _units_with_topics()}


def administration_name(administration_id: int) -> str:
    """The name of one administration, open or closed."""
    return session().get_one(Administration, administration_id).name


def unit_name(unit_id: int) -> str:
    """The name of one unit, open or closed."""
    return session().get_one(Unit, unit_id).name
