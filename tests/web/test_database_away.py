"""The database is away: kind pages, nothing lost that can be kept, and operations can tell."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from flask import Flask
from jinja2 import FileSystemBytecodeCache

from portal import create_app, db
from tests.conftest import settings
from tests.page import Page
from tests.running import free_port
from tests.web import steps
from tests.web.test_errors import OURS, assert_kind

NEEDING = [
    "/lamna/fraga",
    "/folj/arende",
    "/kvitto",
    "/handlaggning/",
    "/handlaggning/arenden/KB-2026-000001",
]
NOT_NEEDING = ["/", "/lamna", "/folj", "/om", "/tillganglighet", "/personuppgifter", "/utloggad"]


def a_folder(folder: Path) -> str:
    """What is no file cannot be opened."""
    return f"sqlite:///{folder}"


def no_database(folder: Path) -> str:
    """A file that holds something else."""
    (folder / "fil.db").write_bytes(b"det har ar ingen databas" * 100)
    return f"sqlite:///{folder}/fil.db"


def nobody_listens(_folder: Path) -> str:
    """A server that is down."""
    return f"postgresql+psycopg://portal@127.0.0.1:{free_port()}/portal"


@pytest.fixture(params=[a_folder, no_database, nobody_listens])
def page(request: pytest.FixtureRequest, tmp_path: Path, compiled: FileSystemBytecodeCache) -> Iterator[Page]:
    """A browser at a portal whose database is away."""
    app = create_app(settings(request.param(tmp_path)))
    app.jinja_env.bytecode_cache = compiled
    yield Page(app.test_client())
    db.close_read_session()
    db.engine().dispose()


@pytest.mark.parametrize("path", ["/lamna/fraga", "/folj/ny-kod/token"])
def test_a_page_that_needs_it_is_a_kind_page(page: Page, path: str) -> None:
    assert_kind(page.get(path, 500), OURS)


def test_somebody_with_a_session_or_a_grant_gets_the_same_page(page: Page) -> None:
    for name, value in (("_user_id", "en-nyckel"), ("grants", {"handtag": "en-nyckel"})):
        with page.client.session_transaction() as cookie:
            cookie[name] = value
        assert_kind(page.get("/folj/arende", 500), OURS)


def test_what_needs_no_database_still_works(page: Page) -> None:
    for path in NOT_NEEDING:
        page.get(path)
    page.get("/finns-inte", 404)
    assert page.get("/handlaggning/", 303).location.startswith("/logga-in/personal")
    page.post("/lamna/fraga", {}, 500)
    page.submit(page.get("/folj"), "main form", changes={"number": "x", "code": "y"}, status=422)
    assert_kind(steps.open_case(page, "KB-2026-000001", "2222-2222-2222-2222", status=500), OURS)


def test_the_portal_is_alive_but_not_ready(page: Page) -> None:
    assert page.client.get("/healthz").get_json() == {"status": "ok"}
    answer = page.client.get("/readyz")
    assert (answer.status_code, answer.get_json()["status"]) == (503, "unready")
    assert answer.get_json()["problems"] == ["database"]


def test_an_empty_database_is_told_to_lack_its_migrations(tmp_path: Path) -> None:
    app = create_app(settings(f"sqlite:///{tmp_path}/tom.db"))
    answer = app.test_client().get("/readyz")
    assert (answer.status_code, answer.get_json()) == (503, {"status": "unready", "problems": ["migrations"]})
    db.close_read_session()
    db.engine().dispose()


def test_a_portal_in_order_is_ready(app: Flask) -> None:
    client = app.test_client()
    assert client.get("/readyz").get_json() == {"status": "ok", "problems": []}
    assert client.get("/healthz").status_code == 200


def test_it_works_again_when_the_database_is_back(
    tmp_path: Path, make_app: Callable[..., Flask], database_url: str
) -> None:
    page = Page(make_app().test_client())
    form = page.get(steps.COMPLAINT)
    db.bind(nobody_listens(tmp_path))
    assert_kind(page.submit(form, "main form", changes=steps.WRITTEN, status=500), OURS)
    db.bind(database_url)
    page.submit(form, "main form", changes=steps.WRITTEN)
    assert steps.count("case") == 1
