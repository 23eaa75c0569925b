"""Which unit had a case before it was recorded: what the migration knows of it."""

import pytest
import sqlalchemy as sa

from portal import db
from portal.cases.models import Case, PastClock
from portal.operations import migrations
from tests.integration.test_migrated_dates import COMMON, TEN_DAYS, units
from tests.integration.test_migrations import NOW, insert, nothing

__all__ = ["nothing"]


@pytest.fixture
def earlier(nothing: None) -> None:
    """Cases at the first line (1) and at another unit (2), one of them passed on and opened again."""
    migrations.upgrade("0053")
    with db.engine().begin() as writer:
        units(writer)
        unit = {"board_id": 1, "administration_id": 1, "opened_at": NOW, "first_line": False}
        insert(writer, "unit", **unit, id=2, key="p", name="Parkenheten")
        for number, handling in ((1, 1), (2, 2), (3, 2)):
            place = {"promise": TEN_DAYS, "handling_unit_id": handling}
            insert(writer, "case", **COMMON | place, id=number, number=number)
        passed_on = {"event": "CaseHandedOver", "details": {"unit": 2, "before": 1}}
        entry = {"case_id": 3, "at": NOW, "actor_kind": "system", "seal": b""}
        insert(writer, "trail", **entry, sequence=1, event="CaseReceived", details={})
        insert(writer, "trail", **entry, sequence=2, **passed_on)
        clock = {"started_on": NOW.date(), "pauses": [], "extended_for_summer": False, "unsatisfied": False}
        insert(writer, "past_clock", **clock, case_id=3, ended_at=NOW)
    migrations.upgrade()


def test_the_first_line_had_what_is_there_and_what_it_passed_on(earlier: None) -> None:
    found = db.session().execute(sa.select(Case.id, Case.first_line_unit_id)).all()
    assert dict(map(tuple, found)) == {1: 1, 2: None, 3: 1}


def test_an_earlier_round_is_of_the_unit_that_has_the_case(earlier: None) -> None:
    assert db.session().scalars(sa.select(PastClock.handling_unit_id)).all() == [2]
