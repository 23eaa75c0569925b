"""The counts of a report as it keeps them: rounded, so that two reports give no exact difference. Pure.

A report is a public record, and is compared with the next one and with that of the year before.
"""

from collections.abc import Hashable, Sequence
from typing import NamedTuple

from portal.board_reports.content import Share, Shown
from portal.statistics.figures.sums import Fate, Sums
from portal.statistics.inside.rules import Group, Hidden, Part, Value, merge_small
from portal.statistics.rules import MIN_CASES

STEP = 5
# A percentage is in the first of these steps that is at least one case.
PERCENT_STEPS = (1, 5, 10, 20)
ALL = 100


class Line(NamedTuple):
    """A row of a table. `cases` and `cases_before` are exact, and are known to the count alone."""

    key: Hashable
    merged: bool
    cases: int
    cases_before: int


def rounded(count: int) -> int | Hidden:
    """A count to the nearest five; none from 1 to 4."""
    if 0 < count < MIN_CASES:
        return Hidden.SMALL
    return (count + STEP // 2) // STEP * STEP


def rounded_value(value: Value) -> Shown:
    """A count or a share as a report keeps it."""
    match value:
        case Part():
            return share(value)
        case Hidden():
            return value
        case _:
            return rounded(value)


def share(part: Part) -> Share | Hidden:
    """A share of a rounded total; 0 and 100 percent are none and all."""
    total = rounded(part.total)
    if isinstance(total, Hidden) or not total:
        return Hidden.SMALL if part.total else Hidden.NONE
    step = next(step for step in PERCENT_STEPS if step * total >= ALL)
    percent = (2 * ALL * part.count + step * part.total) // (2 * step * part.total) * step
    if 0 < part.count < part.total:
        percent = min(max(percent, step), ALL - step)
    return Share(percent, total)


def lines(groups: Sequence[Group], compared: bool) -> list[Line]:
    """The rows of a table, the small ones together. Not `compared`: nothing of the year before."""
    filled = [group for group in groups if group.sums["cases"] or (compared and group.before["cases"])]
    return [Line(row.key, row.merged, row.sums["cases"], row.before["cases"]) for row in merge_small(filled)]


def fate_groups(group: Group) -> list[Group]:
    """The cases of a group by their fate."""
    groups = []
    for fate in Fate:
        now, before = (Sums(cases=sums[f"fate.{fate}"]) for sums in (group.sums, group.before))
        groups.append(Group(fate, now, before))
    return groups


def has_grown(now: int, before: int) -> bool:
    """Whether there are at least five more, and at least half more."""
    return now >= before + MIN_CASES and 2 * now >= 3 * before
