"""Who reads the figures, of which months, and which counts are not shown. Pure."""

from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import Enum, StrEnum, auto

from portal.formats.days import FIRST_YEAR, LAST_YEAR
from portal.identity.actors import Role, Staff
from portal.statistics.figures.dimensions import CALENDAR, Dimension
from portal.statistics.figures.sums import Sums, times
from portal.statistics.rules import MIN_CASES, percentile

# They answer for the whole process and see no case: small counts are not shown to them.
READ_ALL = frozenset({Role.ANALYST, Role.PROCESS_OWNER, Role.ELECTED})
# They see the cases that are counted.
READ_OWN = frozenset({Role.HEAD_OF_UNIT, Role.HEAD_OF_ADMINISTRATION})
MAX_MONTHS = 36
USUAL_MONTHS = 12


def reads_figures(actor: Staff) -> bool:
    """Whether the page of figures is for the actor."""
    return actor.role in READ_ALL | READ_OWN


def sees_cases(actor: Staff) -> bool:
    """Whether the figures are of the cases that the actor may see, and lead to them."""
    return actor.role in READ_OWN


@dataclass(frozen=True)
class Months:
    """Whole months, by the first days of the first and of the last."""

    first: date
    last: date

    @property
    def last_day(self) -> date:
        """The last day of the last month."""
        return following(self.last) - timedelta(days=1)

    def year_before(self) -> "Months":
        """The same months a year earlier."""
        return Months(
            self.first.replace(year=self.first.year - 1), self.last.replace(year=self.last.year - 1)
        )

    def until(self, last: date) -> "Months | None":
        """Those of them that are not after a month; None if there are none."""
        return Months(self.first, min(self.last, last)) if self.first <= last else None

    @property
    def count(self) -> int:
        """How many months."""
        return (self.last.year - self.first.year) * 12 + self.last.month - self.first.month + 1


def following(month: date) -> date:
    """The first day of the month after."""
    return (month.replace(day=1) + timedelta(days=32)).replace(day=1)


