"""Counts of promises by kind and month, from which all figures are made. Pure.

Counts are sums, so promises may be added and taken away again in any order. What depends on the day on which
the figures are read is counted by the day it depends on, so that kept counts need no clock.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from typing import Any, Self

from portal.cases.deadlines import working_days_between
from portal.cases.enums import Kind

Days = Callable[[date, date], int]
# In place of a day that has passed: one for all of them.
PASSED = date.min


@dataclass(frozen=True)
class PromiseRecord:
    """One promise of one case: when its clock started, what was promised, and the outcome."""

    kind: Kind
    started: date
    due: date | None
    answered: date | None
    contact_due: date | None = None
    contacted: date | None = None
    extended: bool = False
    paused: bool = False
    # A reopened case gives a promise of its own but is the same case, so it is not counted as received.
    reopened: bool = False


@dataclass
class Shares:
    """Promises whose day has passed: their number, the cases they are of, and the outcomes."""

    cases: int = 0
    total: int = 0
    in_time: int = 0
    extended: int = 0
    waiting: int = 0

    def add(self, other: Self) -> None:
        """Add the counts of another."""
        self.cases += other.cases
        self.total += other.total
        self.in_time += other.in_time
        self.extended += other.extended
        self.waiting += other.waiting


@dataclass
class Times:
    """Answers by their working days, the promises without an answer, and the cases of both."""

    cases: int = 0
    unanswered: int = 0
    days: Counter[int] = field(default_factory=Counter)

    def add(self, other: Self) -> None:
        """Add the counts of another."""
        self.cases += other.cases
        self.unanswered += other.unanswered
        for days, count in other.days.items():
            self.days[days] += count


@dataclass
class Month:
    """The counts of a kind and a month, or of several months."""

    promises: int = 0
    received: int = 0
    answered: int = 0
    times: Times = field(default_factory=Times)
    answer: Shares = field(default_factory=Shares)
    contact: Shares = field(default_factory=Shares)

    def add(self, other: Self) -> None:
        """Add the counts of another."""
        self.promises += other.promises
        self.received += other.received
        self.answered += other.answered
        self.times.add(other.times)
        self.answer.add(other.answer)
        self.contact.add(other.contact)


KindMonth = tuple[Kind, date]
Key = tuple[Kind, date, date | None]


class Tallies:
    """Counts of promises, kept by the days from which they are shown.

    `since` is the day they are made for: days before it have passed, and are not told apart.
    """

    def __init__(self, since: date, own: Mapping[date, str]) -> None:
        self.since = since
        self.days = working_days(own)
        self.months: dict[KindMonth, list[int]] = {}
        self.times: dict[Key, Times] = {}
        self.answers: dict[Key, Shares] = {}
        self.contacts: dict[Key, Shares] = {}

    def count(self, records: Iterable[PromiseRecord], sign: int = 1) -> None:
        """Add promises, or take away what was added (-1)."""
        for record in records:
            self._count(record, sign)

    def _count(self, record: PromiseRecord, sign: int) -> None:
        kind, month = record.kind, record.started.replace(day=1)
        case = 0 if record.reopened else sign
        counts = self.months.setdefault((kind, month), [0, 0, 0])
        counts[0] += sign
        counts[1] += case
        counts[2] += case if record.answered else 0
        if not record.paused:
            self._count_answer((kind, month, self._day(record.due)), record, sign, case)
        if record.contact_due:
            key = (kind, month, self._day(record.contact_due))
            in_time = sign if _in_time(record.contacted, record.contact_due) else 0
            self.contacts.setdefault(key, Shares()).add(Shares(case, sign, in_time))

    def _count_answer(self, key: Key, record: PromiseRecord, sign: int, case: int) -> None:
        times = self.times.setdefault(key, Times())
        times.cases += case
        if record.answered:
            times.days[self.days(record.started, record.answered)] += sign
        else:
            times.unanswered += sign
        if record.due:
            # An extended promise is never in time: the day first promised was not kept.
            in_time = sign if not record.extended and _in_time(record.answered, record.due) else 0
            extended = sign if record.extended else 0
            waiting = 0 if record.answered else sign
            self.answers.setdefault(key, Shares()).add(Shares(case, sign, in_time, extended, waiting))

    def _day(self, due: date | None) -> date | None:
        return PASSED if due and due < self.since else due

    def as_of(self, today: date, first: date = date.min) -> dict[KindMonth, Month]:
        """The counts of the months from `first` on, of the promises whose day has passed."""
        months: dict[KindMonth, Month] = {}
        for key, (promises, received, answered) in self.months.items():
            if promises and key[1] >= first:
                months[key] = Month(promises, received, answered)
        for (kind, month, due), times in self.times.items():
            if (due is None or due < today) and (kind, month) in months:
                months[kind, month].times.add(times)
        for part, tallies in (("answer", self.answers), ("contact", self.contacts)):
            for (kind, month, due), shares in tallies.items():
                if due and due < today and (kind, month) in months:
                    getattr(months[kind, month], part).add(shares)
        return months

    def dump(self) -> dict[str, Any]:
        """The counts as JSON."""
        return {
            "since": self.since.isoformat(),
            "months": [[kind, month.isoformat(), *counts] for (kind, month), counts in self.months.items()],
            "times": [
                [
                    *_written(key),
                    times.cases,
                    times.unanswered,
                    list(+times.days),
                    list((+times.days).values()),
                ]
                for key, times in self.times.items()
            ],
            "answers": [[*_written(key), *_shares(shares)] for key, shares in self.answers.items()],
            "contacts": [[*_written(key), *_shares(shares)] for key, shares in self.contacts.items()],
        }

    @classmethod
    def load(cls, stored: Mapping[str, Any], own: Mapping[date, str]) -> Self:
        """The counts that dump() wrote."""
        tallies = cls(date.fromisoformat(stored["since"]), own)
        for kind, month, *counts in stored["months"]:
            tallies.months[Kind(kind), date.fromisoformat(month)] = counts
        for kind, month, due, cases, unanswered, days, numbers in stored["times"]:
            counted = Counter(dict(zip(days, numbers, strict=True)))
            tallies.times[_read(kind, month, due)] = Times(cases, unanswered, counted)
        for name, target in (("answers", tallies.answers), ("contacts", tallies.contacts)):
            for kind, month, due, *counts in stored[name]:
                target[_read(kind, month, due)] = Shares(*counts)
        return tallies


def _written(key: Key) -> list[str | None]:
    kind, month, due = key
    return [kind.value, month.isoformat(), due.isoformat() if due else None]


def _read(kind: str, month: str, due: str | None) -> Key:
    return Kind(kind), date.fromisoformat(month), date.fromisoformat(due) if due else None


def _times(times: Times) -> tuple[int, int, list[int], list[int]]:
    days = +times.days
    return times.cases, times.unanswered, list(days), list(days.values())


def _shares(shares: Shares) -> list[int]:
    return [shares.cases, shares.total, shares.in_time, shares.extended, shares.waiting]


def _in_time(done: date | None, due: date | None) -> bool:
    return done is not None and due is not None and done <= due


def working_days(own: Mapping[date, str]) -> Days:
    """A function counting working days after the arrival, cached since many cases share their days."""
    return cache(lambda start, end: working_days_between(start, end, own))
