"""What a case and a promise add to the figures. Pure.

The sums are counters, so that groups are added up and kept as JSON (docs/decisions/0024). A case and a
promise are several records, each with what one rule reads: many of these are alike (docs/decisions/0029).
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


class Outcome(NamedTuple):
    """What became of a case that came in, and of the day of its latest promise.

    `at_first_contact`: None if that is not asked of it. `passed`: whether its day has; None if it has none.
    `closed_late`: whether it was closed after that day; None if it was not closed, or has none.
    """

    fate: Fate
    part: bool
    reopened: bool
    arrived: date
    answered: date | None
    at_first_contact: bool | None
    passed: bool | None
    closed_late: bool | None
    paused: bool
    extended: bool
    summer: bool


class FirstContact(NamedTuple):
    """When a person was first in touch with the sender of a case that came in."""

    fate: Fate
    part: bool
    answer_wanted: bool
    contact_days: int | None
    arrived: date
    contacted: date | None


class PromiseRecord(NamedTuple):
    """A promise of a case, which has one more for each time that it is opened again; `first` is the first.

    `passed` and `contact_passed`: whether its day has; None if it has none. `late` and `contacted_late`:
    whether it was after that day; None if it was not, or there is none.
    """

    first: bool
    answered: date | None
    passed: bool | None
    paused: bool
    extended: bool
    summer: bool
    started: date
    late: bool | None
    unsatisfied: bool
    contact_passed: bool | None
    contacted_late: bool | None


class Policies(NamedTuple):
    """Which policies a promise follows; None where it is not known, or not asked of it."""

    kind: Kind
    named: bool | None
    thanks: bool | None
    regrets: bool | None
    lix: int | None


Record = Outcome | FirstContact | PromiseRecord | Policies


@dataclass(frozen=True)
class Basis:
    """The day on which figures are read, and how working days are counted."""

    today: date
    days: Days
    last_day: LastDay


def keys(record: Record, basis: Basis) -> list[str]:
    """The sums to which a record adds one each."""
    match record:
        case Outcome():
            return _of_case(record, basis.days) + _of_closing(record)
        case FirstContact():
            return _of_reach(record, basis)
        case PromiseRecord():
            return (
                _of_promise(record) + _of_answer(record) + _of_times(record, basis.days) + _of_contact(record)
            )
        case Policies():
            return _of_policies(record)


def _of_case(record: Outcome, days: Days) -> list[str]:
    added = ["cases", f"fate.{record.fate}"]
    if record.part:
        added.append("parts")
    if record.reopened:
        added.append("cases.reopened")
    if record.at_first_contact is not None:
        added.append("first.total")
    if record.at_first_contact:
        added.append("first.solved")
    if record.fate not in OWED:
        return added
    if record.answered is None:
        return [*added, "solved.waiting"]
    return [*added, "cases.answered", f"solved:{days(record.arrived, record.answered)}"]


def _of_closing(record: Outcome) -> list[str]:
    has_passed = record.passed is not None and is_decided(record)
    # When an earlier round was closed is not kept, so a case that was opened again has no such day.
    if not has_passed or record.fate not in OWED or record.reopened:
        return []
    in_time = is_in_time(record.closed_late)
    if record.summer and in_time:
        return ["closed.summer"]
    added = ["closed.cases", "closed.total"]
    return [*added, "closed.in_time"] if in_time and not record.extended else added


def _of_reach(record: FirstContact, basis: Basis) -> list[str]:
    # A part did not come in: the case that it was split from did.
    if not record.contact_days or record.part or not record.answer_wanted or record.fate not in OWED:
        return []
    last = basis.last_day(record.arrived, record.contact_days)
    if last >= basis.today:
        return []
    return (
        ["reach.total", "reach.reached"] if is_in_time(is_late(record.contacted, last)) else ["reach.total"]
    )


def _of_promise(record: PromiseRecord) -> list[str]:
    added = ["promises"]
    if not record.first:
        added.append("promises.reopened")
    if record.unsatisfied:
        added.append("promises.unsatisfied")
    if record.extended:
        added.append("promises.extended")
    if record.summer:
        added.append("promises.extended_for_summer")
    return added


def _of_answer(record: PromiseRecord) -> list[str]:
    if record.passed is None:
        return ["answer.undated"]
    # To count answers as they come would show the quick ones first.
    if not is_decided(record):
        return ["answer.undue"]
    in_time = is_in_time(record.late)
    # The exemption of the summer is part of the promise where there is one, and is counted apart.
    if record.summer and in_time:
        return ["answer.summer"]
    added = ["answer.total"]
    if record.first:
        added.append("answer.cases")
    # An extended promise is not in time: the day first promised was not kept.
    if record.extended:
        added.append("answer.extended")
    elif in_time:
        added.append("answer.in_time")
    if record.answered is None:
        added.append("answer.waiting")
    return added


def _of_times(record: PromiseRecord, days: Days) -> list[str]:
    if not is_decided(record):
        return []
    added = ["times.cases"] if record.first else []
    if record.answered is None:
        return [*added, "times.waiting"]
    return [*added, f"days:{days(record.started, record.answered)}"]


def _of_contact(record: PromiseRecord) -> list[str]:
    if record.contact_passed is None:
        return ["contact.undated"]
    if not record.contact_passed:
        return ["contact.undue"]
    added = ["contact.total"]
    if record.first:
        added.append("contact.cases")
    if is_in_time(record.contacted_late):
        added.append("contact.in_time")
    return added


def _of_policies(record: Policies) -> list[str]:
    followed = {
        "named": record.named,
        # The policy thanks for opinions, and regrets what a complaint is about.
        "thanks": record.thanks if record.kind in OPINIONS else None,
        "regret": record.regrets if record.kind is Kind.COMPLAINT else None,
        "plain": None if record.lix is None else record.lix < HARD,
    }
    added = [f"policy.{name}.total" for name, is_followed in followed.items() if is_followed is not None]
    return added + [f"policy.{name}.followed" for name, is_followed in followed.items() if is_followed]


def is_decided(record: Outcome | PromiseRecord) -> bool:
    """Whether it is known by now if the promise was kept.

    An extended one is broken whatever its new day. A month is counted once, so one that waited for its new
    day would never be counted. The exemption of the summer may still be kept.
    """
    if record.extended and not record.summer:
        return True
    return not record.paused and record.passed is not False


def is_late(done: date | None, due: date | None) -> bool | None:
    """Whether something was done after its day; None if it was not done, or has no day."""
    return None if done is None or due is None else done > due


def is_in_time(late: bool | None) -> bool:
    """Whether something was done, and not after its day."""
    return late is False


def times(sums: Sums, prefix: str = "days") -> Times:
    """The working days of a group as a histogram: `days` of its answers, or `solved` of its cases."""
    waiting = {"days": "times.waiting", "solved": "solved.waiting"}[prefix]
    histogram = Times(unanswered=sums[waiting])
    for key, count in sums.items():
        name, _colon, days = key.partition(":")
        if name == prefix and days:
            histogram.days[int(days)] += count
    return histogram
