"""The figures of a period in groups: of closed months as they were counted, or of what the actor may see."""

from collections.abc import Hashable
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Integer, Select, Text, cast, column, func, select, true

from portal.db import engine, session
from portal.identity.actors import Staff
from portal.statistics import running_totals
from portal.statistics.figures import queries as own
from portal.statistics.figures.dimensions import CALENDAR, Dimension, quarter
from portal.statistics.figures.sums import Sums
from portal.statistics.inside.rules import Months, Narrowed, sees_cases
from portal.statistics.models import CountedCell, CountedMonth

# Of a reader's own cases so many are counted for a page.
MAX_CASES = 20_000
COLUMNS: dict[str, Any] = {
    "board": CountedCell.board_id,
    "administration": CountedCell.administration_id,
    "unit": CountedCell.unit_id,
    "topic": CountedCell.category_id,
    "kind": CountedCell.kind,
    "channel": CountedCell.channel,
    "level": CountedCell.level,
    "language": CountedCell.language,
}
Groups = dict[Hashable, Sums]


def counted_months() -> Months | None:
    """The months that are counted; None if there is none yet."""
    row = session().execute(select(func.min(CountedMonth.month), func.max(CountedMonth.month))).one()
    return Months(*row) if row[0] else None


def figures(actor: Staff, months: Months, narrowed: Narrowed, by: Dimension) -> Groups:
    """The sums of a period in groups. Raises TooManyCases.

    A head gets those of the cases that they may see, now; others those of the closed months, of all cases.
    """
    if sees_cases(actor):
        return own.figures(actor, months.first, months.last_day, by, narrowed.set_values(), MAX_CASES)
    return _counted(months, narrowed, by)


def _counted(months: Months, narrowed: Narrowed, by: Dimension) -> Groups:
    """From the running totals; two limits, or one that groups of another kind are within, from the cells."""
    limits = narrowed.set_values()
    # A limit and what it is grouped by may be the same.
    dimensions = {Dimension(name) for name in limits} | ({by} - set(CALENDAR))
    if len(dimensions) > 1:
        return _of_cells(months, narrowed, by)
    dimension = next(iter(dimensions), running_totals.WHOLE)
    of = next((running_totals.key(value or None) for value in limits.values()), None)
    groups: Groups = {}
    if by not in CALENDAR:
        groups.update(running_totals.of_values(dimension, months.first, months.last, of))
        return groups
    for month, sums in running_totals.by_month(dimension, of or "", months.first, months.last).items():
        groups.setdefault(_calendar_group(by, month), Sums()).update(sums)
    return groups


def _of_cells(months: Months, narrowed: Narrowed, by: Dimension) -> Groups:
    """Added up by the database, so that a row comes for each group and key, and not for each cell."""
    group = CountedCell.month if by in CALENDAR else COLUMNS[by]
    groups: Groups = {}
    for key, name, count in session().execute(_added_up(group, months, narrowed)):
        groups.setdefault(_calendar_group(by, key), Sums())[name] += count
    return groups


def _calendar_group(by: Dimension, key: Any) -> Hashable:
    match by:
        case Dimension.QUARTER:
            return quarter(key)
        case Dimension.YEAR:
            return date(key.year, 1, 1)
        case _:
            group: Hashable = key
            return group


def _added_up(group: Any, months: Months, narrowed: Narrowed) -> Select[Any]:
    of_pairs = func.json_each if engine().dialect.name == "sqlite" else func.json_each_text
    pairs = of_pairs(CountedCell.sums).table_valued(column("key", Text), column("value", Text), name="pairs")
    count = func.sum(cast(pairs.c.value, Integer))
    query = select(group, pairs.c.key, count).select_from(CountedCell).join(pairs, true())
    query = query.where(CountedCell.month >= months.first, CountedCell.month <= months.last)
    return query.where(*_limits(narrowed)).group_by(group, pairs.c.key)


def _limits(narrowed: Narrowed) -> list[ColumnElement[bool]]:
    limits = []
    for name, value in narrowed.set_values().items():
        none = name == "topic" and value == 0
        limits.append(COLUMNS[name].is_(None) if none else COLUMNS[name] == value)
    return limits
