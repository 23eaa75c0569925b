"""The due date, explained day by day."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field

from portal.organisation.calendar import NO_DAYS, Closed, closed


@dataclass(frozen=True)
class Day:
    """A calendar day after arrival: counted 1 to n, 0 when it is a later day zero, None when skipped."""

    date: dt.date
    counted: int | None
    closed: Closed | None


@dataclass(frozen=True)
class Explanation:
    """A due date and every calendar day after arrival that leads up to it."""

    arrival: dt.date
    day_zero: dt.date
    due: dt.date
    days: tuple[Day, ...]
    own: Mapping[dt.date, str] = field(default_factory=dict, repr=False, compare=False)

    @property
    def working_days(self) -> int:
        """How many working days were promised."""
        return self.counted_by(self.due)

    @property
    def skipped(self) -> tuple[Day, ...]:
        """The closed days, which are not counted."""
        return tuple(day for day in self.days if day.closed)

    def counted_by(self, day: dt.date) -> int:
        """How many of the promised working days have begun on a given day."""
        return sum(bool(each.counted) for each in self.days if each.date <= day)

    def left(self, today: dt.date) -> int:
        """Working days left to the due date, as `working_days_left` counts them."""
        return working_days_left(self.due, today, self.own)


def explain(arrival: dt.date, working_days: int, own: Mapping[dt.date, str] = NO_DAYS) -> Explanation:
    """The n-th open day after day zero; day zero is the day of arrival or the next open day."""
    if working_days < 1:
        raise ValueError(f"a promise is at least one working day, not {working_days}")
    days: list[Day] = []
    number = 0
    while number <= working_days:
        date = arrival + dt.timedelta(days=len(days))
        why = closed(date, own)
        days.append(Day(date, None if why else number, why))
        number += why is None
    day_zero = next(day.date for day in days if day.counted == 0)
    return Explanation(arrival, day_zero, days[-1].date, tuple(days[1:]), own)


def first_open_day(day: dt.date, own: Mapping[dt.date, str] = NO_DAYS) -> dt.date:
    """Day zero: the day itself, or the next one that is open."""
    while closed(day, own):
        day += dt.timedelta(days=1)
    return day


def working_days_between(start: dt.date, end: dt.date, own: Mapping[dt.date, str] = NO_DAYS) -> int:
    """How many open days come after start, up to and including end."""
    span = range(1, (end - start).days + 1)
    return sum(closed(start + dt.timedelta(days=offset), own) is None for offset in span)


def working_days_left(due: dt.date, today: dt.date, own: Mapping[dt.date, str] = NO_DAYS) -> int:
    """Working days left: 0 on the last day, below zero when late."""
    if today <= due:
        return working_days_between(today, due, own)
    # Late over a weekend is late all the same, so it never rounds down to nothing.
    return -max(1, working_days_between(due, today, own))
