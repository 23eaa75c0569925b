"""Due dates, explained day by day: closed days, days of waiting for the sender, and an extension. Pure."""

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from itertools import takewhile
from typing import Self

from portal.organisation.calendar import (
    DAYS_OF_WEEK,
    NO_DAYS,
    WORKING_DAYS_OF_WEEK,
    Closed,
    closed,
    closed_weekdays,
)

# The third value of a stored pause that is no waiting: migration 0034 writes it, and nothing else.
DELAYS_START = "start"


class DateProblem(StrEnum):
    """Why a date cannot be used."""

    LATE = "late"
    PAST = "past"
    NOT_LATER = "not_later"
    CLOSED = "closed"
    TOO_FAR = "too_far"
    NOT_SINCE_ARRIVAL = "not_since_arrival"


# Working days left below which a due date is soon: in the view of those, and in its colour.
SOON = 3
# No day is set further ahead than this.
MAX_AHEAD = dt.timedelta(days=366)


class WrongDate(Exception):
    """A date that cannot be used; `problem` says why."""

    def __init__(self, problem: DateProblem) -> None:
        super().__init__(problem.value)
        self.problem = problem


@dataclass(frozen=True)
class Pause:
    """Waiting for the sender: the days after the question, up to and including the day of the reply.

    `delays_start`: no waiting, but the days before a promise was counted by the earlier rule, whose day zero
    was the first open day. A case keeps the date that it was promised then.
    """

    requested: dt.date
    replied: dt.date
    delays_start: bool = False

    @classmethod
    def stored(cls, values: Sequence[str]) -> Self:
        """A pause as a case stores it: two dates, and DELAYS_START where it is that."""
        first, last, *marks = values
        return cls(dt.date.fromisoformat(first), dt.date.fromisoformat(last), DELAYS_START in marks)

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
    """A calendar day: 0 is the day of arrival, the days after it are counted 1 to n, None when skipped."""

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
    due: dt.date
    days: tuple[Day, ...]
    promised: int
    own: Mapping[dt.date, str] = field(default_factory=dict, repr=False, compare=False)

    @property
    def working_days(self) -> int:
        """Working days from arrival to the due date, an extension included."""
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
    """Explain the due date: the n-th open day after the day of arrival, whatever day that is.

    An extension sets its own date, moved by pauses after it was made, and never to an earlier day.
    Raises ValueError for less than one working day.
    """
    if working_days < 1:
        raise ValueError(f"a promise is at least one working day, not {working_days}")
    number = working_days
    if extension:
        number = _extended_number(working_days, arrival, own, pauses, extension)
    days = list(_through(number, _days(arrival, own, pauses)))
    return Explanation(arrival, days[-1].date, tuple(days[1:]), working_days, own)


def _days(arrival: dt.date, own: Mapping[dt.date, str], pauses: Sequence[Pause]) -> Iterator[Day]:
    """Every day from arrival on, numbered; an endless iterator."""
    number = 0
    date = arrival
    yield Day(date, number, closed(date, own))
    while True:
        date += dt.timedelta(days=1)
        reason = closed(date, own)
        # A closed day would not have been counted anyway: it is not also a day of waiting.
        pause = None if reason else next((pause for pause in pauses if pause.covers(date)), None)
        counts = not (reason or pause)
        number += counts
        waiting = pause is not None and not pause.delays_start
        yield Day(date, number if counts else None, reason, waiting)


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
    number = max(day.counted or 0 for day in past)
    # Never below the promise: an extension must not make the answer due earlier.
    return max(promised, number + working_days_between(extension.made, next_open(extension.until, own), own))


def day_problem(day: dt.date, today: dt.date, own: Mapping[dt.date, str] = NO_DAYS) -> DateProblem | None:
    """Why a person cannot set this day, whatever the case; None if they can."""
    problems = {
        DateProblem.PAST: day <= today,
        DateProblem.CLOSED: closed(day, own) is not None,
        DateProblem.TOO_FAR: day > today + MAX_AHEAD,
    }
    return next((problem for problem, applies in problems.items() if applies), None)


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


def reminder_day(requested: dt.date, until: dt.date, own: Mapping[dt.date, str] = NO_DAYS) -> dt.date | None:
    """The open day half-way to the last day to reply; None if there is none between the two."""
    day = next_open(requested + (until - requested) // 2, own)
    return day if requested < day < until else None


def days_left(due: dt.date, today: dt.date, own: Mapping[dt.date, str] = NO_DAYS) -> int:
    """As Explanation.left(), of a due date that is known: without a list of the days that lead up to it."""
    if today > due:
        return -max(1, working_days_between(due, today, own))
    return working_days_between(today, due, own)


def working_days_between(start: dt.date, end: dt.date, own: Mapping[dt.date, str] = NO_DAYS) -> int:
    """How many open days come after start, up to and including end."""
    weeks, rest = divmod(max(0, (end - start).days), DAYS_OF_WEEK)
    last = range(start.weekday() + 1, start.weekday() + 1 + rest)
    weekdays = WORKING_DAYS_OF_WEEK * weeks + sum(day % DAYS_OF_WEEK < WORKING_DAYS_OF_WEEK for day in last)
    return weekdays - sum(start < day <= end for day in closed_weekdays(start.year, end.year, own))
