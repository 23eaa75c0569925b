"""What a case and a promise add to the figures. Pure.

The sums are counters, so that groups are added up and kept as JSON (docs/decisions/0024).
"""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import NamedTuple

from portal.cases.answers.readability import HARD
from portal.cases.answers.rules import OPINIONS
from portal.cases.enums import Channel, Kind
from portal.statistics.rules import Times

Sums = Counter[str]
Days = Callable[[date, date], int]
LastDay = Callable[[date, int], date]


class Fate(StrEnum):
    """What became of a case. Each has exactly one, so that the fates add up to the cases."""

    ANSWERED = "answered"
    TRANSFERRED = "transferred"
    OUTSIDE = "outside"
    WITHDRAWN = "withdrawn"
    DUPLICATE = "duplicate"
    NO_ANSWER = "no_answer"
    OPEN = "open"


# Of these the municipality owed an answer.
OWED = frozenset({Fate.ANSWERED, Fate.DUPLICATE, Fate.OPEN})


class Place(NamedTuple):
    """Where a case is counted. `month` is the first day of the month."""

    month: date
    kind: Kind
    board: int
    administration: int
    unit: int
    topic: int | None
    channel: Channel
    level: int | None
    language: str


@dataclass(frozen=True)
class CaseRecord:
    """A case that came in, as it is now. `closed` and `due` are those of its latest promise."""

    place: Place
    arrived: date
    fate: Fate
    part: bool
    answer_wanted: bool
    reopened: bool
    due: date | None
    paused: bool
    extended: bool
    summer: bool
    closed: date | None
    answered: date | None
    contacted: date | None
    contact_days: int | None
    at_first_contact: bool | None


@dataclass(frozen=True)
class PromiseRecord:
    """A promise of a case, which has one more for each time that it is opened again; `first` is the first."""

    place: Place
    started: date
    first: bool
    due: date | None
    answered: date | None
    contact_due: date | None
    contacted: date | None
    extended: bool
    summer: bool
    paused: bool
    unsatisfied: bool
    # Which policies it follows; None where it is not known, or not asked of it.
    named: bool | None = None
    thanks: bool | None = None
    regrets: bool | None = None
    lix: int | None = None


@dataclass(frozen=True)
class Basis:
    """The day on which figures are read, and how working days are counted."""

    today: date
    days: Days
    last_day: LastDay


def of_case(record: CaseRecord, basis: Basis) -> Sums:
    """What a case adds."""
    sums = Sums({"cases": 1, f"fate.{record.fate}": 1})
    sums["parts"] += record.part
    sums["cases.reopened"] += record.reopened
    sums["cases.answered"] += record.fate in OWED and record.answered is not None
    _add_closed(sums, record, basis.today)
    _add_solved(sums, record, basis.days)
    _add_reach(sums, record, basis)
    if record.at_first_contact is not None:
        sums["first.total"] += 1
        sums["first.solved"] += record.at_first_contact
    return +sums


def _add_closed(sums: Sums, record: CaseRecord, today: date) -> None:
    has_passed = record.due is not None and is_decided(record, today)
    # When an earlier round was closed is not kept, so a case that was opened again has no such day.
    if not has_passed or record.fate not in OWED or record.reopened:
        return
    in_time = is_in_time(record.closed, record.due)
    if record.summer and in_time:
        sums["closed.summer"] += 1
        return
    sums["closed.cases"] += 1
    sums["closed.total"] += 1
    sums["closed.in_time"] += in_time and not record.extended


def _add_solved(sums: Sums, record: CaseRecord, days: Days) -> None:
    if record.fate not in OWED:
        return
    if record.answered:
        sums[f"solved:{days(record.arrived, record.answered)}"] += 1
    else:
        sums["solved.waiting"] += 1


def _add_reach(sums: Sums, record: CaseRecord, basis: Basis) -> None:
    # A part did not come in: the case that it was split from did.
    if not record.contact_days or record.part or not record.answer_wanted or record.fate not in OWED:
        return
    last = basis.last_day(record.arrived, record.contact_days)
    if last < basis.today:
        sums["reach.total"] += 1
        sums["reach.reached"] += is_in_time(record.contacted, last)


def of_promise(record: PromiseRecord, basis: Basis) -> Sums:
    """What a promise adds."""
    sums = Sums({"promises": 1})
    sums["promises.reopened"] += not record.first
    sums["promises.unsatisfied"] += record.unsatisfied
    sums["promises.extended"] += record.extended
    sums["promises.extended_for_summer"] += record.summer
    _add_answer(sums, record, basis.today)
    _add_times(sums, record, basis)
    _add_contact(sums, record, basis.today)
    _add_policies(sums, record)
    return +sums


def _add_answer(sums: Sums, record: PromiseRecord, today: date) -> None:
    if record.due is None:
        sums["answer.undated"] += 1
        return
    # To count answers as they come would show the quick ones first.
    if not is_decided(record, today):
        sums["answer.undue"] += 1
        return
    in_time = is_in_time(record.answered, record.due)
    # The exemption of the summer is part of the promise where there is one, and is counted apart.
    if record.summer and in_time:
        sums["answer.summer"] += 1
        return
    sums["answer.cases"] += record.first
    sums["answer.total"] += 1
    # An extended promise is not in time: the day first promised was not kept.
    sums["answer.in_time"] += in_time and not record.extended
    sums["answer.extended"] += record.extended
    sums["answer.waiting"] += record.answered is None


def _add_times(sums: Sums, record: PromiseRecord, basis: Basis) -> None:
    if not is_decided(record, basis.today):
        return
    sums["times.cases"] += record.first
    if record.answered:
        sums[f"days:{basis.days(record.started, record.answered)}"] += 1
    else:
        sums["times.waiting"] += 1


def _add_contact(sums: Sums, record: PromiseRecord, today: date) -> None:
    if record.contact_due is None:
        sums["contact.undated"] += 1
    elif record.contact_due >= today:
        sums["contact.undue"] += 1
    else:
        sums["contact.cases"] += record.first
        sums["contact.total"] += 1
        sums["contact.in_time"] += is_in_time(record.contacted, record.contact_due)


def _add_policies(sums: Sums, record: PromiseRecord) -> None:
    kind = record.place.kind
    followed = {
        "named": record.named,
        # The policy thanks for opinions, and regrets what a complaint is about.
        "thanks": record.thanks if kind in OPINIONS else None,
        "regret": record.regrets if kind is Kind.COMPLAINT else None,
        "plain": None if record.lix is None else record.lix < HARD,
    }
    for name, is_followed in followed.items():
        sums[f"policy.{name}.total"] += is_followed is not None
        sums[f"policy.{name}.followed"] += bool(is_followed)


def is_decided(record: CaseRecord | PromiseRecord, today: date) -> bool:
    """Whether it is known on a day if the promise was kept.

    An extended one is broken whatever its new day. A month is counted once, so one that waited for its new
    day would never be counted. The exemption of the summer may still be kept.
    """
    if record.extended and not record.summer:
        return True
    return not record.paused and (record.due is None or record.due < today)


def is_in_time(done: date | None, due: date | None) -> bool:
    """Whether something was done, and by its day."""
    return done is not None and due is not None and done <= due


def times(sums: Sums, prefix: str = "days") -> Times:
    """The working days of a group as a histogram: `days` of its answers, or `solved` of its cases."""
    waiting = {"days": "times.waiting", "solved": "solved.waiting"}[prefix]
    histogram = Times(unanswered=sums[waiting])
    for key, count in sums.items():
        name, _colon, days = key.partition(":")
        if name == prefix and days:
            histogram.days[int(days)] += count
    return histogram
