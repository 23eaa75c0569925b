"""The application's clock: UTC in the database, Europe/Stockholm on screen."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

STOCKHOLM = ZoneInfo("Europe/Stockholm")
# A context variable and no global: threads of the same process must not see each other's frozen time.
_frozen: ContextVar[datetime | None] = ContextVar("frozen", default=None)


def now() -> datetime:
    """The current time in UTC."""
    return _frozen.get() or datetime.now(UTC)


def at_timestamp(seconds: float) -> datetime:
    """The moment of a Unix time, in UTC."""
    return datetime.fromtimestamp(seconds, UTC)


@contextmanager
def at(moment: datetime) -> Iterator[None]:
    """Freeze now() at a moment within the block, for the demo's history and for tests."""
    token = _frozen.set(moment.astimezone(UTC))
    try:
        yield
    finally:
        _frozen.reset(token)


def today() -> date:
    """The current date in Sweden."""
    return stockholm(now()).date()


def stockholm(moment: datetime) -> datetime:
    """The moment in Swedish local time."""
    return moment.astimezone(STOCKHOLM)


def to_hour(moment: datetime) -> datetime:
    """The moment without minutes and seconds: all that a row which names a person may tell of when."""
    return moment.replace(minute=0, second=0, microsecond=0)


def start_of_day(day: date) -> datetime:
    """The moment at which a day begins in Sweden, in UTC."""
    return datetime.combine(day, time(), STOCKHOLM).astimezone(UTC)


def end_of_day(day: date) -> datetime:
    """The exclusive end of a day in Sweden, in UTC."""
    # The next local midnight: a day with a change of summer time has 23 or 25 hours.
    return datetime.combine(day + timedelta(days=1), time(), STOCKHOLM).astimezone(UTC)


def in_utc(local: datetime) -> datetime:
    """The moment in UTC of a time without zone that a clock in Stockholm reads."""
    return local.replace(tzinfo=STOCKHOLM).astimezone(UTC)
