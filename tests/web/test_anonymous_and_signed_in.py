"""A signed-in person who sends with a code is anonymous: nothing that is kept ties the two together."""

import datetime as dt
import logging
import re
from collections.abc import Callable, Iterator

import pytest
import sqlalchemy as sa
from flask import Flask
from structlog.testing import capture_logs

from portal import db
from portal.cases.enums import ReplyBy
from portal.cases.intake import form_drafts
from portal.identity.actors import Citizen
from portal.identity.models import SignIn
from tests import factories, files, personal_rows
from tests.architecture.test_get_never_writes import given, written
from tests.architecture.tree import PORTAL, python_files
from tests.page import Document, Page
from tests.personal_rows import Row
from tests.web import providers, steps
from tests.web.attachments.posting import post
from tests.web.steps import Travel

MARIA = factories.CITIZENS["maria"]
SENT_AT = dt.datetime(2026, 5, 4, 9, 20, tzinfo=dt.UTC)
# What an anonymous request may write: rows of the case itself.
OF_THE_CASE = {
    "case",
    "case_location",
    "message",
    "search_text",
    "search_case",
    "search_frequency",
    "search_fts",
    "trail",
    "outbox",
    "number_series",
}
# A task says that the case has no handler yet, and names no person.
OF_THE_CASE |= {"search_pending", "task"}
OF_THE_CASE |= {"stored_file", "stored_content"}
BY_CODE = {"code_grant", "draft"}


@pytest.fixture
def page(make_app: Callable[..., Flask], issuer: str, travel: Travel) -> Iterator[Page]:
    """The browser of Maria, who signs in at 10.10 by a provider and has sent a case in her own name."""
    app = make_app(oidc_citizen_issuer=issuer)
    travel.shift(600)
    browser = Page(app.test_client())
    with app.app_context():
        providers.sign_in(browser, MARIA, "/mina-sidor", "medborgare")
        browser.get("/mina-sidor")
        steps.send(browser, steps.ON_PORTAL)
        yield browser


def send_anonymously(page: Page, travel: Travel) -> tuple[Document, list[str]]:
    """Fill the form in before the hour is over, send it in the next; the receipt, and what was written."""
    travel.shift(49 * 60)
    form = page.get(steps.COMPLAINT)
    travel.move_to(SENT_AT)
    with written() as statements:
        written_now = steps.WRITTEN | {"body": "Det här är hemligt."}
        answer = post(page, form, written_now, ("bild.jpg", files.picture()))
        receipt = page.follow(answer)
        opened = steps.open_case(page, steps.number_of(receipt), steps.code_of(receipt))
        shown = page.follow(opened)
        page.submit(shown, "#body", changes={"body": "En sak till."})
    return receipt, statements


def cases() -> tuple[list[Row], list[Row]]:
    """The rows of the case in her own name, and of the anonymous one."""
    return personal_rows.rows_of_case(1), personal_rows.rows_of_case(2)


def found_ties() -> list[str]:
    own, anonymous = cases()
    # What is encrypted of its files is what was sent, as its text is: they name no person by a key.
    files_sent = [row for row in anonymous if row.table in {"stored_file", "stored_content"}]
    return personal_rows.ties(personal_rows.rows_naming_a_person(besides=[*own, *files_sent]), anonymous)


def test_no_row_that_names_a_person_is_tied_to_an_anonymous_case(page: Page, travel: Travel) -> None:
    send_anonymously(page, travel)
    assert found_ties() == []
    assert steps.count("stored_file") == 1
    travel.shift(60)
    page.get("/mina-sidor")
    page.get("/inloggningar")
    # The session row has been written again, to the hour.
    assert {row.table for row in personal_rows.rows_naming_a_person()} >= {"sign_in", "person", "login"}
    assert found_ties() == []
    page.submit(page.get("/mina-sidor"), "form[action='/logga-ut']")
    assert found_ties() == []


def test_an_anonymous_request_writes_no_row_that_names_a_person(page: Page, travel: Travel) -> None:
    _receipt, statements = send_anonymously(page, travel)
    assert {statement.split()[-1] for statement in statements} <= OF_THE_CASE | BY_CODE


def send_saved_draft(page: Page, travel: Travel) -> list[str]:
    """Save a draft, and send it with a code half a minute later; the statements of the sending."""
    form = page.get(steps.COMPLAINT)
    travel.move_to(SENT_AT)
    mine = page.follow(page.submit(form, "#formular", changes=steps.WRITTEN, button="Spara utkast"))
    travel.shift(30)
    opened = page.get(mine.find("section[aria-labelledby=utkast] a")["href"])
    with given() as statements:
        page.submit(opened, "#formular", changes={"reply_by": "code"})
    return statements


