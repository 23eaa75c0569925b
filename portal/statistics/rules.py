"""What the page of figures tells, and what it leaves out: docs/decisions/0010 says why. Pure."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache, partial
from math import inf

from portal.cases.deadlines import next_open, working_days_between
from portal.cases.enums import Kind

FEWEST = 5


@dataclass(frozen=True)
class Round:
    """One promise of one case: when it began, what was promised, and what came of it."""

    kind: Kind
    started: date
    due: date | None
    answered: date | None
    contact_due: date | None = None
    contacted: date | None = None
    extended: bool = False
    paused: bool = False
    again: bool = False  # the case was opened again: a promise of its own, but no case of its own


@dataclass(frozen=True)
class PromiseShare:
    """How many promises were kept, of those whose day has passed; moved and still waiting apart."""

    kept: int
    of: int
    extended: int = 0
    waiting: int = 0


@dataclass(frozen=True)
class Figures:
    """All that is told of some rounds; None where there are too few to tell, or too many still wait."""

    received: int
    answered: int
    half: int | None
    nine_in_ten: int | None
    answer: PromiseShare | None
    contact: PromiseShare | None


@dataclass(frozen=True)
class Span:
    """A month, or as many in a row as it takes, each by its first day."""

    first: date
    last: date
    figures: Figures


@dataclass(frozen=True)
class OfKind:
    """The figures of a kind and of its months; None where there are fewer than five cases."""

    kind: Kind
    figures: Figures | None
    spans: tuple[Span, ...] = ()


@dataclass(frozen=True)
class Statistics:
    """Everything that is told. The sum is of what is told, so what is hidden is not in it."""

    figures: Figures | None
    kinds: tuple[OfKind, ...]


Group = Sequence[Round]
Months = Sequence[date]
Days = Callable[[date, date], int]


def months(first: date, last: date) -> list[date]:
    """The first day of each month from one to the other."""
    count = (last.year - first.year) * 12 + last.month - first.month + 1
    places = range(first.month - 1, first.month - 1 + count)
    return [date(first.year + place // 12, place % 12 + 1, 1) for place in places]


def summarise(rounds: Group, today: date, own: Mapping[date, str]) -> Statistics:
    """What may be told of these rounds, all of them begun today or before."""
    count = partial(_figures, today=today, days=_counter(own))
    of_kind = {kind: [each for each in rounds if each.kind is kind] for kind in Kind}
    told = {kind: group for kind, group in of_kind.items() if _tells(group)}
    begun = min((each.started for group in told.values() for each in group), default=today)
    spans = {kind: _spans(group, months(begun, today)) for kind, group in told.items()}
    groups = [group for each in spans.values() for _months, group in each]
    kinds = tuple(_of_kind(kind, spans.get(kind, []), count) for kind in Kind)
    return Statistics(count(groups) if groups else None, kinds)


def _of_kind(
    kind: Kind, spans: Sequence[tuple[Months, Group]], count: Callable[[Sequence[Group]], Figures]
) -> OfKind:
    told = tuple(Span(months[0], months[-1], count([group])) for months, group in spans)
    return OfKind(kind, count([group for _months, group in spans]) if spans else None, told)


def _spans(rounds: Group, months: Months) -> list[tuple[Months, Group]]:
    """Each month; one with too few together with those after it, and the last with those before."""
    by_month: dict[date, list[Round]] = {month: [] for month in months}
    for each in rounds:
        by_month[each.started.replace(day=1)].append(each)
    spans: list[tuple[Months, Group]] = []
    for month, group in by_month.items():
        if spans and not _tells(spans[-1][1]):
            spans.append(_together(spans.pop(), ([month], group)))
        else:
            spans.append(([month], group))
    if len(spans) > 1 and not _tells(spans[-1][1]):
        last, before = spans.pop(), spans.pop()
        spans.append(_together(before, last))
    return spans


def _together(one: tuple[Months, Group], other: tuple[Months, Group]) -> tuple[Months, Group]:
    return [*one[0], *other[0]], [*one[1], *other[1]]


def _figures(groups: Sequence[Group], today: date, days: Days) -> Figures:
    """Of groups that are told one by one: what is too little in one of them is not in their sum either."""
    everyone = [each for group in groups for each in group]
    taken = _taken(_enough(groups, partial(_passed, today)), days)
    return Figures(
        received=len(_cases(everyone)),
        answered=sum(each.answered is not None for each in _cases(everyone)),
        half=_within(taken, 1, 2),
        nine_in_ten=_within(taken, 9, 10),
        answer=_answers(_enough(groups, lambda each: bool(each.due) and _passed(today, each))),
        contact=_contacts(_enough(groups, partial(_contact_passed, today))),
    )


def _enough(groups: Sequence[Group], base: Callable[[Round], bool]) -> Group:
    parts = ([each for each in group if base(each)] for group in groups)
    return [each for part in parts if _tells(part) for each in part]


def _tells(group: Group) -> bool:
    """Whether it is of five cases or more: the same case five times is not."""
    return len(_cases(group)) >= FEWEST


def _cases(group: Group) -> Group:
    return [each for each in group if not each.again]


def _passed(today: date, one: Round) -> bool:
    """Whether its day has passed, kept or not. To count the quick answers before the others would flatter."""
    return not one.paused and (one.due is None or one.due < today)


def _contact_passed(today: date, one: Round) -> bool:
    return one.contact_due is not None and one.contact_due < today


def _answers(group: Group) -> PromiseShare | None:
    moved = sum(each.extended for each in group)
    in_time = sum(not each.extended and _in_time(each.answered, each.due) for each in group)
    waiting = sum(each.answered is None for each in group)
    return PromiseShare(in_time, len(group), moved, waiting) if group else None


def _contacts(group: Group) -> PromiseShare | None:
    in_time = sum(_in_time(each.contacted, each.contact_due) for each in group)
    return PromiseShare(in_time, len(group)) if group else None


def _in_time(done: date | None, due: date | None) -> bool:
    return done is not None and due is not None and done <= due


def _counter(own: Mapping[date, str]) -> Days:
    """Counts working days from day zero; the same pair of days is counted once."""
    return cache(lambda start, end: working_days_between(next_open(start, own), end, own))


def _taken(group: Group, days: Days) -> list[float]:
    """Working days to the answer; whoever still waits has waited longer than everybody."""
    return [days(each.started, each.answered) if each.answered else inf for each in group]


def _within(taken: list[float], part: int, of: int) -> int | None:
    """The shortest time in which at least this part got an answer (nearest rank: Hyndman & Fan, type 1)."""
    if len(taken) < max(FEWEST, of):
        return None
    rank = -(-len(taken) * part // of)
    value = sorted(taken)[rank - 1]
    return None if value == inf else int(value)
