"""The audiences of the fuzzer: a browser for each, on one database with a few cases."""

from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest
import sqlalchemy as sa
from flask import Flask

from portal import clock, db
from portal.cases.models import Case, Party
from portal.identity import commands as identity
from portal.identity import queries as people
from portal.identity.actors import Citizen, Role, Staff
from portal.identity.models import Person
from tests import factories
from tests.page import Page
from tests.split_matrix import part
from tests.web import steps

# For each audience what opens a browser of its own: some requests end its session.
Audiences = dict[str, Callable[[], Page]]


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Each test is on one of the databases, and on both in test-all."""
    part(items, Path(__file__).parent, "database_url", ("sqlite", "postgresql"))


@pytest.fixture
def audiences(
    app: Flask, staff_page: Callable[[Staff], Page], citizen_page: Callable[[Citizen], Page]
) -> Audiences:
    """Everyone that the portal knows, and three cases for them to meet."""
    receipt = steps.send(Page(app.test_client()), steps.MAILED)
    number, code = steps.number_of(receipt), steps.code_of(receipt)
    maria = factories.citizen()
    with db.transaction() as session:
        session.scalars(sa.select(Party)).one().person_id = maria.person
        session.scalars(sa.select(Case)).one().sender_person_id = maria.person
    with app.app_context():
        for category in ("parker", "gator"):
            factories.send_in(category=category, email="maja@exempel.se")
    staff = {
        "officer": factories.member(),
        "registrar": factories.member("eva", Role.REGISTRAR, None),
        "head": factories.member("samir", Role.HEAD_OF_UNIT),
        "records_officer": _records_officer(),
        "without_membership": _without_membership(),
    }
    return {
        "stranger": lambda: Page(app.test_client()),
        "code_holder": lambda: _code_holder(app, number, code),
        "citizen": lambda: citizen_page(maria),
        **{name: partial(staff_page, actor) for name, actor in staff.items()},
    }


def _code_holder(app: Flask, number: str, code: str) -> Page:
    page = Page(app.test_client())
    steps.open_case(page, number, code)
    return page


def _records_officer() -> Staff:
    with db.transaction():
        number = factories.CITIZENS["yusuf"]
        membership = identity.add_member("Yusuf", number, Role.RECORDS_OFFICER, identity.MembershipScope())
        return people.as_staff(membership)


def _without_membership() -> Staff:
    with db.transaction() as session:
        session.add(person := Person(name="Nils", created_at=clock.now()))
        session.flush()
        return Staff(person.id)
