"""No text of a stranger stops a form: each field takes each hostile text, quickly and without a 500."""

import sys
from collections.abc import Iterator
from time import thread_time
from typing import Any
from urllib.parse import quote_plus

import pytest
from flask import Flask

from tests.architecture import routes
from tests.architecture.routes import Visitors
from tests.hostile_texts import FEW, TEXTS
from tests.page import Form, Page
from tests.page_checks import value
from tests.web import steps

# Seconds of processor time for one post with up to 20 000 characters in every field, its page included.
LIMIT = 2.0
ATTEMPTS = 2
# Bytes: larger posts are refused before they are read.
MAX_POST = 200_000
TOKEN = "csrf_token"
TYPED = "textarea, input:not([type=hidden]):not([type=checkbox]):not([type=radio]):not([type=submit])"
USUAL = ("mixed",)
CHOSEN = [pytest.param(name, marks=[] if name in USUAL else [pytest.mark.full]) for name in FEW]
LAST = ("sign_in.sign_out", "sessions.end", "sessions.end_all", "follow.close")
# What a provider or a gateway posts is no form of ours.
WITHOUT_FORM = {"sign_in.back_channel", "messages.sms_report", "messages.decline"}

Posts = list[tuple[Page, str, str, dict[str, Any]]]


def forms(app: Flask, page: Page) -> Iterator[tuple[str, Form]]:
    """One form for each route that takes a POST, by its endpoint and its fields."""
    seen = set()
    places = app.url_map.bind("localhost")
    for _rule, document in routes.answers(app, page):
        tags = document.all("form[method=post]") if document.html and not document.location else []
        for tag in tags:
            form = Form(document, tag)
            path = form.action.removeprefix("http://localhost").partition("?")[0]
            endpoint, parts = places.match(path, method="POST")
            key = (endpoint, parts.get("action"), frozenset(form.names()))
            if key not in seen:
                seen.add(key)
                yield endpoint, form


def posts(app: Flask, visitors: Visitors, text: str) -> Posts:
    """Each form with the text in every field that people type in."""
    prepared: Posts = []
    for visitor in visitors.values():
        for endpoint, form in forms(app, visitor):
            typed = {value(control, "name") for control in form.controls(TYPED)}
            if typed:
                fields = form.fields() | dict.fromkeys(typed, share(text, len(typed)))
                prepared.append((visitor, endpoint, form.action, fields))
    return prepared


def share(text: str, fields: int) -> str:
    """As much of the text as each of several fields can have in a post that is not too large."""
    encoded = len(quote_plus(text)) / len(text)
    return text[: int(MAX_POST / fields / encoded)]


def answered(page: Page, address: str, fields: dict[str, Any]) -> tuple[int, float]:
    """The status of a post, and the least time of several."""
    least = LIMIT + 1
    status = 0
    for _attempt in range(ATTEMPTS):
        started = thread_time()
        status = page.client.post(address, data=fields, buffered=True).status_code
        least = min(least, thread_time() - started)
        if status >= 500 or least <= LIMIT:
            break
    return status, least


def faults(prepared: Posts) -> list[str]:
    wrong = []
    for page, endpoint, address, fields in prepared:
        status, seconds = answered(page, address, fields)
        if status >= 500 or seconds > LIMIT:
            wrong.append(f"{endpoint}: {status} after {seconds:.2f} s")
    return wrong


@pytest.mark.parametrize("name", CHOSEN)
def test_every_field_of_every_form_takes_every_text(app: Flask, visitors: Visitors, name: str) -> None:
    prepared = posts(app, visitors, TEXTS[name])
    with_forms = {endpoint for _page, endpoint, _address, _fields in prepared}
    assert len(with_forms) > 10
    assert faults(prepared) == []


@pytest.mark.full
@pytest.mark.parametrize("name", FEW[:4])
def test_every_route_that_takes_a_post_takes_every_text(app: Flask, visitors: Visitors, name: str) -> None:
    names = set(routes.PARTS)
    for visitor in visitors.values():
        for _endpoint, form in forms(app, visitor):
            names |= form.names()
    hostile = dict.fromkeys(names - {TOKEN}, share(TEXTS[name], len(names)))
    prepared: Posts = []
    for rule in routes.rules(app, "POST"):
        if rule.endpoint not in WITHOUT_FORM:
            for visitor in visitors.values():
                prepared.append((visitor, rule.endpoint, routes.address(rule), hostile | tokens(visitor)))
    # What ends a session comes last: after it every form leads to the door.
    assert faults(sorted(prepared, key=lambda post: post[1] in LAST)) == []


def tokens(page: Page) -> dict[str, str]:
    return {TOKEN: steps.token(page)}


@pytest.mark.own_app
def test_a_form_that_fails_and_one_that_is_slow_are_noticed(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys.modules[__name__], "LIMIT", 0.1)

    def fail() -> tuple[str, int]:
        return "x", 500

    def spin() -> str:
        started = thread_time()
        while thread_time() - started < LIMIT + 0.1:
            pass
        return "ok"

    app.add_url_rule("/fails", "fails", fail, methods=["POST"])
    app.add_url_rule("/spins", "spins", spin, methods=["POST"])
    page = Page(app.test_client())
    prepared: Posts = [(page, "fails", "/fails", {}), (page, "spins", "/spins", {})]
    assert [fault.partition(":")[0] for fault in faults(prepared)] == ["fails", "spins"]