def test_a_saved_draft_that_is_sent_anonymously_leaves_no_tie(page: Page, travel: Travel) -> None:
    statements = send_saved_draft(page, travel)
    assert steps.count("saved_draft") == 0
    assert found_ties() == []
    # Its row goes in a transaction of its own, before that of the case.
    deleted = next(at for at, text in enumerate(statements) if text.startswith("DELETE FROM saved_draft"))
    first = next(at for at, text in enumerate(statements) if text.startswith('INSERT INTO "case"'))
    assert deleted < first
    assert [text for text in statements[first:] if "saved_draft" in text] == []


def saved_once(page: Page, travel: Travel) -> Document:
    """The page of a form that a draft was saved from."""
    form = page.get(steps.COMPLAINT)
    travel.move_to(SENT_AT)
    page.submit(form, "#formular", changes=steps.WRITTEN, button="Spara utkast")
    return form


def test_the_back_button_after_saving_and_a_code_leave_no_draft(page: Page, travel: Travel) -> None:
    form = saved_once(page, travel)
    page.submit(form, "#formular", changes=steps.WRITTEN)
    assert (steps.count("saved_draft"), steps.count("case")) == (0, 2)
    assert found_ties() == []


def test_the_same_text_in_another_form_and_a_code_leave_no_draft(page: Page, travel: Travel) -> None:
    saved_once(page, travel)
    page.submit(page.get(steps.COMPLAINT), "#formular", changes=steps.WRITTEN)
    assert (steps.count("saved_draft"), steps.count("case")) == (0, 2)


def test_the_row_of_a_saved_draft_tells_the_hour_alone(page: Page, travel: Travel) -> None:
    travel.move_to(SENT_AT)
    page.submit(page.get(steps.COMPLAINT), "#formular", changes=steps.WRITTEN, button="Spara utkast")
    rows = [row for row in personal_rows.rows_naming_a_person() if row.table == "saved_draft"]
    assert len(rows) == 1
    for row in rows:
        moments = [at for _column, at in row.moments() if at.year > 1970]
        assert [at for at in moments if (at.minute, at.second) != (0, 0)] == []


