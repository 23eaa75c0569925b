"""A question about a period: its days, the groups, the limits, and how many cases it may have."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, NamedTuple

from portal import clock
from portal.statistics.figures.dimensions import Dimension


@dataclass(frozen=True)
class Selection:
    """The days of a period, both included.

    `counted`: the highest id of the cases that are counted already. A case with a higher id that came in
    before the period was registered late, as a letter may be: it belongs to the period too.
    """

    first: date
    last: date
    counted: int | None = None

    def values(self) -> dict[str, Any]:
        """The parameters of the statement."""
        since, until = clock.start_of_day(self.first), clock.end_of_day(self.last)
        days = {"first": self.first, "last": self.last, "since": since, "until": until}
        return days | {"counted": self.counted}

    def month(self, day: date) -> date:
        """The first day of the month in which a day is counted: not before the period."""
        return max(day, self.first).replace(day=1)


class Shape(NamedTuple):
    """What decides the form of the statement: questions of the same shape differ in values alone."""

    by: tuple[Dimension, ...]
    limits: tuple[str, ...]
    is_late: bool
    is_bounded: bool


@dataclass(frozen=True)
class Question:
    """A period, what it is grouped by, and within which limits; a topic of 0 is none.

    `max_cases`: with more of them it is not answered.
    """

    selection: Selection
    by: tuple[Dimension, ...]
    today: date
    limits: Mapping[str, int | str] = field(default_factory=dict)
    max_cases: int | None = None

    def shape(self) -> Shape:
        """The form of its statement."""
        late = self.selection.counted is not None
        return Shape(self.by, tuple(self.limits), late, self.max_cases is not None)

    def values(self) -> dict[str, Any]:
        """The parameters of its statement."""
        limits = {f"limit_{name}": value or None for name, value in self.limits.items()}
        # One more, by which it is seen that there are more.
        most = (self.max_cases or 0) + 1
        return self.selection.values() | limits | {"today": self.today, "max_cases": most}

    def group(self, values: tuple[Any, ...]) -> tuple[Any, ...]:
        """The group of a row: a month is not before the period."""
        if self.selection.counted is None or Dimension.MONTH not in self.by:
            return values
        pairs = zip(self.by, values, strict=True)
        return tuple(self.selection.month(of) if by is Dimension.MONTH else of for by, of in pairs)
