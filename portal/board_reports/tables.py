"""Which counts of a report are shown, so that none from 1 to 4 follows from the others. Pure.

A report is a public record, and who reads it knows these rules too. Small groups are merged by their cases of
the period; of the year before, which is shown in the same rows, counts are left out until no left out count
follows from the total.
"""

from collections.abc import Hashable, Mapping, Sequence
from typing import NamedTuple

from portal.statistics.figures.sums import Fate, Sums
from portal.statistics.inside.cells import tells
from portal.statistics.inside.rules import Group, Hidden, Value, merge_small, shown_count
from portal.statistics.rules import MIN_CASES

MIN_LEFT_OUT = 2 * MIN_CASES


class Line(NamedTuple):
    """A row of a table, with what is shown. `cases` are known to the report alone."""

    key: Hashable
    now: Value
    before: Value
    merged: bool
    cases: int


class Split(NamedTuple):
    """A row of which a part is shown too: `own` of `cases`."""

    key: Hashable
    merged: bool
    cases: int
    own: int


def lines(groups: Sequence[Group], compared: bool) -> list[Line]:
    """The rows of a table. Not `compared`: nothing of the year before."""
    filled = [group for group in groups if group.sums["cases"] or (compared and group.before["cases"])]
    rows = merge_small(filled)
    if not compared:
        return [_line(row, Hidden.NONE) for row in rows]
    before = shown_before([row.before["cases"] for row in rows])
    return [_line(row, shown) for row, shown in zip(rows, before, strict=True)]


def _line(row: Group, before: Value) -> Line:
    count = row.sums["cases"]
    return Line(row.key, shown_count(count, exact=False), before, row.merged, count)


def fate_groups(group: Group) -> list[Group]:
    """The cases of a group by their fate."""
    groups = []
    for fate in Fate:
        now, before = (Sums(cases=sums[f"fate.{fate}"]) for sums in (group.sums, group.before))
        groups.append(Group(fate, now, before))
    return groups


def shown_before(counts: Sequence[int]) -> list[Value]:
    """Counts of which the total is shown, as they are shown.

    Small ones that the total would tell of are left out with larger ones, and nothing says which is which. If
    there are few in all, none is shown.
    """
    small = {place for place, count in enumerate(counts) if 0 < count < MIN_CASES}
    if small and sum(counts) < max(MIN_LEFT_OUT, 2 * len(counts)):
        return [Hidden.TELLING] * len(counts)
    if not tells(counts[place] for place in small):
        return _without(counts, small, Hidden.SMALL)
    hidden = _with_larger(counts, small)
    return _without(counts, hidden if hidden != small else set(range(len(counts))), Hidden.TELLING)


def _with_larger(counts: Sequence[int], small: set[int]) -> set[int]:
    """The places of the small counts and of as many of the next larger ones as hide them."""
    hidden, largest = set(small), 0
    for place in sorted(range(len(counts)), key=lambda place: counts[place]):
        # One that is like one that is left out would say that no other can be larger.
        is_next = sum(counts[own] for own in hidden) < MIN_LEFT_OUT or counts[place] == largest
        if counts[place] >= MIN_CASES and is_next:
            hidden.add(place)
            largest = counts[place]
    return hidden


def _without(counts: Sequence[int], hidden: set[int], mark: Hidden) -> list[Value]:
    return [mark if place in hidden else count for place, count in enumerate(counts)]


def most_before(rows: Sequence[Line], total: Value) -> list[int | None]:
    """The most that each row can have had a year earlier, by what is shown; None if nothing is."""
    most = MIN_CASES - 1
    if isinstance(total, int):
        most = total - sum(row.before for row in rows if isinstance(row.before, int))
    known: list[int | None] = []
    for row in rows:
        known.append(
            None if row.before is Hidden.NONE else row.before if isinstance(row.before, int) else most
        )
    return known


def has_grown(now: int, before: int) -> bool:
    """Whether there are at least five more, and at least half more."""
    return now >= before + MIN_CASES and 2 * now >= 3 * before


def split(rows: Sequence[Line], own: Mapping[Hashable, int]) -> list[Split]:
    """How many cases of each row are of one kind, by the keys of all groups.

    Of a row none is of the kind, or at least five, and so of those that are not. Rows of which that is not so
    are merged, and rows without any are left out.
    """
    others = sum(own.values()) - sum(own.get(row.key, 0) for row in rows if not row.merged)
    parts = []
    for row in rows:
        parts.append(Split(row.key, row.merged, row.cases, others if row.merged else own.get(row.key, 0)))
    mixed = [part for part in parts if not _is_shown(part)]
    clear = sorted((part for part in parts if _is_shown(part)), key=lambda part: -part.cases)
    while clear and not _is_shown(_together(mixed)):
        mixed.append(clear.pop())
    together = _together(mixed)
    return [part for part in [*clear, together] if part.own] if _is_shown(together) else []


def _together(parts: Sequence[Split]) -> Split:
    return Split(None, True, sum(part.cases for part in parts), sum(part.own for part in parts))


def _is_shown(part: Split) -> bool:
    return not 0 < part.own < MIN_CASES and not 0 < part.cases - part.own < MIN_CASES
