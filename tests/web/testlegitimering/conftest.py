"""Testlegitimering and a browser at it."""

import pytest
from flask import Flask
from flask.testing import FlaskClient

from portal.testlegitimering import create_app, development_clients
from tests.web.testlegitimering.steps import ISSUER


@pytest.fixture(scope="module")
def app() -> Flask:
    return create_app(ISSUER, development_clients("http://localhost:8000"))


@pytest.fixture
def browser(app: Flask) -> FlaskClient:
    return app.test_client()
