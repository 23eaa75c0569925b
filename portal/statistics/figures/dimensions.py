"""By what the figures are grouped. Pure."""

from collections.abc import Callable, Hashable
from datetime import date
from enum import StrEnum

from portal.statistics.figures.sums import Place


class Dimension(StrEnum):
    """What groups of figures differ by."""

    BOARD = "board"
    ADMINISTRATION = "administration"
    UNIT = "unit"
    TOPIC = "topic"
    KIND = "kind"
    CHANNEL = "channel"
    LEVEL = "level"
    LANGUAGE = "language"
    MONTH = "month"
    QUARTER = "quarter"
    YEAR = "year"


def quarter(month: date) -> date:
    """The first day of the quarter that a month is in."""
    return date(month.year, (month.month - 1) // 3 * 3 + 1, 1)


CALENDAR: dict[Dimension, Callable[[date], date]] = {
    Dimension.MONTH: lambda month: month,
    Dimension.QUARTER: quarter,
    Dimension.YEAR: lambda month: date(month.year, 1, 1),
}


def value(dimension: Dimension, place: Place) -> Hashable:
    """The group that a place belongs to: an id, a value, or the first day of a period; None for no topic."""
    if dimension in CALENDAR:
        return CALENDAR[dimension](place.month)
    group: Hashable = getattr(place, dimension)
    return group
