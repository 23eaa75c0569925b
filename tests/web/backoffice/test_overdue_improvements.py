"""The overdue improvements on the page of a head: those of their scope, and no others."""

from datetime import date

import pytest
from flask import Flask
from sqlalchemy import update

from portal import db
from portal.cases.improvements import queries
from portal.cases.improvements.models import Improvement
from portal.cases.improvements.rules import ImprovementState
from portal.identity.actors import Role, Staff
from tests import factories
from tests.integration.test_improvements import changed, made
from tests.page import Page
from tests.web import steps
from tests.web.backoffice.test_figures import head_of_administration


@pytest.fixture
def late(app: Flask, travel: steps.Travel) -> Staff:
    """The head of a unit with an overdue one, one done and one ahead; two more units have an overdue one."""
    park = factories.member("anna", Role.HEAD_OF_UNIT)
    streets = factories.member("eva", Role.HEAD_OF_UNIT, "gata")
    done = made(park, title="Sandlådor")
    changed(park, done, ImprovementState.DONE)
    rows = {made(streets, "gata", title="Farthinder"): 1, made(park, title="Bänkar"): 2, done: 3}
    rows[made(factories.member("eva", Role.HEAD_OF_UNIT, "aldre"), "aldre", title="Hemtjänst")] = 4
    made(park, title="Skyltar")
    with db.transaction() as session:
        for improvement, day in rows.items():
            due = update(Improvement).where(Improvement.id == improvement)
            session.execute(due.values(due_on=date(2026, 4, day)))
    return park


def listed(page: Page) -> list[str]:
    links = page.get("/handlaggning/enheten").all("[aria-labelledby=sena-forbattringar] li a")
    return [link.get_text() for link in links]


def test_a_head_of_a_unit_has_those_of_the_unit(late: Staff, staff_page: steps.SignIn) -> None:
    assert listed(staff_page(late)) == ["Bänkar"]
    assert listed(staff_page(factories.member("samir", Role.HEAD_OF_UNIT, "forskola"))) == []


def test_a_head_of_an_administration_has_those_of_its_units(late: Staff, staff_page: steps.SignIn) -> None:
    assert listed(staff_page(head_of_administration())) == ["Farthinder", "Bänkar"]


def test_older_ones_of_another_unit_leave_room_for_those_of_the_own(
    late: Staff, staff_page: steps.SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(queries, "MAX_CHOICES", 1)
    assert listed(staff_page(late)) == ["Bänkar"]
