"""The year before in the figures inside: of as many months, and the same total however it is grouped."""

from datetime import date

import pytest
from flask import Flask

from portal.identity.actors import Role
from portal.statistics.published.closed_months import count_next_month
from portal.web.backoffice.figures.choice import GROUPS
from tests import factories
from tests.web import steps
from tests.web.backoffice.test_figures import ADDRESS, head, reader, rows


@pytest.fixture
def two_years(app: Flask, travel: steps.Travel) -> None:
    """Cases in February, March and June of last year, and in March of this one."""
    with app.app_context():
        for month in (2, 3, 6):
            for day in range(2, 8):
                factories.past(date(2025, month, day), date(2025, month, day + 1))
        for day in range(2, 8):
            factories.past(date(2026, 3, day), date(2026, 3, day + 1))
        while count_next_month():
            pass


@pytest.mark.parametrize("role", [Role.HEAD_OF_UNIT, Role.ANALYST])
def test_the_year_before_has_as_many_months_and_one_total_whatever_the_groups(
    two_years: None, staff_page: steps.SignIn, role: Role
) -> None:
    page = head(staff_page) if role is Role.HEAD_OF_UNIT else reader(staff_page)
    # June is a month to come, and last year's is not counted against what there is of this year.
    for until in ("2026-03", "2026-06"):
        for grouped in GROUPS:
            shown = page.get(ADDRESS, query_string={"fran": "2026-02", "till": until, "grupp": grouped})
            received = rows(shown)["Alla"][0]
            assert received.startswith("6"), (grouped, received)
            assert received.endswith("året före: 12"), (grouped, received)
