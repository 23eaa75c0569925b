"""Due dates, explained day by day: closed days, days of waiting for the sender, and an extension. Pure."""

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from itertools import takewhile

from portal.organisation.calendar import (
    DAYS_OF_WEEK,
    NO_DAYS,
    WORKING_DAYS_OF_WEEK,
    Closed,
    closed,
    closed_weekdays,
)


class DateProblem(StrEnum):
    """Why a date cannot be used."""

    LATE = "late"
    PAST = "past"
    NOT_LATER = "not_later"
    CLOSED = "closed"
    TOO_FAR = "too_far"
    NOT_SINCE_ARRIVAL = "not_since_arrival"


class WrongDate(Exception):
    """A date that cannot be used; `problem` says why."""

    def __init__(self, problem: DateProblem) -> None:
        super().__init__(problem.value)
        self.problem = problem


@dataclass(frozen=True)
class Pause:
    """Waiting for the sender: the days after the question, up to and including the day of the reply."""

    requested: dt.date
    replied: dt.date

    def covers(self, day: dt.date) -> bool:
        """Whether a day is within the pause, and so not counted."""
        return self.requested < day <= self.replied


@dataclass(frozen=True)
class Extension:
    """A later due date, set on the day `made` before the promised one had passed. `until` is an open day."""

    made: dt.date
    until: dt.date


@dataclass(frozen=True)
class Day:
    """A calendar day after arrival: counted 1 to n, 0 when it is a later day zero, None when skipped."""

    date: dt.date
    counted: int | None
    closed: Closed | None
    waiting: bool = False


@dataclass(frozen=True)
class Explanation:
    """A due date and every calendar day after arrival that leads up to it.

    `working_days` were promised; an extension counts on from there.
    """

    arrival: dt.date
    day_zero: dt.date
    due: dt.date
    days: tuple[Day, ...]
    promised: int
    own: Mapping[dt.date, str] = field(default_factory=dict, repr=False, compare=False)

    @property
    def working_days(self) -> int:
        """Working days from day zero to the due date, an extension included."""
        return self.counted_by(self.due)

    @property
    def extended(self) -> int:
        """Working days that the extension added to the promise."""
        return self.working_days - self.promised

    @property
    def skipped(self) -> tuple[Day, ...]:
        """The closed days, which are not counted."""
        return tuple(day for day in self.days if day.closed)

    @property
    def waited(self) -> int:
        """Open days that were not counted because of a pause."""
        return sum(day.waiting for day in self.days)

    def counted_by(self, day: dt.date) -> int:
        """Working days that have begun by a day."""
        return sum(bool(earlier.counted) for earlier in self.days if earlier.date <= day)

    def left(self, today: dt.date) -> int:
        """Working days left: 0 on the last day, below zero when late."""
        if today <= self.due:
            return self.working_days - self.counted_by(today)
        # Between a due Friday and the Saturday after it no working day passes, yet the case is late.
        return -max(1, working_days_between(self.due, today, self.own))


def explain(
    arrival: dt.date,
    working_days: int,
    own: Mapping[dt.date, str] = NO_DAYS,
    pauses: Sequence[Pause] = (),
    extension: Extension | None = None,
) -> Explanation:
    """Explain the due date: the n-th open day after day zero, the day of arrival or the next open day.

    An extension sets its own date, moved by pauses after it was made, and never to an earlier day.
    Raises ValueError for less than one working day.
    """
    if working_days < 1:
        raise ValueError(f"a promise is at least one working day, not {working_days}")
    number = working_days
    if extension:
        number = _extended_number(working_days, arrival, own, pauses, extension)
    days = list(_through(number, _days(arrival, own, pauses)))
    day_zero = next(day.date for day in days if day.counted == 0)
    return Explanation(arrival, day_zero, days[-1].date, tuple(days[1:]), working_days, own)


def _days(arrival: dt.date, own: Mapping[dt.date, str], pauses: Sequence[Pause]) -> Iterator[Day]:
    """Every day from arrival on, numbered; an endless iterator."""
    number = 0
    date = arrival
    while True:
        reason = closed(date, own)
        # A closed day would not have been counted anyway: it is not also a day of waiting.
        waiting = not reason and any(pause.covers(date) for pause in pauses)
        counts = not (reason or waiting)
        yield Day(date, number if counts else None, reason, waiting)
        number += counts
        date += dt.timedelta(days=1)


def _through(number: int, days: Iterator[Day]) -> Iterator[Day]:
    """The days up to and including the one with this number."""
    for day in days:
        yield day
        if day.counted == number:
            return


def _extended_number(
    promised: int,
    arrival: dt.date,
    own: Mapping[dt.date, str],
    pauses: Sequence[Pause],
    extension: Extension,
) -> int:
    """The number of the extended due date: days counted when it was extended, plus those to the new date."""
    past = takewhile(lambda day: day.date <= extension.made, _days(arrival, own, pauses))
    # -1 if extended before day zero: that day is then the first of those to the new date.
    number = max((day.counted for day in past if day.counted is not None), default=-1)
    # Never below the promise: an extension must not make the answer due earlier.
    return max(promised, number + working_days_between(extension.made, next_open(extension.until, own), own))


def next_open(day: dt.date, own: Mapping[dt.date, str] = NO_DAYS) -> dt.date:
    """The day itself if it is open, else the next one that is."""
    while closed(day, own):
        day += dt.timedelta(days=1)
    return day


def open_day_after(day: dt.date, number: int, own: Mapping[dt.date, str] = NO_DAYS) -> dt.date:
    """The n-th open day after a day."""
    while number:
        day += dt.timedelta(days=1)
        number -= closed(day, own) is None
    return day


def open_days_before(day: dt.date, number: int, own: Mapping[dt.date, str] = NO_DAYS) -> list[dt.date]:
    """The n open days before a day, the nearest first."""
    days: list[dt.date] = []
    while len(days) < number:
        day -= dt.timedelta(days=1)
        if closed(day, own) is None:
            days.append(day)
    return days


def days_left(
    arrival: dt.date,
    due: dt.date,
    today: dt.date,
    own: Mapping[dt.date, str] = NO_DAYS,
    pauses: Sequence[Pause] = (),
) -> int:
    """As Explanation.left(), of a due date that is known: without a list of the days that lead up to it."""
    if today > due:
        return -max(1, working_days_between(due, today, own))
    # A pause is over before today, so it moves day zero and none of the days that are left.
    zero = next(day.date for day in _days(arrival, own, pauses) if day.counted == 0)
    return working_days_between(max(today, zero), due, own)


def working_days_between(start: dt.date, end: dt.date, own: Mapping[dt.date, str] = NO_DAYS) -> int:
    """How many open days come after start, up to and including end."""
    weeks, rest = divmod(max(0, (end - start).days), DAYS_OF_WEEK)
    last = range(start.weekday() + 1, start.weekday() + 1 + rest)
    weekdays = WORKING_DAYS_OF_WEEK * weeks + sum(day % DAYS_OF_WEEK < WORKING_DAYS_OF_WEEK for day in last)
    return weekdays - sum(start < day <= end for day in closed_weekdays(start.year, end.year, own))
