"""What the web tests share."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import time_machine
from flask import Flask
from jinja2 import FileSystemBytecodeCache

from portal import db
from tests.architecture import catalogues
from tests.conftest import created
from tests.split_matrix import part
from tests.web import providers
from tests.web.english import words

# What these try depends on the database itself.
WHOLE = ("test_read_log", "test_anonymous_and_signed_in", "test_drawn_statistics")


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Pages ask through commands and queries, which are tried on both databases: each page test is on one."""
    part(items, Path(__file__).parent, "database_url", ("sqlite", "postgresql"), whole=WHOLE)


@pytest.fixture
def make_app(database_url: str, compiled: FileSystemBytecodeCache) -> Iterator[Callable[..., Flask]]:
    """Makes the application with settings of the test's own."""

    def make(**more: object) -> Flask:
        return created(database_url, compiled, **more)

    yield make
    db.close_read_session()
    db.engine().dispose()


@pytest.fixture
def travel() -> Iterator[time_machine.Traveller]:
    """A clock that stands still on a Monday morning until the test moves it."""
    with time_machine.travel("2026-05-04 08:00:00Z", tick=False) as clock:
        yield clock


@pytest.fixture(scope="module")
def issuer() -> Iterator[str]:
    """Testlegitimering as a server."""
    with providers.serving_testlegitimering() as address:
        yield address


@pytest.fixture(scope="session")
def swedish() -> set[str]:
    """Every word of our own that is no English word, what only staff read with it."""
    texts = catalogues.texts(catalogues.asked(staff=True))
    translations = catalogues.translations(catalogues.translated("en"))
    # In English a calendar has "Sa" for Saturday, and a chart "Jul" for July.
    return words(" ".join(texts)) - words(" ".join(translations)) - {"jul", "sa"}
