"""What the house tests share."""

from collections.abc import Callable

import pytest
from flask import Flask

from portal.identity.actors import Role, Staff
from tests import build
from tests.house.routes import Visitors
from tests.page import Page
from tests.web import steps


@pytest.fixture
def visitors(app: Flask, staff_page: Callable[[Staff], Page]) -> Visitors:
    """A stranger, somebody with the code of a case, and somebody on the staff who reads every case."""
    code_holder = Page(app.test_client())
    steps.opened(code_holder, steps.MAILED)
    registrar = staff_page(build.member("eva", Role.REGISTRAR, None))
    return {"stranger": Page(app.test_client()), "code_holder": code_holder, "staff": registrar}
