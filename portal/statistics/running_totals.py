"""Sums of counted months that are read without adding them up: a period is the difference of two rows."""

from collections.abc import Hashable, Iterable, Mapping
from datetime import date

from sqlalchemy import func, insert, or_, select

from portal.cases.enums import Channel, Kind
from portal.db import session
from portal.statistics.figures.dimensions import CALENDAR, Dimension, value
from portal.statistics.figures.sums import Place, Sums
from portal.statistics.models import CountedMonth, RunningTotal

# Everything has one value of this dimension.
WHOLE = Dimension.MONTH
DIMENSIONS = (WHOLE, *(dimension for dimension in Dimension if dimension not in CALENDAR))
Value = int | str | None
Totals = dict[tuple[Dimension, str], Sums]


def add_month(month: date, by_place: Mapping[Place, Sums]) -> None:
    """Keep the totals up to a month that has just been counted; `by_place` are its own sums."""
    totals = _latest(month)
    for place, sums in by_place.items():
        for dimension in DIMENSIONS:
            of = "" if dimension is WHOLE else key(value(dimension, place))  # type: ignore[arg-type]
            totals.setdefault((dimension, of), Sums()).update(sums)
    rows = [
        {"dimension": dimension, "month": month, "key": of, "sums": sums}
        for (dimension, of), sums in totals.items()
    ]
    if rows:
        session().execute(insert(RunningTotal), rows)


def _latest(month: date) -> Totals:
    before = select(func.max(CountedMonth.month)).where(CountedMonth.month < month).scalar_subquery()
    query = select(RunningTotal.dimension, RunningTotal.key, RunningTotal.sums)
    rows = session().execute(query.where(RunningTotal.month == before))
    return {(dimension, of): Sums(sums) for dimension, of, sums in rows}


def key(of: Value) -> str:
    """A value of a dimension as it is stored."""
    return "" if of is None else str(of)


def _value(dimension: Dimension, of: str) -> Value:
    match dimension:
        case Dimension.KIND:
            return Kind(of)
        case Dimension.CHANNEL:
            return Channel(of)
        case Dimension.LANGUAGE:
            return of
        case _:
            return int(of) if of else None


def of_values(dimension: Dimension, first: date, last: date, of: str | None = None) -> dict[Hashable, Sums]:
    """The sums of the counted months from first to last, for each value of a dimension, or one."""
    months = CountedMonth.month
    before = select(func.max(months)).where(months < first).scalar_subquery()
    latest = select(func.max(months)).where(months >= first, months <= last).scalar_subquery()
    query = select(RunningTotal.key, RunningTotal.month, RunningTotal.sums)
    query = query.where(RunningTotal.dimension == dimension, RunningTotal.month.in_([before, latest]))
    if of is not None:
        query = query.where(RunningTotal.key == of)
    earlier: dict[str, Sums] = {}
    later: dict[str, Sums] = {}
    for name, month, sums in session().execute(query):
        (earlier if month < first else later)[name] = Sums(sums)
    groups = {_value(dimension, name): _less(sums, earlier.get(name, Sums())) for name, sums in later.items()}
    return {group: sums for group, sums in groups.items() if sums}


def by_month(dimension: Dimension, of: str, first: date, last: date) -> dict[date, Sums]:
    """The sums of each counted month from first to last, of one value of a dimension."""
    months = CountedMonth.month
    before = select(func.max(months)).where(months < first).scalar_subquery()
    query = select(RunningTotal.month, RunningTotal.sums).order_by(RunningTotal.month)
    query = query.where(RunningTotal.dimension == dimension, RunningTotal.key == of)
    within = RunningTotal.month.between(first, last)
    rows = session().execute(query.where(or_(RunningTotal.month == before, within)))
    return _apart(((month, Sums(sums)) for month, sums in rows), first)


def _apart(rows: Iterable[tuple[date, Sums]], first: date) -> dict[date, Sums]:
    """The sums of each month, from the totals up to each."""
    earlier = Sums()
    months = {}
    for month, sums in rows:
        own = _less(sums, earlier)
        earlier = sums
        if month >= first and own:
            months[month] = own
    return months


def _less(sums: Sums, earlier: Sums) -> Sums:
    return Sums({name: count - earlier[name] for name, count in sums.items() if count != earlier[name]})
