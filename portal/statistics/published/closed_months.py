"""Count closed months, one at a time, and publish what has become complete. For the worker.

A month is counted once, when the promises that began in it have passed. What happens after that changes no
figure: a case that is opened again gives a promise in the month of its new round, and one that was registered
late is counted in the next month.
"""

import hashlib
from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime, time, timedelta

from sqlalchemy import ColumnElement, and_, func, insert, or_, select

from portal import clock
from portal.cases.deadlines import open_day_after
from portal.cases.enums import Kind
from portal.cases.models import Case
from portal.db import advisory_lock, session, transaction
from portal.identity.actors import System
from portal.organisation import queries as organisation
from portal.statistics import running_totals, surveys
from portal.statistics.figures.queries import places
from portal.statistics.figures.selection import Selection
from portal.statistics.figures.sums import Place, Sums
from portal.statistics.models import CountedCell, CountedMonth, PublishedRow
from portal.statistics.published import tree
from portal.statistics.published.tree import Cell, Row, Table

LOCK = hashlib.sha256(b"statistics").digest()
# Working days after the end of a month, where no answer is promised within a number of days.
WAIT = 10
DECEMBER = 12


def count_next_month() -> int:
    """Count and publish the next closed month; returns 1, or 0 if there is none. It opens its transaction."""
    with transaction():
        # Two workers would both count it.
        advisory_lock(LOCK)
        counted = session().scalar(select(CountedMonth).order_by(CountedMonth.month.desc()).limit(1))
        month = following(counted.month) if counted else _first_month()
        if month is None or clock.today() <= last_promise_day(month):
            return 0
        _count(month, counted.last_case if counted else None)
        _publish(month)
    return 1


def following(month: date) -> date:
    """The first day of the month after."""
    return (month.replace(day=1) + timedelta(days=32)).replace(day=1)


def last_promise_day(month: date) -> date:
    """The day on which the last promise that began in a month is due, unless it was paused or extended."""
    promise = organisation.profile().promise
    days = max(promise.answer_working_days or WAIT, promise.contact_working_days or 0)
    return open_day_after(following(month) - timedelta(days=1), days, organisation.closed_days())


def _first_month() -> date | None:
    """The month of the case that came in first."""
    first = session().scalar(select(func.min(Case.received_at)))
    return clock.stockholm(first).date().replace(day=1) if first else None


def _count(month: date, counted: int | None) -> None:
    selection = Selection(month, following(month) - timedelta(days=1), counted)
    by_place = places(System(), selection)
    last_case = session().scalar(select(func.max(Case.id))) or 0
    session().add(CountedMonth(month=month, counted_at=clock.now(), last_case=last_case))
    session().flush()
    if by_place:
        session().execute(insert(CountedCell), [_row(place, sums) for place, sums in by_place.items()])
    running_totals.add_month(month, by_place)
    surveys.add_month(selection.last)


def _row(place: Place, sums: Sums) -> dict[str, object]:
    return {
        "month": place.month,
        "kind": place.kind,
        "board_id": place.board,
        "administration_id": place.administration,
        "unit_id": place.unit,
        "category_id": place.topic,
        "channel": place.channel,
        "level": place.level,
        "language": place.language,
        "sums": sums,
    }


def _publish(month: date) -> None:
    first = _waiting_from()
    _store(tree.spans(_cells(_is_waiting(first)), first, month))
    if month.month == DECEMBER:
        _publish_year(month.year)


def _waiting_from() -> dict[Kind, date]:
    """The first month of each kind that no row has yet."""
    start = session().scalars(select(func.min(CountedMonth.month))).one()
    last = {row.keys[0]: row.last for row in _rows_of_kinds()}
    return {kind: following(last[kind]) if kind in last else start for kind in Kind}


def _is_waiting(first: Mapping[Kind, date]) -> ColumnElement[bool]:
    own = [and_(CountedCell.kind == kind, CountedCell.month >= month) for kind, month in first.items()]
    return or_(*own)


def _rows_of_kinds(*conditions: ColumnElement[bool]) -> list[Row]:
    query = select(PublishedRow).where(PublishedRow.of == Table.KIND, *conditions).order_by(PublishedRow.id)
    return [
        Row(row.of, (Kind(row.keys[0]),), row.others, row.first, row.last, Sums(row.sums))
        for row in session().scalars(query)
    ]


def _cells(condition: ColumnElement[bool]) -> list[Cell]:
    query = select(
        *(CountedCell.month, CountedCell.kind, CountedCell.board_id, CountedCell.unit_id),
        *(CountedCell.category_id, CountedCell.sums),
    )
    rows = session().execute(query.where(condition))
    return [_cell(*row) for row in rows]


def _cell(month: date, kind: Kind, board: int, unit: int, topic: int | None, sums: dict[str, int]) -> Cell:
    return Cell(month, kind, board, unit, topic, Sums(sums))


def _publish_year(number: int) -> None:
    first, last = date(number, 1, 1), date(number, DECEMBER, 1)
    kinds = _rows_of_kinds(PublishedRow.last >= first, PublishedRow.last <= last)
    if not kinds:
        return
    year = tree.year_of(number, _cells(CountedCell.month >= min(row.first for row in kinds)), kinds)
    boards = organisation.boards_since(clock.in_utc(datetime.combine(first, time())))
    topics, units = organisation.topic_names(), organisation.unit_names()
    _store(tree.year_tables(year, sorted(boards), sorted(topics), sorted(units)))


NAMES: dict[Table, Callable[[], dict[int, str]]] = {
    Table.BOARD: organisation.board_names,
    Table.TOPIC: organisation.topic_names,
    Table.UNIT: organisation.unit_names,
}


def _store(rows: Sequence[Row]) -> None:
    names = {table: NAMES[table]() for table in {row.table for row in rows} & NAMES.keys()}
    for row in rows:
        own = names.get(row.table, {})
        published = PublishedRow(
            of=row.table,
            keys=list(row.keys),
            # As they are called now: a board may be closed or renamed later.
            names=[own.get(key, "") for key in row.keys if isinstance(key, int)],
            others=row.others,
            first=row.first,
            last=row.last,
            sums=dict(row.sums),
        )
        session().add(published)
    session().flush()
