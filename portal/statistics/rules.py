"""Which figures the statistics page shows and which it suppresses (docs/decisions/0010). Pure."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from portal.cases.enums import Kind
from portal.statistics.tallies import KindMonth, Month, PromiseRecord, Shares, Tallies, Times

# With fewer cases a reader who knows one of them could learn about the others.
MIN_CASES = 5


@dataclass(frozen=True)
class PromiseShare:
    """The promises kept in time, of the `total` whose day has passed; extended and waiting ones were not."""

    in_time: int
    total: int
    extended: int = 0
    waiting: int = 0


@dataclass(frozen=True)
class Figures:
    """The figures of a group of promises, times in working days.

    None where the group is too small, or where too many of it are unanswered.
    """

    received: int
    answered: int
    median: int | None
    percentile_90: int | None
    answer: PromiseShare | None
    contact: PromiseShare | None


@dataclass(frozen=True)
class Span:
    """A month, or several merged to reach MIN_CASES; `first` and `last` are first days of months."""

    first: date
    last: date
    figures: Figures


@dataclass(frozen=True)
class KindStatistics:
    """The figures of a kind and its months; None if the kind has fewer than MIN_CASES."""

    kind: Kind
    figures: Figures | None
    spans: tuple[Span, ...] = ()


@dataclass(frozen=True)
class Statistics:
    """Everything the page shows. `figures` sums the shown kinds alone, so it reveals no suppressed one."""

    figures: Figures | None
    kinds: tuple[KindStatistics, ...]


Months = Sequence[date]
MonthGroup = tuple[Months, Month]
ByMonth = dict[date, Month]


def months(first: date, last: date) -> list[date]:
    """The first day of each month, both ends included."""
    days = []
    day = first.replace(day=1)
    while day <= last:
        days.append(day)
        day = date(day.year + day.month // 12, day.month % 12 + 1, 1)
    return days


def summarise(records: Iterable[PromiseRecord], today: date, own: Mapping[date, str]) -> Statistics:
    """The statistics of promises made today or earlier; `own` are the municipality's own closed days."""
    tallies = Tallies(today, own)
    tallies.count(records)
    return summarise_months(tallies.as_of(today), today)


def summarise_months(counts: Mapping[KindMonth, Month], today: date) -> Statistics:
    """The statistics of counts as of today."""
    shown = _shown_kinds(counts)
    started = min(map(min, shown.values()), default=today)
    kinds = []
    all_groups: list[Month] = []
    for kind in Kind:
        spans = _merge_months(shown[kind], months(started, today)) if kind in shown else []
        all_groups.extend(group for _months, group in spans)
        kinds.append(_kind_statistics(kind, spans))
    return Statistics(_figures(all_groups) if all_groups else None, tuple(kinds))


def _shown_kinds(counts: Mapping[KindMonth, Month]) -> dict[Kind, ByMonth]:
    by_kind: dict[Kind, ByMonth] = {}
    for (kind, month), group in counts.items():
        by_kind.setdefault(kind, {})[month] = group
    return {kind: groups for kind, groups in by_kind.items() if _received(groups.values()) >= MIN_CASES}


def _received(groups: Iterable[Month]) -> int:
    return sum(group.received for group in groups)


def _kind_statistics(kind: Kind, spans: Sequence[MonthGroup]) -> KindStatistics:
    if not spans:
        return KindStatistics(kind, None)
    shown = tuple(Span(months[0], months[-1], _figures([group])) for months, group in spans)
    return KindStatistics(kind, _figures([group for _months, group in spans]), shown)


def _merge_months(counts: ByMonth, months: Months) -> list[MonthGroup]:
    """Months merged until each is large enough, forwards; a small rest at the end joins the span before it.

    Merging keeps every sum exact. Hiding a small month would let it be found by subtraction.
    """
    spans: list[MonthGroup] = []
    for month in months:
        group = ([month], counts.get(month, Month()))
        if spans and not _is_large_enough(spans[-1][1]):
            spans.append(_concatenate(spans.pop(), group))
        else:
            spans.append(group)
    if len(spans) > 1 and not _is_large_enough(spans[-1][1]):
        last = spans.pop()
        spans.append(_concatenate(spans.pop(), last))
    return spans


def _concatenate(first: MonthGroup, second: MonthGroup) -> MonthGroup:
    group = Month()
    group.add(first[1])
    group.add(second[1])
    return [*first[0], *second[0]], group


def _is_large_enough(group: Month) -> bool:
    return group.received >= MIN_CASES


def _figures(groups: Sequence[Month]) -> Figures:
    # Each figure sums only the groups that show it: a suppressed one would otherwise be the difference.
    # Counting answers as they come would show the quick ones first, so only promises whose day has passed.
    times = _large_times(groups)
    return Figures(
        received=_received(groups),
        answered=sum(group.answered for group in groups),
        median=percentile(times, 1, 2),
        percentile_90=percentile(times, 9, 10),
        answer=_answer_share(_large_shares(groups, lambda group: group.answer)),
        contact=_contact_share(_large_shares(groups, lambda group: group.contact)),
    )


def _large_times(groups: Sequence[Month]) -> Times:
    """The times of the groups where enough cases have passed their day."""
    times = Times()
    for group in groups:
        # Cases and not promises, so that five promises of one case do not count as five cases.
        if group.times.cases >= MIN_CASES:
            times.add(group.times)
    return times


def _large_shares(groups: Sequence[Month], part: Callable[[Month], Shares]) -> Shares:
    """The shares of the groups where enough cases have passed their day."""
    shares = Shares()
    for own in map(part, groups):
        if own.cases >= MIN_CASES:
            shares.add(own)
    return shares


def _answer_share(shares: Shares) -> PromiseShare | None:
    if not shares.total:
        return None
    return PromiseShare(shares.in_time, shares.total, shares.extended, shares.waiting)


def _contact_share(shares: Shares) -> PromiseShare | None:
    return PromiseShare(shares.in_time, shares.total) if shares.total else None


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
