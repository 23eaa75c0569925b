"""The totals of months that were counted before they were kept: what the migration makes of the cells."""

from datetime import date

import pytest
import sqlalchemy as sa

from portal import db
from portal.operations import migrations
from portal.statistics import running_totals
from portal.statistics.figures.sums import Place, Sums
from portal.statistics.models import CountedCell, CountedMonth, RunningTotal
from tests.integration.test_migrated_dates import units
from tests.integration.test_migrations import NOW, insert, nothing

__all__ = ["nothing"]
MONTHS = [date(2026, 3, 1), date(2026, 4, 1), date(2026, 5, 1)]
PLACE = {"board_id": 1, "administration_id": 1, "unit_id": 1}


@pytest.fixture
def earlier(nothing: None) -> None:
    """Three months, of which the second has no case."""
    migrations.upgrade("0072")
    with db.engine().begin() as writer:
        units(writer)
        for month in MONTHS:
            insert(writer, "statistics_month", month=month, counted_at=NOW, last_case=1)
        other = {"channel": "web", "level": None, "language": "sv", "category_id": None}
        for month, kind, level, cases in ((3, "praise", None, 2), (3, "question", 2, 3), (5, "praise", 2, 4)):
            place = PLACE | other | {"kind": kind, "level": level}
            insert(writer, "statistics_cell", **place, month=date(2026, month, 1), sums={"cases": cases})
    migrations.upgrade()


def totals() -> set[tuple[object, ...]]:
    rows = db.session().scalars(sa.select(RunningTotal)).all()
    return {(row.dimension, row.month, row.key, row.sums["cases"]) for row in rows}


def test_they_are_as_if_they_had_been_kept_from_the_beginning(earlier: None) -> None:
    migrated = totals()
    db.close_read_session()
    with db.transaction() as writer:
        writer.execute(sa.delete(RunningTotal))
        for month in writer.scalars(sa.select(CountedMonth.month).order_by(CountedMonth.month)).all():
            by_place = {}
            for cell in writer.scalars(sa.select(CountedCell).where(CountedCell.month == month)):
                own = (cell.board_id, cell.administration_id, cell.unit_id, cell.category_id)
                place = Place(month, cell.kind, *own, cell.channel, cell.level, cell.language)
                by_place[place] = Sums(cell.sums)
            running_totals.add_month(month, by_place)
    db.close_read_session()
    assert migrated == totals()
    assert {row[3] for row in migrated if row[:2] == ("month", MONTHS[-1])} == {9}
