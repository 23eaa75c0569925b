"""An oracle of the statistics: every figure from the promises themselves, without any counts in between."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from functools import partial
from math import inf

from portal.cases.enums import Kind
from portal.statistics.rules import (
    MIN_CASES,
    Figures,
    KindStatistics,
    PromiseShare,
    Span,
    Statistics,
    months,
)
from portal.statistics.tallies import PromiseRecord, working_days

Group = Sequence[PromiseRecord]
Months = Sequence[date]
MonthGroup = tuple[Months, Group]
Days = Callable[[date, date], int]


def summarise(records: Group, today: date, own: Mapping[date, str]) -> Statistics:
    """The statistics of promises made today or earlier; `own` are the municipality's own closed days."""
    count = partial(_figures, today=today, days=working_days(own))
    shown = _shown_kinds(records)
    started = min(map(_first_day, shown.values()), default=today)
    kinds = []
    all_groups: list[Group] = []
    for kind in Kind:
        spans = _merge_months(shown[kind], months(started, today)) if kind in shown else []
        all_groups.extend(group for _months, group in spans)
        kinds.append(_kind_statistics(kind, spans, count))
    return Statistics(count(all_groups) if all_groups else None, tuple(kinds))


def _shown_kinds(records: Group) -> dict[Kind, Group]:
    by_kind: dict[Kind, list[PromiseRecord]] = {}
    for record in records:
        by_kind.setdefault(record.kind, []).append(record)
    return {kind: group for kind, group in by_kind.items() if _is_large_enough(group)}


def _first_day(group: Group) -> date:
    return min(record.started for record in group)


def _kind_statistics(
    kind: Kind, spans: Sequence[MonthGroup], count: Callable[[Sequence[Group]], Figures]
) -> KindStatistics:
    if not spans:
        return KindStatistics(kind, None)
    shown = tuple(Span(months[0], months[-1], count([group])) for months, group in spans)
    return KindStatistics(kind, count([group for _months, group in spans]), shown)


def _merge_months(records: Group, months: Months) -> list[MonthGroup]:
    """Months merged until each is large enough, forwards; a small rest at the end joins the span before it.

    Merging keeps every sum exact. Hiding a small month would let it be found by subtraction.
    """
    by_month: dict[date, list[PromiseRecord]] = {month: [] for month in months}
    for record in records:
        by_month[record.started.replace(day=1)].append(record)
    spans: list[MonthGroup] = []
    for month, group in by_month.items():
        if spans and not _is_large_enough(spans[-1][1]):
            spans.append(_concatenate(spans.pop(), ([month], group)))
        else:
            spans.append(([month], group))
    if len(spans) > 1 and not _is_large_enough(spans[-1][1]):
        last = spans.pop()
        spans.append(_concatenate(spans.pop(), last))
    return spans


def _concatenate(first: MonthGroup, second: MonthGroup) -> MonthGroup:
    return [*first[0], *second[0]], [*first[1], *second[1]]


def _figures(groups: Sequence[Group], today: date, days: Days) -> Figures:
    # Each figure sums only the groups that show it: a suppressed one would otherwise be the difference.
    cases: list[PromiseRecord] = []
    for group in groups:
        cases.extend(_first_promises(group))
    times = _answer_times(_large_parts(groups, partial(_has_passed, today)), days)
    return Figures(
        received=len(cases),
        answered=sum(case.answered is not None for case in cases),
        median=_percentile(times, 1, 2),
        percentile_90=_percentile(times, 9, 10),
        answer=_answer_share(_large_parts(groups, partial(_answer_has_passed, today))),
        contact=_contact_share(_large_parts(groups, partial(_contact_has_passed, today))),
    )


def _large_parts(groups: Sequence[Group], condition: Callable[[PromiseRecord], bool]) -> Group:
    """The records that meet the condition, of the groups where enough of them do."""
    records: list[PromiseRecord] = []
    for group in groups:
        part = list(filter(condition, group))
        if _is_large_enough(part):
            records.extend(part)
    return records


def _is_large_enough(group: Group) -> bool:
    return len(_first_promises(group)) >= MIN_CASES


def _first_promises(group: Group) -> Group:
    """One record for each case, so that five promises of one case do not count as five cases."""
    return [record for record in group if not record.reopened]


def _has_passed(today: date, record: PromiseRecord) -> bool:
    # Counting answers as they come would show the quick ones first.
    return not record.paused and (record.due is None or record.due < today)


def _answer_has_passed(today: date, record: PromiseRecord) -> bool:
    return record.due is not None and _has_passed(today, record)


def _contact_has_passed(today: date, record: PromiseRecord) -> bool:
    return record.contact_due is not None and record.contact_due < today


def _answer_share(group: Group) -> PromiseShare | None:
    if not group:
        return None
    # An extended promise is never in time: the day first promised was not kept.
    in_time = sum(not record.extended and _in_time(record.answered, record.due) for record in group)
    extended = sum(record.extended for record in group)
    waiting = sum(record.answered is None for record in group)
    return PromiseShare(in_time, len(group), extended, waiting)


def _contact_share(group: Group) -> PromiseShare | None:
    if not group:
        return None
    in_time = sum(_in_time(record.contacted, record.contact_due) for record in group)
    return PromiseShare(in_time, len(group))


def _in_time(done: date | None, due: date | None) -> bool:
    return done is not None and due is not None and done <= due


def _answer_times(group: Group, days: Days) -> list[float]:
    """Working days to each answer; infinite while there is none, so that it ranks last."""
    return [days(record.started, record.answered) if record.answered else inf for record in group]


def _percentile(times: list[float], part: int, of: int) -> int | None:
    """The percentile part/of by nearest rank (Hyndman & Fan 1996, definition 1); None if it is unanswered."""
    if len(times) < max(MIN_CASES, of):
        return None
    # Integers round the rank up exactly, which a float product would not.
    rank = -(-len(times) * part // of)
    value = sorted(times)[rank - 1]
    return None if value == inf else int(value)
