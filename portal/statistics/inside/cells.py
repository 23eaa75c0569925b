"""What a cell of the figures shows, beside the others of its column. Pure.

It keeps small numbers from being read at a glance, by readers under secrecy. Two tables, or two measures of a
row, may still be compared (docs/decisions/0028).
"""

from collections.abc import Iterable, Mapping

from portal.statistics.figures.sums import Fate
from portal.statistics.inside.rules import (
    Group,
    Hidden,
    Measure,
    Value,
    counted_by,
    value,
)
from portal.statistics.rules import MIN_CASES


def figure(measure: Measure, group: Group, exact: bool) -> Value:
    """A figure of a group."""
    own = value(measure, group.sums, exact)
    key = counted_by(measure)
    return _total(own, key is not None and not exact and tells(part.sums[key] for part in group.parts))


def year_before(group: Group) -> Group:
    """The group as it was a year earlier, whose figures are asked for as its own."""
    parts = tuple(Group(part.key, part.before, part.before) for part in group.parts)
    return Group(group.key, group.before, group.before, parts=parts)


def fates(group: Group, exact: bool) -> dict[Fate, int | Hidden]:
    """What became of the cases of a group, whose number is known: the fates add up to it."""
    counts = {fate: group.sums[f"fate.{fate}"] for fate in Fate}
    if exact:
        return dict[Fate, int | Hidden](counts)
    if not group.parts:
        return hide_in_sum(counts)
    # A total is shown where each part of it is. Then it adds nothing to what is known of a row of fates.
    rows = [fates(part, exact) for part in group.parts]
    hidden = {fate for row in rows for fate, count in row.items() if isinstance(count, Hidden)}
    return {fate: Hidden.TELLING if fate in hidden else count for fate, count in counts.items()}


def hide_in_sum(counts: Mapping[Fate, int]) -> dict[Fate, int | Hidden]:
    """The counts of a known sum without the small ones.

    Where these could be worked out from the sum, the smallest of the others is hidden with them, with those
    that are equal to it, and nothing says which is small: in any other order they would be hidden alike.
    """
    small = {fate for fate, count in counts.items() if 0 < count < MIN_CASES}
    if not tells(counts.values()):
        return {fate: Hidden.SMALL if fate in small else count for fate, count in counts.items()}
    smallest = min((count for count in counts.values() if count >= MIN_CASES), default=0)
    return {
        fate: Hidden.TELLING if fate in small or count == smallest else count
        for fate, count in counts.items()
    }


def _total(own: Value, is_telling: bool) -> Value:
    return Hidden.TELLING if is_telling and not isinstance(own, Hidden) else own


def tells(counts: Iterable[int]) -> bool:
    """Whether the total of counts tells of a hidden one of them.

    Less what is shown, a total has what the hidden ones are together. They are known if that is fewer than
    five, as that of a single one is, or the least or the most that so many can be.
    """
    hidden = [count for count in counts if 0 < count < MIN_CASES]
    together = sum(hidden)
    return bool(hidden) and (together < MIN_CASES or together in (len(hidden), len(hidden) * (MIN_CASES - 1)))
