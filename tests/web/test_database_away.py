"""The database is away: kind pages, nothing lost that can be kept, and operations can tell."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa
from flask import Flask
from jinja2 import FileSystemBytecodeCache
from structlog.testing import capture_logs

from portal import create_app, db
from portal.web import kept_form
from tests import factories
from tests.conftest import settings
from tests.page import Document, Page
from tests.running import free_port
from tests.web import steps
from tests.web.test_errors import assert_kind

AWAY = "Tjänsten svarar inte just nu"
AGAIN = "Det gick inte att skicka just nu"
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
    assert_unavailable(page.get(path, 503))


def test_somebody_with_a_session_or_a_grant_gets_the_same_page(page: Page) -> None:
    for name, value in (("_user_id", "en-nyckel"), ("grants", {"handtag": "en-nyckel"})):
        with page.client.session_transaction() as cookie:
            cookie[name] = value
        assert_unavailable(page.get("/folj/arende", 503))


def test_what_needs_no_database_still_works(page: Page) -> None:
    for path in NOT_NEEDING:
        page.get(path)
    page.get("/finns-inte", 404)
    assert page.get("/handlaggning/", 303).location.startswith("/logga-in/personal")
    page.post("/lamna/fraga", {}, 503)
    page.submit(page.get("/folj"), "main form", changes={"number": "x", "code": "y"}, status=422)
    assert_kind(steps.open_case(page, "KB-2026-000001", "2222-2222-2222-2222", status=503), AGAIN)


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
    again = page.submit(form, "main form", changes=steps.MAILED, status=503)
    assert_kind(again, AGAIN)
    written = {field["name"]: steps.kept(again, str(field["id"])) for field in again.all("[id^=mine-]")}
    assert written == {name: steps.MAILED[name] for name in ("subject", "body", "email", "name")}
    db.bind(database_url)
    for _twice in range(2):
        assert page.submit(again, "main form").location.startswith("/kvitto/")
    page.submit(form, "main form", changes=steps.MAILED)
    assert steps.count("case") == 1


def assert_unavailable(shown: Document, heading: str = AWAY) -> None:
    assert_kind(shown, heading)
    assert int(shown.response.headers["Retry-After"]) > 0
    assert shown.response.headers["Cache-Control"] == "no-store"


def filled(page: Page, shown: Document, form: str, away: str, back: str) -> None:
    """Fill every text of a form in, send it while the database is away, and again from the page."""
    texts = {name: f'Ett  "{name}" <b>å' for name in shown.form(form).names() & set(kept_form.LABELS)}
    db.bind(away)
    again = page.submit(shown, form, changes=texts, status=503)
    assert_unavailable(again, AGAIN)
    assert {str(tag["name"]): steps.kept(again, str(tag["id"])) for tag in again.all("[id^=mine-]")} == texts
    kept = again.form("main form").fields()
    for name, values in shown.form(form).fields().items():
        assert name in texts or name == "csrf_token" or kept[name] == values, name
    db.bind(back)
    page.submit(again, "main form")


def test_every_text_of_a_form_of_staff_is_given_back_and_goes_through_with_one_press(
    app: Flask, staff_page: steps.SignIn, tmp_path: Path, database_url: str
) -> None:
    number = factories.number(factories.send_in())
    page = staff_page(factories.member())
    for action in ("note", "answer", "request_supplement"):
        shown = page.get(steps.case_address(number))
        if shown.has(f"form[action$='/{action}'] textarea"):
            filled(page, shown, f"form[action$='/{action}']", nobody_listens(tmp_path), database_url)
    page.get(steps.case_address(number))
    assert "<b>å" in steps.everything()


def test_a_reply_is_given_back_and_goes_through_once(
    page_in_order: Page, tmp_path: Path, database_url: str
) -> None:
    opened = steps.opened(page_in_order)
    filled(page_in_order, opened, "form:has([name=body])", nobody_listens(tmp_path), database_url)
    assert steps.count("message") == 2


@pytest.fixture
def page_in_order(app: Flask) -> Page:
    return Page(app.test_client())


def test_a_text_that_another_site_posts_is_not_given_back(page: Page) -> None:
    for token in ("", "gissad"):
        answer = page.post(steps.COMPLAINT, {"body": "Ring 900-123 nu", "csrf_token": token}, 503)
        assert "900-123" not in answer.html


def test_a_script_that_saves_a_draft_gets_json(page: Page) -> None:
    with page.client.session_transaction() as cookie:
        cookie["_user_id"] = "en-nyckel"
    address = steps.case_address("KB-2026-000001", "/utkast")
    answer = page.post(address, {"body": "Hej"}, 503, headers={"Accept": "application/json"})
    assert answer.response.get_json() == {"state": ""}


def test_an_outage_is_one_line_without_a_traceback(page: Page, caplog: pytest.LogCaptureFixture) -> None:
    with capture_logs() as lines:
        page.get("/lamna/fraga?kod=AAAA", 503)
    assert [line["event"] for line in lines if line["log_level"] == "error"] == ["database.unavailable"]
    assert {line["outage"] for line in lines} == {"away"}
    assert "AAAA" not in repr(lines)
    assert caplog.text == ""


def test_health_and_styles_never_ask_for_a_connection(app: Flask, staff_page: steps.SignIn) -> None:
    client, asked = staff_page(factories.member()).client, []
    sa.event.listen(db.engine(), "checkout", lambda *_connection: asked.append(1))
    for path in ("/healthz", "/static/kontakt.css", "/static/finns-inte.css", "/tema.css"):
        client.get(path, buffered=True)
    assert asked == []
