"""What a cell of the figures shows, beside the others of its column. Pure."""

from collections.abc import Iterable

from portal.statistics.figures.sums import Fate
from portal.statistics.inside.rules import (
    Group,
    Hidden,
    Measure,
    Value,
    counted_by,
    shown_count,
    value,
)
from portal.statistics.rules import MIN_CASES


def figure(measure: Measure, group: Group, exact: bool) -> Value:
    """A figure of a group."""
    own = value(measure, group.sums, exact)
    key = counted_by(measure)
    return _total(own, key is not None and not exact and tells(part.sums[key] for part in group.parts))


def figure_before(measure: Measure, group: Group, exact: bool) -> Value:
    """The same figure a year earlier."""
    before = tuple(Group(part.key, part.before, part.before) for part in group.parts)
    return figure(measure, Group(group.key, group.before, group.before, parts=before), exact)


def fates(group: Group, exact: bool) -> dict[Fate, int | Hidden]:
    """What became of the cases of a group."""
    counts: dict[Fate, int | Hidden] = {}
    for fate in Fate:
        key = f"fate.{fate}"
        is_telling = not exact and tells(part.sums[key] for part in group.parts)
        counts[fate] = Hidden.TELLING if is_telling else shown_count(group.sums[key], exact)
    return counts


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
