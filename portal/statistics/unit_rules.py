"""The figures of a unit in a period: first contact, response times, answers in time and reach. Pure."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import Enum, auto
from functools import cache
from typing import NamedTuple

from portal.cases.deadlines import open_day_after
from portal.statistics.figures.sums import is_in_time, is_late
from portal.statistics.rules import MIN_CASES, Times, percentile, working_days

# The working days within which a person should have been in touch, where the profile promises none.
REACH_DAYS = 2


@dataclass(frozen=True)
class Period:
    """Days, both included."""

    first: date
    last: date

    def has(self, day: date) -> bool:
        """Whether a day is one of them."""
        return self.first <= day <= self.last


class GivenAnswer(NamedTuple):
    """An answer that was given, and when its promise began; `number` of them are alike.

    `late`: whether it was given after its day; None if it had none.
    """

    started: date
    answered: date
    late: bool | None
    extended: bool
    summer: bool = False
    number: int = 1


class MissingAnswer(NamedTuple):
    """A promise whose last day has passed without an answer."""

    due: date
    number: int = 1


class FirstAnswer(NamedTuple):
    """The first answer in a case that the first line had first, and whether it solved it at first contact."""

    answered: date
    at_first_contact: bool
    number: int = 1


class Arrival(NamedTuple):
    """A case that came in, and the day on which a person was first in touch with its sender.

    `promised` are the working days of its contact promise. `in_reach`: its sender is to be reached.
    """

    arrived: date
    contacted: date | None
    promised: int | None = None
    in_reach: bool = True
    number: int = 1


@dataclass(frozen=True)
class Share:
    """So many of a total."""

    count: int
    total: int

    @property
    def is_small(self) -> bool:
        """Whether the total is too small for a percentage to say something."""
        return self.total < MIN_CASES


class Untimed(Enum):
    """Why a time in working days is no number: too few answers, or too many that are missing."""

    TOO_FEW = auto()
    WAITING = auto()


@dataclass(frozen=True)
class UnitFigures:
    """The figures of a period; times are in working days."""

    received: int
    answers: int
    median: int | Untimed
    percentile_90: int | Untimed
    in_time: Share
    first_contact: Share
    reach: Share


@dataclass(frozen=True)
class UnitRecords:
    """What the figures are made of: of the longest period, or of more."""

    answers: Sequence[GivenAnswer]
    missing: Sequence[MissingAnswer]
    arrivals: Sequence[Arrival]
    first_answers: Sequence[FirstAnswer]


def periods(today: date) -> tuple[Period, Period, Period]:
    """The last full week, and the 30 and the 90 days that end with it."""
    monday = today - timedelta(days=today.weekday())
    # A period that moved by a day would show what a single answer to the survey was.
    week, month, quarter = (
        Period(monday - timedelta(days=days), monday - timedelta(days=1)) for days in (7, 30, 90)
    )
    return week, month, quarter


def figures(
    records: UnitRecords,
    periods: Sequence[Period],
    today: date,
    own: Mapping[date, str],
    reach_days: int | None = REACH_DAYS,
) -> list[UnitFigures]:
    """The figures of each period, as they are known today. `reach_days` None: the days of each promise."""
    days = working_days(own)
    last_day = cache(lambda day, number: open_day_after(day, number, own))
    every = []
    for period in periods:
        answers = [row for row in records.answers if period.has(row.answered)]
        missing = [row for row in records.missing if period.has(row.due) and row.due < today]
        arrivals = [row for row in records.arrivals if period.has(row.arrived)]
        # A unit would otherwise look faster the longer it leaves what is difficult.
        times = Times(days=_days(answers, days), unanswered=_count(missing))
        figures = UnitFigures(
            received=_count(arrivals),
            answers=_count(answers),
            median=_within(times, 1, 2),
            percentile_90=_within(times, 9, 10),
            in_time=_in_time(answers, missing),
            first_contact=_first_contact([row for row in records.first_answers if period.has(row.answered)]),
            reach=_reach(arrivals, today, last_day, reach_days),
        )
        every.append(figures)
    return every


def _count(rows: Iterable[GivenAnswer | MissingAnswer | FirstAnswer | Arrival]) -> int:
    return sum(row.number for row in rows)


def _days(answers: Iterable[GivenAnswer], days: Callable[[date, date], int]) -> Counter[int]:
    histogram = Counter[int]()
    for row in answers:
        histogram[days(row.started, row.answered)] += row.number
    return histogram


def _within(times: Times, part: int, of: int) -> int | Untimed:
    days = percentile(times, part, of)
    if days is not None:
        return days
    total = times.days.total() + times.unanswered
    return Untimed.TOO_FEW if total < max(MIN_CASES, of) else Untimed.WAITING


def _in_time(answers: Sequence[GivenAnswer], missing: Sequence[MissingAnswer]) -> Share:
    promised = [row for row in answers if row.late is not None]
    on_day = [row for row in promised if is_in_time(row.late)]
    # The exemption of the summer is apart where it is kept, as in the figures of a period.
    apart = [row for row in on_day if row.summer]
    kept = [row for row in on_day if not row.extended]
    return Share(_count(kept), _count(promised) - _count(apart) + _count(missing))


def _first_contact(answers: Sequence[FirstAnswer]) -> Share:
    return Share(_count(row for row in answers if row.at_first_contact), _count(answers))


def _reach(
    arrivals: Iterable[Arrival],
    today: date,
    last_day: Callable[[date, int], date],
    reach_days: int | None,
) -> Share:
    total = reached = 0
    for row in arrivals:
        days = reach_days or row.promised
        if not days or not row.in_reach:
            continue
        last = last_day(row.arrived, days)
        # A case whose days have not passed could only be counted when it is reached.
        if last < today:
            total += row.number
            reached += row.number * is_in_time(is_late(row.contacted, last))
    return Share(reached, total)


@dataclass(frozen=True)
class ShownColumn:
    """A column of counts by unit as a reader of figures sees it; None for a hidden count."""

    counts: tuple[int | None, ...]
    total: int | None


def hide_small(counts: Sequence[int]) -> ShownColumn:
    """The counts of units that may be shown: none from 1 to 4, and no total if one of them is hidden."""
    shown = tuple(None if 0 < count < MIN_CASES else count for count in counts)
    # Less what is shown, a total would limit the hidden ones: of 2 in two units, each has 1.
    return ShownColumn(shown, None if None in shown else sum(counts))
