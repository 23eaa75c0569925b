"""What every test may ask for: a clean database of each kind, the application on it, a browser's client."""

import gc
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

import hypothesis
import pytest
import sqlalchemy as sa
from flask import Flask
from jinja2 import FileSystemBytecodeCache

from portal import clock, config, create_app, db, install
from portal.database import engine as database_engine
from portal.identity import commands as identity
from portal.identity.actors import Citizen, Staff
from portal.identity.models import Login, Person
from portal.identity.oidc import client as oidc_client
from portal.identity.oidc.identified import Identified
from portal.notifications.delivery import database_clock
from portal.operations import migrations
from portal.web import current
from portal.web.public import start_page
from portal.web.public.figures import drawn_pages
from tests import clean_database, kept_connections, migrated, postgres
from tests.page import Page
from tests.xdist_scheduler import Together, shared_by

pytest_plugins = ["tests.open_connections", "tests.running"]


# How many examples hypothesis tries; how long one takes is not what is tested.
for name, examples in {"quick": 10, "usual": 50, "thorough": 300}.items():
    hypothesis.settings.register_profile(name, deadline=None, max_examples=examples)
hypothesis.settings.load_profile("usual")

CREATE_ENGINE = database_engine.create


# Tests alternate between databases, and an engine that is created again has none of its SQL compiled.
@lru_cache(maxsize=8)
def _engine(url: str, pool: type[sa.Pool] | None = None) -> sa.Engine:
    made = CREATE_ENGINE(url, pool)
    return made if pool or url.startswith("sqlite") else kept_connections.keep_of(made)


database_engine.create = _engine

# A test moves the time of its process, and cannot move that of the server. Delivery has a test of its own of
# a clock that is wrong.
MEASURED_OFFSET = database_clock.measured_offset
database_clock.measured_offset = lambda: timedelta(0)

# A file system in memory, and the free bytes that it must have for databases with ten thousand cases.
MEMORY, ROOM = Path("/dev/shm"), 2 * 1024**3

# Where the files of this process's tests are stored.
STORAGE = tempfile.TemporaryDirectory(
    prefix="kontakt-files-", dir=MEMORY if MEMORY.is_dir() else None, ignore_cleanup_errors=True
)

# What starts an application, a database or another process.
SLOW = {"app", "database_url", "make_app", "own", "own_server", "postgres_url", "running", "sqlite_template"}


def pytest_configure(config: pytest.Config) -> None:
    """One PostgreSQL for the session and all its workers, started by the first test that wants it."""
    postgres.start_for_session(config)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Together:
    """Who runs which test, where many do."""
    return Together(config, log)


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> Iterator[None]:
    """Mark what is slow before tests are selected, and begin with what is longest or goes together."""
    for item in items:
        if SLOW.intersection(getattr(item, "fixturenames", ())):
            item.add_marker(pytest.mark.slow)
    yield
    items.sort(key=_turn)


def _turn(item: pytest.Item) -> tuple[bool, bool, bool, str]:
    sharing = shared_by(item.nodeid)
    # The tests of a browser share a server, whose demo each of them changes.
    is_first = item.get_closest_marker("unchanged_demo") is not None
    is_long = item.nodeid.startswith("tests/crash_recovery/")
    return not is_first, not is_long, sharing is None, sharing or ""


def pytest_collection_finish() -> None:
    """Collect less garbage: every page that is parsed is one cycle, and what was imported never dies."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(100_000, 20, 100)


def pytest_sessionfinish() -> None:
    """Before the server stops."""
    kept_connections.close_all()


def settings(url: str, **more: object) -> config.Settings:
    """The settings of a test: development, and no rate limits unless it asks for them."""
    usual = {"env": "development", "limits": "off", "database_url": url, "storage": STORAGE.name}
    return config.load(**usual | more)


def _prepare(url: str) -> None:
    """A database migrated, with the profile applied."""
    install(settings(url))
    migrations.prepare()
    # A test begins with an empty security log: the profile that was just applied is not its own.
    with db.engine().begin() as connection:
        connection.execute(sa.text("DELETE FROM security_log"))


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A prepared SQLite file, to be copied beside itself."""
    with _quick_folder(tmp_path_factory) as folder:
        file = folder / "kontakt.db"
        file.write_bytes(migrated.sqlite_file())
        _prepare(f"sqlite:///{file}")
        db.engine().dispose()
        yield file


