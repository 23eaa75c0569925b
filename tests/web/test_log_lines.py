"""A walk through the portal: every step has its line in the log, and no line says who or what."""

import logging
from collections.abc import Callable, Iterator
from urllib.parse import quote

import pytest
from flask import Flask

from portal import db, logs
from portal.cases.actions import protection
from portal.identity import commands as identity
from portal.identity.actors import Role
from portal.identity.oidc.identified import Identified
from portal.logs.processors import REMOVED
from portal.notifications import delivery
from tests import factories
from tests.page import Page
from tests.web import steps

MakeApp = Callable[..., Flask]
NAME = "Maja Markör"
EMAIL = "maja.markor@exempel.se"
PHONE = "+46701740612"
SUBJECT = "Ämnesmarkören"
BODY = "Textmarkören i brevet."
MAILED = {"subject": SUBJECT, "body": BODY, "reply_by": "email", "email": EMAIL, "name": NAME}


@pytest.fixture(params=["text", "json"])
def lines(request: pytest.FixtureRequest, capsys: pytest.CaptureFixture[str]) -> Iterator[Callable[[], str]]:
    """What has been written to standard error, at the most talkative level."""
    logs.configure(request.param, "DEBUG")
    for name in ("sqlalchemy", "werkzeug", "urllib3", "portal"):
        assert logging.getLogger(name).getEffectiveLevel() in (logging.DEBUG, logging.WARNING)
    yield lambda: capsys.readouterr().err
    logs.configure("text", "INFO")


def test_a_walk_leaves_lines_that_name_nobody(
    app: Flask, staff_page: steps.SignIn, lines: Callable[[], str]
) -> None:
    anna = factories.member("eva", Role.REGISTRAR, None)
    page = Page(app.test_client())
    receipt = steps.send(page)
    number, code = steps.number_of(receipt), steps.code_of(receipt)
    steps.open_case(page, number, "AAAA-BBBB-CCCC-DDDD", status=422)
    page.follow(steps.open_case(page, number, code))
    steps.send(page, MAILED)
    form = page.get("/folj/ny-kod")
    page.submit(form, "main form", changes={"number": number, "email": EMAIL})
    page.get(f"/folj/ny-kod/{code}", 410)
    page.get(f"/{EMAIL}/{code}?namn={quote(NAME)}", 404)
    page.get(f"/{EMAIL}/{code}?namn={NAME}", 400)
    page._open("POST", steps.COMPLAINT, 422, data=MAILED)
    officer = staff_page(anna)
    steps.act(officer, number, "take", status=303)
    sent = factories.Receipt(2, 2026, 2, None, True)
    factories.act(protection.protect, anna, sent)
    with db.transaction():
        who = Identified("http://issuer.test", "subject-markor", NAME, None, email=EMAIL)
        identity.sign_in("medborgare", who)
    while delivery.deliver_due():
        pass
    written = lines()
    for event in ("code.wrong", "code_link.requested", "request.refused", "csrf.refused"):
        assert event in written, event
    markers = (NAME, "Markör", EMAIL, PHONE, SUBJECT, "Textmarkören", code, code.replace("-", ""), number)
    assert [marker for marker in markers if marker in written] == []
    assert REMOVED not in written, "a call of the log has a personal field"


def test_an_error_with_a_text_in_its_message_is_logged_without_it(
    make_app: MakeApp, lines: Callable[[], str]
) -> None:
    app = make_app(log_format="json", log_level="DEBUG")

    @app.get("/trasig/<text>")
    def broken(text: str) -> str:
        local = f"{text} {NAME}"
        raise ValueError(local)

    Page(app.test_client()).get(f"/trasig/{EMAIL}", 500)
    written = lines()
    assert "request.failed" in written
    assert [marker for marker in (NAME, EMAIL) if marker in written] == []
