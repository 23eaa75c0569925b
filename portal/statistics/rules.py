"""Percentiles of working days, and the least number of cases that a figure is about. Pure."""

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cache

from portal.cases.deadlines import working_days_between

# With fewer cases a reader who knows one of them could learn about the others.
MIN_CASES = 5
DECEMBER, LAST = 12, 31


@dataclass
class Times:
    """Answers by their working days, and how many are missing."""

    unanswered: int = 0
    days: Counter[int] = field(default_factory=Counter)


def percentile(times: Times, part: int, of: int) -> int | None:
    """The percentile part/of by nearest rank (Hyndman & Fan 1996, definition 1); None if it is unanswered."""
    total = times.days.total() + times.unanswered
    if total < max(MIN_CASES, of):
        return None
    # Integers round the rank up exactly, which a float product would not.
    rank = -(-total * part // of)
    # Unanswered promises rank last.
    for days in sorted(times.days):
        rank -= times.days[days]
        if rank <= 0:
            return days
    return None


def working_days(own: Mapping[date, str]) -> Callable[[date, date], int]:
    """deadlines.working_days_between() for many pairs: how many there are in a year up to a day is kept."""

    @cache
    def number(day: date) -> int:
        return working_days_between(date(day.year - 1, DECEMBER, LAST), day, own)

    def between(start: date, end: date) -> int:
        if end <= start:
            return 0
        years = sum(number(date(year, DECEMBER, LAST)) for year in range(start.year, end.year))
        return years + number(end) - number(start)

    return between