@contextmanager
def _quick_folder(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A folder in memory where there is room: on a disk, every transaction of a test waits for it."""
    if not MEMORY.is_dir() or shutil.disk_usage(MEMORY).free < ROOM:
        yield tmp_path_factory.mktemp("template")
        return
    with tempfile.TemporaryDirectory(prefix="kontakt-", dir=MEMORY, ignore_cleanup_errors=True) as name:
        yield Path(name)


@pytest.fixture(scope="session")
def postgres_url(worker_id: str) -> Iterator[str]:
    """A prepared PostgreSQL database of this worker."""
    url = postgres.url_for_worker(worker_id)
    _prepare(url)
    with clean_database.restorable(url):
        yield url


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest) -> str:
    """A clean database, of each kind in turn; always at the same address, or nothing stays compiled."""
    # The rendered pages are cached by the time of the count, which is the same in tests with a frozen clock.
    drawn_pages._drawn.cache_clear()
    drawn_pages._sentence.cache_clear()
    start_page._drawn.cache_clear()
    start_page._drawn_whole.cache_clear()
    if request.param == "postgresql":
        url: str = request.getfixturevalue("postgres_url")
        clean_database.empty(url)
        return url
    return copied(request.getfixturevalue("sqlite_template"))


def copied(template: Path) -> str:
    """The address of a clean copy of an SQLite file; what the test before left of it is gone."""
    file = template.with_name("copy.db")
    for left in file.parent.glob("copy.db*"):
        left.unlink()
    shutil.copy(template, file)
    return f"sqlite:///{file}"


@pytest.fixture(scope="session")
def compiled(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> FileSystemBytecodeCache:
    """Templates compiled once for all the applications of a session, whichever worker needs them first."""
    base = tmp_path_factory.getbasetemp()
    # The folder of a worker is in that of the session.
    folder = (base if worker_id == "master" else base.parent) / "compiled"
    folder.mkdir(exist_ok=True)
    return FileSystemBytecodeCache(str(folder))


@pytest.fixture
def app(
    request: pytest.FixtureRequest, database_url: str, compiled: FileSystemBytecodeCache
) -> Iterator[Flask]:
    """The application on a clean database; a test marked own_app may change it."""
    own = request.node.get_closest_marker("own_app") is not None
    made = created(database_url, compiled) if own else shared(database_url, compiled)
    made.testing = True
    yield made
    db.close_read_session()
    db.engine().dispose()


def created(url: str, compiled: FileSystemBytecodeCache, **more: object) -> Flask:
    """An application of a test's own."""
    made = create_app(settings(url, **more))
    made.jinja_env.bytecode_cache = compiled
    return made


@cache
def _shared(url: str, compiled: FileSystemBytecodeCache) -> Flask:
    made = created(url, compiled)
    # Flask refuses new routes and hooks after the first request: no test changes it for the others.
    made._got_first_request = True
    return made


def shared(url: str, compiled: FileSystemBytecodeCache) -> Flask:
    """The application that a worker has for a database: creating one takes longer than most tests do."""
    made = _shared(url, compiled)
    # An application that another test created has left the process with its own settings.
    install(_shared_settings(url))
    return made


# Read once: to read them takes as long as to clear the database.
_shared_settings = cache(settings)


@pytest.fixture
def inside(app: Flask) -> Iterator[Flask]:
    """As app, in its context: for commands and queries without a browser."""
    with app.app_context():
        yield app


@pytest.fixture
def page(app: Flask) -> Page:
    """A visitor's browser."""
    return Page(app.test_client())


@pytest.fixture
def staff_page(app: Flask) -> Callable[[Staff], Page]:
    """The browser of a member of staff who has signed in."""
    return lambda actor: signed_in(app, actor.person, oidc_client.STAFF)


@pytest.fixture
def citizen_page(app: Flask) -> Callable[[Citizen], Page]:
    """The browser of a citizen who has signed in."""
    return lambda actor: signed_in(app, actor.person, oidc_client.CITIZENS)


def signed_in(app: Flask, person: int, provider: str) -> Page:
    """The browser of a person who has signed in at a provider."""
    client = app.test_client()
    with db.transaction():
        found = db.session().get_one(Person, person)
        who = Identified("http://issuer.test", f"subject-{person}", found.name, None)
        token = _session_of(person, who, provider)
    with client.session_transaction() as cookie:
        cookie["_user_id"] = token
        cookie[current.IDENTIFIED] = int(clock.now().timestamp())
        cookie[current.LAST_SEEN] = int(clock.now().timestamp())
    return Page(client)


def _session_of(person: int, who: Identified, provider: str) -> str:
    """A session of somebody whose sign-in is not what is tested."""
    known = sa.select(Login).where(Login.subject == who.subject)
    if db.session().scalar(known) is None:
        db.session().add(Login(person_id=person, issuer=who.issuer, subject=who.subject))
        db.session().flush()
    return identity.sign_in(provider, who)
