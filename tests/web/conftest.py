"""What the web tests share."""

from collections.abc import Callable, Iterator

import pytest
import time_machine
from flask import Flask
from jinja2 import FileSystemBytecodeCache

from portal import create_app, db
from tests.conftest import settings
from tests.split_matrix import part


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Pages ask through commands and queries, which are tried on both databases: each page test is on one."""
    part(items, "tests/web/", "database_url", ("sqlite", "postgresql"))


@pytest.fixture(scope="session")
def compiled(tmp_path_factory: pytest.TempPathFactory) -> FileSystemBytecodeCache:
    """Templates compiled once for all the applications of a session."""
    return FileSystemBytecodeCache(str(tmp_path_factory.mktemp("compiled")))


@pytest.fixture
def app(app: Flask, compiled: FileSystemBytecodeCache) -> Flask:
    """The application on a clean database."""
    app.jinja_env.bytecode_cache = compiled
    return app


@pytest.fixture
def make_app(database_url: str, compiled: FileSystemBytecodeCache) -> Iterator[Callable[..., Flask]]:
    """Makes the application with settings of the test's own."""

    def make(**more: object) -> Flask:
        made = create_app(settings(database_url, **more))
        made.jinja_env.bytecode_cache = compiled
        return made

    yield make
    db.close_read_session()
    db.engine().dispose()


@pytest.fixture
def travel() -> Iterator[time_machine.Traveller]:
    """A clock that stands still on a Monday morning until the test moves it."""
    with time_machine.travel("2026-05-04 08:00:00Z", tick=False) as clock:
        yield clock
