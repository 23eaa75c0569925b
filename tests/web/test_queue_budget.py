"""What a page of the queue costs: as few statements and rows with ten thousand cases as with ten.

What counts is every SELECT, INSERT, UPDATE and DELETE of the request, those of the session and of the read
log among them: not what begins and ends a transaction.
"""

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
from portal.identity.actors import Role
from portal.pagination import PAGE
from tests import bulk_cases, factories
from tests.page import Page
from tests.statements import counted
from tests.web import steps

BUDGET = 7
# With a search: what it finds, the texts that are quoted, and the log of what was shown.
BUDGET_OF_A_SEARCH = 11
# make test-all takes as many as a large municipality has in some years.
MANY = [1_000, pytest.param(10_000, marks=pytest.mark.full)]
ADDRESSES = [{"vy": view.value} for view in View] + [
    {"vy": "newest", "ordning": "due", "lofte": "late", "typ": "fraga", "handlaggare": "me"},
    {"vy": "newest", "ordning": "changed", "amne": "parker", "enhet": "park", "lage": "in_progress"},
    {"fran": "2026-01-01", "till": "2030-01-01", "handlaggare": "nobody", "vag": "web", "efter": "x"},
    {"vy": "newest", "niva": "4", "typ": "fraga"},
    {"niva": "6"},
    {"vy": "newest", "q": "skylt"},
    {"vy": "newest", "q": "KB-2026-999999"},
    {"vy": "newest", "q": "maja"},
]


@contextmanager
def asked() -> Iterator[tuple[list[str], list[int]]]:
    """Every statement, and every case that is loaded, meanwhile."""
    loaded: list[int] = []

    def count(case: Case, _context: Any) -> None:
        loaded.append(case.id)

    sa.event.listen(Case, "load", count)
    try:
        with counted() as statements:
            yield statements, loaded
    finally:
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


@pytest.mark.parametrize("most", MANY)
@pytest.mark.parametrize("memberships", [1, 9])
def test_a_page_costs_the_same_with_few_cases_and_with_many(
    app: Flask, staff_page: steps.SignIn, memberships: int, most: int
) -> None:
    anna = factories.member("anna")
    factories.more_memberships(anna, memberships - 1)
    page = staff_page(anna)
    bulk_cases.cases(10)
    with db.transaction():
        saved_filters.save(anna, "Sena", {"lofte": "late"})
    with app.app_context():
        for number in range(12):
            factories.send_in(subject=f"Skylten {number}", name="Maja Ek", email="maja@exempel.se")
    few = costs(page)
    bulk_cases.cases(most)
    assert costs(page) == few
    for address, statements in zip(ADDRESSES, few, strict=True):
        assert statements <= (BUDGET_OF_A_SEARCH if "q" in address else BUDGET), address


@pytest.mark.parametrize(
    ("role", "unit"),
    [(Role.REGISTRAR, None), (Role.RECORDS_OFFICER, None), (Role.HEAD_OF_ADMINISTRATION, None)],
)
def test_whoever_sees_more_and_places_cases_costs_no_more(
    app: Flask, staff_page: steps.SignIn, role: Role, unit: str | None
) -> None:
    page = staff_page(factories.member("eva", role, unit))
    bulk_cases.cases(40)
    for address in ({}, {"vy": "newest"}, {"vy": "overdue", "typ": "fraga"}):
        with asked() as (statements, loaded):
            assert page.client.get("/handlaggning/", query_string=address).status_code == 200
        assert len(statements) <= BUDGET, statements
        assert loaded == []
