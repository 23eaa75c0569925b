"""What a page of the queue costs: as few statements and rows with ten thousand cases as with ten."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from portal import db
from portal.cases.models import Case
from portal.cases.queue import saved_filters
from portal.cases.queue.filters import View
from portal.cases.queue.pagination import PAGE
from tests import bulk_cases, factories
from tests.page import Page
from tests.web import steps

BUDGET = 15
ADDRESSES = [{"vy": view.value} for view in View] + [
    {"vy": "newest", "ordning": "due", "lofte": "late", "typ": "fraga", "handlaggare": "me"},
    {"vy": "newest", "ordning": "changed", "amne": "parker", "enhet": "park", "lage": "in_progress"},
    {"fran": "2026-01-01", "till": "2030-01-01", "handlaggare": "nobody", "vag": "web", "efter": "x"},
]


@contextmanager
def asked() -> Iterator[tuple[list[str], list[int]]]:
    """Every statement, and every case that is loaded, meanwhile."""
    statements: list[str] = []
    loaded: list[int] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        # What begins a transaction is a statement on one of the databases only.
        if statement.startswith("SELECT"):
            statements.append(statement)

    def count(case: Case, _context: Any) -> None:
        loaded.append(case.id)

    sa.event.listen(db.engine(), "before_cursor_execute", note)
    sa.event.listen(Case, "load", count)
    try:
        yield statements, loaded
    finally:
        sa.event.remove(db.engine(), "before_cursor_execute", note)
        sa.event.remove(Case, "load", count)


def costs(page: Page) -> list[int]:
    """How many statements each address takes; no page loads more cases than it shows, and one."""
    found = []
    for address in ADDRESSES:
        with asked() as (statements, loaded):
            assert page.client.get("/handlaggning/", query_string=address).status_code == 200
        assert len(loaded) <= PAGE + 1, address
        found.append(len(statements))
    return found


@pytest.mark.parametrize("database_url", ["sqlite", "postgresql"], indirect=True)
def test_a_page_costs_the_same_with_ten_cases_and_with_ten_thousand(
    app: Flask, staff_page: steps.SignIn
) -> None:
    anna = factories.member("anna")
    page = staff_page(anna)
    bulk_cases.cases(10)
    with db.transaction():
        saved_filters.save(anna, "Sena", {"lofte": "late"})
    few = costs(page)
    bulk_cases.cases(9_990)
    assert costs(page) == few
    assert max(few) <= BUDGET
