"""The only clock: UTC for the database, Stockholm for people."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

STOCKHOLM = ZoneInfo("Europe/Stockholm")


def now() -> datetime:
    """The present moment, in UTC."""
    return datetime.now(UTC)


def today() -> date:
    """The date on the wall in Sweden."""
    return stockholm(now()).date()


def stockholm(moment: datetime) -> datetime:
    """The same moment as a clock in Sweden shows it."""
    return moment.astimezone(STOCKHOLM)


def end_of(day: date) -> datetime:
    """The last moment (exclusive) of a day in Sweden, in UTC."""
    return datetime.combine(day + timedelta(days=1), time(), STOCKHOLM).astimezone(UTC)
