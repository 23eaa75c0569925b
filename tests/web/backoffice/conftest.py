"""Anna of the park unit at the pages of the back office, and a case of her unit."""

import pytest
from flask import Flask

from portal.cases.intake.submission import Receipt
from portal.identity.actors import Staff
from tests import factories
from tests.page import Page
from tests.web import steps


@pytest.fixture
def anna(app: Flask, travel: steps.Travel) -> Staff:
    """Anna of the park unit."""
    return factories.member()


@pytest.fixture
def page(anna: Staff, staff_page: steps.SignIn) -> Page:
    """The browser of Anna, who has signed in."""
    return staff_page(anna)


@pytest.fixture
def sent(app: Flask, travel: steps.Travel) -> Receipt:
    """A case of Maja's, to be answered by mail."""
    with app.app_context():
        return factories.send_in(email="maja@exempel.se", name="Maja Ek")
