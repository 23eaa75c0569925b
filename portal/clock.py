"""The only clock: UTC for the database, Stockholm for people."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

STOCKHOLM = ZoneInfo("Europe/Stockholm")
_held: ContextVar[datetime | None] = ContextVar("held", default=None)


def now() -> datetime:
    """The present moment, in UTC."""
    return _held.get() or datetime.now(UTC)


@contextmanager
def at(moment: datetime) -> Iterator[None]:
    """Do something as if it were then: the demo's cases have a past."""
    token = _held.set(moment.astimezone(UTC))
    try:
        yield
    finally:
        _held.reset(token)


def today() -> date:
    """The date on the wall in Sweden."""
    return stockholm(now()).date()


def stockholm(moment: datetime) -> datetime:
    """The same moment as a clock in Sweden shows it."""
    return moment.astimezone(STOCKHOLM)


def end_of(day: date) -> datetime:
    """The last moment (exclusive) of a day in Sweden, in UTC."""
    return datetime.combine(day + timedelta(days=1), time(), STOCKHOLM).astimezone(UTC)