def ending_with(last: date, count: int = USUAL_MONTHS) -> Months:
    """So many months, of which this is the last."""
    number = last.year * 12 + last.month - count
    return Months(date(number // 12, number % 12 + 1, 1), last)


class MonthProblem(Enum):
    """Why two texts are no period."""

    UNREADABLE = auto()
    REVERSED = auto()
    TOO_LONG = auto()


def read_month(text: str) -> date | None:
    """The month of a text such as "2026-05"; None if it is none."""
    try:
        return date.fromisoformat(f"{text.strip()}-01") if len(text.strip()) == len("2026-05") else None
    except ValueError:
        return None


def read_months(first: str, last: str, usual: Months) -> Months | dict[str, MonthProblem]:
    """The period of two texts, `usual` for empty ones; or the problem of each, by `first` and `last`."""
    begins = read_month(first) if first.strip() else None
    ends = read_month(last) if last.strip() else usual.last
    begins = begins or (None if first.strip() else min(usual.first, ends or usual.first))
    problems = {}
    if begins is None or not _is_known(begins):
        problems["first"] = MonthProblem.UNREADABLE
    if ends is None or not _is_known(ends):
        problems["last"] = MonthProblem.UNREADABLE
    if problems or begins is None or ends is None:
        return problems
    months = Months(begins, ends)
    if months.count < 1:
        return {"last": MonthProblem.REVERSED}
    return {"first": MonthProblem.TOO_LONG} if months.count > MAX_MONTHS else months


def _is_known(month: date) -> bool:
    # The year before, and the month after, are days too.
    return FIRST_YEAR <= month.year <= LAST_YEAR


@dataclass(frozen=True)
class Narrowed:
    """What the figures are limited to; None is any. `topic` 0 is those without a topic."""

    board: int | None = None
    administration: int | None = None
    unit: int | None = None
    topic: int | None = None
    kind: str | None = None
    channel: str | None = None
    level: int | None = None
    language: str | None = None

    def set_values(self) -> dict[str, int | str]:
        """Those that are set."""
        return {name: value for name, value in vars(self).items() if value is not None}


class Measure(StrEnum):
    """A column of the figures."""

    RECEIVED = "received"
    ANSWERED_IN_TIME = "answered_in_time"
    CLOSED_IN_TIME = "closed_in_time"
    CONTACT_IN_TIME = "contact_in_time"
    REACH = "reach"
    FIRST_CONTACT = "first_contact"
    MEDIAN = "median"
    NINE_OF_TEN = "nine_of_ten"
    SOLVED = "solved"
    EXTENDED = "extended"
    SUMMER = "summer"
    REOPENED = "reopened"
    UNSATISFIED = "unsatisfied"
    THANKED = "thanked"
    REGRETTED = "regretted"
    CONTACT_PERSON = "contact_person"
    PLAIN_LANGUAGE = "plain_language"


@dataclass(frozen=True)
class Part:
    """So many of a total."""

    count: int
    total: int


class Hidden(Enum):
    """Why there is no number."""

    # From 1 to 4, for a reader who sees no case.
    SMALL = auto()
    # Nothing to count, too few for a percentile, or too many without an answer.
    NONE = auto()
    # A total that would tell of a small one, less what is shown.
    TELLING = auto()


Value = int | Part | Hidden
_PARTS = {
    Measure.ANSWERED_IN_TIME: ("answer.in_time", "answer.total"),
    Measure.CLOSED_IN_TIME: ("closed.in_time", "closed.total"),
    Measure.CONTACT_IN_TIME: ("contact.in_time", "contact.total"),
    Measure.REACH: ("reach.reached", "reach.total"),
    Measure.FIRST_CONTACT: ("first.solved", "first.total"),
    Measure.THANKED: ("policy.thanks.followed", "policy.thanks.total"),
    Measure.REGRETTED: ("policy.regret.followed", "policy.regret.total"),
    Measure.CONTACT_PERSON: ("policy.named.followed", "policy.named.total"),
    Measure.PLAIN_LANGUAGE: ("policy.plain.followed", "policy.plain.total"),
}
SHARES = frozenset(_PARTS)
_COUNTS = {
    Measure.RECEIVED: "cases",
    Measure.EXTENDED: "promises.extended",
    Measure.SUMMER: "promises.extended_for_summer",
    Measure.REOPENED: "promises.reopened",
    Measure.UNSATISFIED: "promises.unsatisfied",
}
_TIMES: dict[Measure, Callable[[Sums], int | None]] = {
    Measure.MEDIAN: lambda sums: percentile(times(sums), 1, 2),
    Measure.NINE_OF_TEN: lambda sums: percentile(times(sums), 9, 10),
    Measure.SOLVED: lambda sums: percentile(times(sums, "solved"), 1, 2),
}


def value(measure: Measure, sums: Sums, exact: bool) -> Value:
    """A figure of a group. Not `exact`: nothing that is about fewer than five."""
    if measure in _COUNTS:
        return shown_count(sums[_COUNTS[measure]], exact)
    if measure in _TIMES:
        days = _TIMES[measure](sums)
        return Hidden.NONE if days is None else days
    count, total = (sums[key] for key in _PARTS[measure])
    if not total:
        return Hidden.NONE
    return Part(count, total) if exact or total >= MIN_CASES else Hidden.SMALL


def counted_by(measure: Measure) -> str | None:
    """The key of what a measure counts or has its share of; None for a time: no total is the sum of times."""
    return _COUNTS[measure] if measure in _COUNTS else _PARTS[measure][1] if measure in _PARTS else None


def shown_count(count: int, exact: bool) -> int | Hidden:
    """A count, unless it is a small one that is not shown."""
    return Hidden.SMALL if not exact and 0 < count < MIN_CASES else count


@dataclass(frozen=True)
class Group:
    """A row: the sums of a group, and of the same a year earlier. `merged` has the small ones together.

    `parts` are the groups that are shown beside it and that it is the total of.
    """

    key: Hashable
    sums: Sums
    before: Sums
    merged: bool = False
    parts: tuple["Group", ...] = ()


def merge_small(groups: list[Group]) -> list[Group]:
    """The groups with the small ones together, or with the smallest of the others.

    Less what is shown, the total would otherwise tell of a group of fewer than five.
    """
    small = [group for group in groups if 0 < group.sums["cases"] < MIN_CASES]
    if not small:
        return groups
    large = [group for group in groups if group not in small]
    sums, before = _added(small)
    filled = [group for group in large if group.sums["cases"]]
    if sums["cases"] < MIN_CASES and filled:
        smallest = min(filled, key=lambda group: group.sums["cases"])
        large.remove(smallest)
        sums, before = _added([*small, smallest])
    return [*large, Group(None, sums, before, merged=True)]


def _added(groups: list[Group]) -> tuple[Sums, Sums]:
    sums, before = Sums(), Sums()
    for group in groups:
        sums.update(group.sums)
        before.update(group.before)
    return sums, before


def whole(groups: list[Group]) -> Group:
    """All groups together."""
    return Group(None, *_added(groups), parts=tuple(groups))


def paired(now: Mapping[Hashable, Sums], before: Mapping[Hashable, Sums], by: Dimension) -> list[Group]:
    """A group for each of both periods, with its year before: the largest first, or in order of time."""
    earlier = {_a_year_later(key): sums for key, sums in before.items()}
    groups = [Group(key, now.get(key, Sums()), earlier.get(key, Sums())) for key in {**now, **earlier}]
    if by in CALENDAR:
        return sorted(groups, key=lambda group: str(group.key))
    return sorted(groups, key=lambda group: -group.sums["cases"])


def _a_year_later(key: Hashable) -> Hashable:
    return key.replace(year=key.year + 1) if isinstance(key, date) else key
