"""What the house tests share."""

from collections.abc import Callable
from pathlib import Path

import pytest
import sqlalchemy as sa
from flask import Flask

from portal import db
from portal.cases.models import Case, Party
from portal.identity.actors import Citizen, Role, Staff
from tests import factories
from tests.architecture.routes import PARTS, Visitors
from tests.page import Page
from tests.split_matrix import part
from tests.web import steps


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What walks every page is tried on one of the databases, and on both in test-all."""
    part(items, Path(__file__).parent, "database_url", ("sqlite", "postgresql"))


@pytest.fixture
def visitors(
    app: Flask, staff_page: Callable[[Staff], Page], citizen_page: Callable[[Citizen], Page]
) -> Visitors:
    """A stranger, the sender of a case by its code and signed in, and staff who read every case."""
    code_holder = Page(app.test_client())
    steps.opened(code_holder, steps.MAILED)
    with code_holder.client.session_transaction() as cookie:
        # The addresses that the tests walk name every case by the same handle.
        cookie["grants"] = {PARTS["handle"]: next(iter(cookie["grants"].values()))}
    registrar = staff_page(factories.member("eva", Role.REGISTRAR, None))
    maria = factories.citizen()
    with db.transaction() as session:
        session.scalars(sa.select(Party)).one().person_id = maria.person
        session.scalars(sa.select(Case)).one().sender_person_id = maria.person
    return {
        "stranger": Page(app.test_client()),
        "code_holder": code_holder,
        "citizen": citizen_page(maria),
        "staff": registrar,
    }
