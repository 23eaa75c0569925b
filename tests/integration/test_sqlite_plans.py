"""How SQLite reads lists and a case: by the index of open cases, and never every case."""

import pytest
import sqlalchemy as sa
from flask import Flask

from portal import clock, db
from portal.audit.dossier import dossier_for
from portal.cases.lifecycle import Status
from portal.cases.queue import conditions, counts, loads
from portal.cases.queue.filters import Filters, View
from portal.identity.actors import Role
from tests import bulk_cases, factories
from tests.statements import plans


@pytest.fixture
def filled(inside: Flask, database_url: str) -> None:
    """Many closed cases, which have no secrecy, no other case and no part, and a few open ones."""
    if not database_url.startswith("sqlite"):
        pytest.skip("PostgreSQL is read in test_queue_plans.py")
    bulk_cases.cases(2_000, status=Status.CLOSED, answered_at=clock.now())
    bulk_cases.cases(50)
    with db.transaction() as writer:
        writer.execute(sa.text("ANALYZE"))


def test_lists_are_counted_in_the_index_of_open_cases(filled: None) -> None:
    eva, anna = factories.member("eva", Role.REGISTRAR, None), factories.member("anna", Role.HEAD_OF_UNIT)
    open_lists = {view.value: Filters(view) for view in (View.OPEN, View.OVERDUE, View.REOPENED)}
    days = conditions.days()
    for plan in plans(lambda: counts.counts(eva, open_lists, days)):
        assert "ix_case_open" in plan
    for plan in plans(lambda: loads.officer_loads(anna, days)):
        assert "ix_case_merged_into_id" not in plan


def test_a_case_reads_no_other_from_end_to_end(filled: None) -> None:
    anna, receipt = factories.member(), factories.send_in()
    case = factories.case(receipt)
    for plan in plans(lambda: dossier_for(anna, case.year, case.number)):
        assert "SCAN case" not in plan