def test_no_line_of_the_log_names_the_person_or_the_case(
    page: Page, travel: Travel, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    with capture_logs() as events:
        receipt, _statements = send_anonymously(page, travel)
        steps.open_case(page, steps.number_of(receipt), "2222-2222-2222-2222", status=422)
        page.submit(page.get("/mina-sidor"), "form[action='/logga-ut']")
    lines = [record.getMessage() for record in caplog.records if record.name.startswith("portal.")]
    lines += [repr(event) for event in events]
    secrets = ["Maria", MARIA, steps.number_of(receipt), steps.code_of(receipt), "hemligt"]
    assert [line for line in lines if any(secret in line for secret in secrets)] == []
    assert [line for line in lines if re.search(r"person_id|session_id|case_id|request_id", line)] == []


def table(metadata: sa.MetaData, name: str, **keys: str) -> sa.Table:
    """A table with foreign keys, by column."""
    columns = [sa.Column(column, sa.ForeignKey(to)) for column, to in keys.items()]
    return sa.Table(name, metadata, sa.Column("id", sa.Integer, primary_key=True), *columns)


def test_a_new_table_that_names_a_person_is_found() -> None:
    metadata = sa.MetaData()
    table(metadata, "person")
    table(metadata, "membership", person_id="person.id")
    visit = table(metadata, "visit", by="membership.id")
    case = table(metadata, "case", officer_id="membership.id")
    note = table(metadata, "note", case_id="case.id")
    columns = [personal_rows.personal_columns(one) for one in (visit, case, note)]
    assert columns == [{"by"}, {"officer_id"}, set()]


@pytest.mark.parametrize(
    ("apart", "tied"), [(dt.timedelta(milliseconds=75), True), (dt.timedelta(minutes=6), False)]
)
def test_a_time_that_is_near_is_a_tie(apart: dt.timedelta, tied: bool) -> None:
    case = Row("case", {"id": 2, "received_at": SENT_AT})
    visit = Row("visit", {"id": 2, "at": SENT_AT + apart})
    assert bool(personal_rows.ties([visit], [case])) is tied
    assert personal_rows.ties([Row("case", {"id": 2})], [case]) == ["case 2 is of the case"]


def test_a_whole_hour_is_no_tie() -> None:
    case = Row("case", {"id": 2, "received_at": SENT_AT.replace(minute=2)})
    assert (
        personal_rows.ties([Row("sign_in", {"id": 1, "last_seen_at": SENT_AT.replace(minute=0)})], [case])
        == []
    )


@pytest.mark.parametrize("minutes", [1, 30, 59])
def test_a_session_lasts_an_hour_after_it_was_used_and_no_longer(
    travel: Travel, citizen_page: Callable[[Citizen], Page], minutes: int
) -> None:
    maria = citizen_page(factories.citizen())
    travel.shift(minutes * 60)
    maria.get("/mina-sidor")
    travel.shift(59 * 60)
    maria.get("/mina-sidor")
    travel.shift(61 * 60)
    maria.get("/mina-sidor", 303)


def test_the_worker_deletes_the_row_of_an_ended_session_within_an_hour(
    inside: Flask, travel: Travel, citizen_page: Callable[[Citizen], Page]
) -> None:
    travel.shift(30 * 60)
    citizen_page(factories.citizen()).get("/mina-sidor")
    travel.shift(59 * 60)
    factories.run_jobs()
    assert steps.count("sign_in") == 1
    # An hour after the last use the session has ended, and an hour after that its row is gone.
    travel.shift(61 * 60)
    factories.run_jobs()
    assert steps.count("sign_in") == 0


def test_a_draft_with_a_code_chosen_holds_the_text_alone(inside: Flask, travel: Travel) -> None:
    travel.shift(77)
    form = {"body": "Text", "name": "Maja", "email": "maja@exempel.se", "phone": "", "submission": "x" * 22}
    with db.transaction():
        token = form_drafts.save_draft(form | {"reply_by": ReplyBy.CODE})
        other = form_drafts.save_draft(form | {"reply_by": ReplyBy.PORTAL})
    assert form_drafts.get_draft(token) == {"body": "Text", "reply_by": "code"}
    assert form_drafts.get_draft(other)["email"] == "maja@exempel.se"
    for row in personal_rows.rows_naming_a_person():
        assert [at for _column, at in row.moments() if (at.minute, at.second) != (0, 0)] == []


def cookies(page: Page) -> set[tuple[str, str]]:
    """The cookies of the browser, by name and path."""
    return {(cookie.key, cookie.path) for cookie in page.client._cookies.values()}


def test_sign_out_ends_every_cookie_of_the_portal_and_clears_what_the_browser_keeps(
    page: Page, travel: Travel
) -> None:
    receipt, _statements = send_anonymously(page, travel)
    page.get("/sprak/en", 303)
    names = {name.partition("-")[0] for name, _path in cookies(page)}
    assert names == {"kontakt", "kvitto", "sprak", "inloggning"}
    answer = page.submit(page.get("/mina-sidor"), "form[action='/logga-ut']").response
    assert answer.headers["Clear-Site-Data"] == '"cache", "storage"'
    assert cookies(page) == set()
    for path in ("/kvitto", receipt.path):
        assert not page.get(path).has("[data-code]")
    assert steps.count("code_grant") == 0


def test_only_these_modules_set_a_cookie() -> None:
    setting = {file.name for file in python_files(PORTAL / "web") if "set_cookie(" in file.read_text()}
    # A new one is added to cookies.end_all(), and to the test above.
    assert setting == {"languages.py", "receipts.py", "pending.py", "cookies.py"}


def test_a_copied_grant_does_not_outlive_sign_in_or_sign_out(
    make_app: Callable[..., Flask], issuer: str, travel: Travel
) -> None:
    app = make_app(oidc_citizen_issuer=issuer)
    page, copy = Page(app.test_client()), Page(app.test_client())
    first = steps.opened(page).path
    steal(page, copy)
    copy.get(first)
    providers.sign_in(page, MARIA, "/mina-sidor", "medborgare")
    assert copy.get(first, 303).location == "/folj"
    assert page.get(first, 303).location == "/folj"
    second = steps.opened(page).path
    steal(page, copy)
    copy.get(second)
    page.submit(page.get("/mina-sidor"), "form[action='/logga-ut']")
    assert copy.get(second, 303).location == "/folj"
    copy.get("/mina-sidor", 303)


def steal(page: Page, copy: Page) -> None:
    """Copy the session cookie of a browser into another."""
    cookie = page.client.get_cookie("kontakt")
    assert cookie
    copy.client.set_cookie("kontakt", cookie.value)


def test_a_session_that_ended_by_itself_leaves_a_sign_out_that_ends_the_rest(
    page: Page, travel: Travel
) -> None:
    send_anonymously(page, travel)
    shown = page.get("/mina-sidor")
    with db.transaction() as session:
        session.execute(sa.delete(SignIn))
    page.submit(shown, "form[action='/logga-ut']")
    assert steps.count("code_grant") == 0
    assert cookies(page) == set()
