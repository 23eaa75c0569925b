"""Random requests by every audience to every route: never a fault of ours, and a GET changes nothing."""

from itertools import product

import pytest
from flask import Flask
from hypothesis import HealthCheck, given, settings

from tests.architecture import routes
from tests.fuzz.conftest import Audiences
from tests.fuzz.requests import HEADERS, Sent, encoded, requests
from tests.page import Page
from tests.web import steps

FORM = "application/x-www-form-urlencoded"
METHODS = ["HEAD", "OPTIONS"]
# What no route takes: in make test each route gets one of them, in turn.
REFUSED = ["PUT", "PATCH", "DELETE", "TRACE", "PROPFIND", "HITTEPA"]
ANY = [HealthCheck.function_scoped_fixture, HealthCheck.too_slow, HealthCheck.data_too_large]


# After these a browser is a stranger's.
ENDING = {"sign_in.sign_out", "sessions.end", "sessions.end_all", "follow.close", "sign_in.emergency"}


class Browsers:
    """A browser for each audience, with a token that holds in it."""

    def __init__(self, audiences: Audiences) -> None:
        self.audiences = audiences
        self.open: dict[str, tuple[Page, str]] = {}
        for who in audiences:
            self._renew(who)

    def _renew(self, who: str) -> None:
        page = self.audiences[who]()
        self.open[who] = (page, steps.token(page))

    def send(self, sent: Sent, method: str) -> int:
        """The status of the response."""
        page, token = self.open[sent.who]
        options: dict[str, object] = {"method": method, "headers": dict(sent.headers), "buffered": True}
        if method == "POST":
            # The first value of a field counts.
            fields = [("csrf_token", token), *sent.fields] if sent.token else sent.fields
            options |= {"data": encoded(fields), "content_type": FORM}
        else:
            options["query_string"] = encoded(sent.fields)
        status = page.client.open(sent.path, **options).status_code
        if method == "POST" and sent.endpoint in ENDING:
            self._renew(sent.who)
        return status


def run(app: Flask, browsers: Browsers, method: str, count: int) -> None:
    @settings(max_examples=count, deadline=None, database=None, suppress_health_check=ANY)
    @given(sent=requests(app, method, list(browsers.audiences)))
    def one(sent: Sent) -> None:
        assert browsers.send(sent, method) < 500

    one()


def test_no_random_form_is_a_fault_of_ours(app: Flask, audiences: Audiences) -> None:
    run(app, Browsers(audiences), "POST", 200)


@pytest.mark.full
def test_no_random_form_of_ten_thousand_is_a_fault_of_ours(app: Flask, audiences: Audiences) -> None:
    run(app, Browsers(audiences), "POST", 10_000)


def changing() -> dict[str, object]:
    """All that is stored, apart from the read log and the sessions of the browsers."""
    apart = {"read_log", "sign_in", "login"}
    return {name: rows for name, rows in steps.stored().items() if name not in apart}


def test_no_random_query_is_a_fault_of_ours_or_changes_anything(app: Flask, audiences: Audiences) -> None:
    browsers = Browsers(audiences)
    before = changing()
    run(app, browsers, "GET", 150)
    assert changing() == before


@pytest.mark.full
def test_no_random_query_of_three_thousand_is_a_fault_of_ours(app: Flask, audiences: Audiences) -> None:
    browsers = Browsers(audiences)
    before = changing()
    run(app, browsers, "GET", 3000)
    assert changing() == before


@pytest.mark.parametrize("refused", [1, pytest.param(len(REFUSED), marks=pytest.mark.full)])
def test_no_method_is_a_fault_of_ours(app: Flask, audiences: Audiences, refused: int) -> None:
    pages = audiences["stranger"](), audiences["registrar"]()
    before = changing()
    for page, (place, rule) in product(pages, enumerate(app.url_map.iter_rules())):
        first = place % len(REFUSED)
        for method in (METHODS + REFUSED[first:] + REFUSED[:first])[: len(METHODS) + refused]:
            answer = page.client.open(routes.address(rule), method=method, buffered=True)
            assert answer.status_code < 500, (method, rule)
    assert changing() == before


def test_no_header_is_a_fault_of_ours(app: Flask, audiences: Audiences) -> None:
    client = audiences["stranger"]().client
    for headers in [{name: value} for name, values in HEADERS.items() for value in values]:
        for path in ("/", "/lamna/fraga", "/kvitto", "/static/kontakt.css", "/handlaggning/"):
            assert client.get(path, headers=headers, buffered=True).status_code < 500, headers
