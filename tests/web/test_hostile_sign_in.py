"""Sign-ins that somebody meddles with, at the staff's door and the citizens': a kind page, and nobody is in.

After each of them an honest sign-in works in the same browser. What a provider does: test_bad_providers.
"""

from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import parse_qs, urlencode, urlsplit, urlunsplit

import pytest
import requests
import time_machine
from flask import Flask

from tests import factories
from tests.page import Document, Page
from tests.web import providers, steps

MakeApp = Callable[..., Flask]
KIND = "Det gick inte att logga in"
CHANGES = [
    {"state": "gissad"},
    {"state": ""},
    {"code": "gissad"},
    {"code": ""},
    {"iss": "https://evil.example"},
    {"iss": ""},
]
ELSEWHERE = [
    "//evil.example",
    "https://evil.example/",
    "/\\evil.example",
    "\\\\evil.example",
    "/%0d%0aSet-Cookie:x=y",
    "/\r\nSet-Cookie: x=y",
    "javascript:alert(1)",
    "///evil.example",
    "/\t/evil.example",
    " //evil.example",
    "http:evil.example",
    "",
    "/@evil.example",
]


@dataclass(frozen=True)
class Door:
    """Where somebody signs in, as whom, and where that leads."""

    name: str
    setting: str
    person: str
    home: str

    @property
    def callback(self) -> str:
        return f"{providers.PORTAL}/logga-in/{self.name}/aterkomst"

    def begin(self, page: Page) -> str:
        return providers.begin(page, door=self.name)

    def sign_in(self, page: Page, nasta: str = "") -> Document:
        return providers.sign_in(page, self.person, nasta, self.name)


STAFF = Door("personal", "oidc_staff", factories.NUMBERS["anna"], "/handlaggning/")
CITIZENS = Door("medborgare", "oidc_citizen", factories.CITIZENS["maria"], "/mina-sidor")


@pytest.fixture(params=[STAFF, CITIZENS], ids=lambda door: door.name)
def door(request: pytest.FixtureRequest) -> Door:
    given: Door = request.param
    return given


@pytest.fixture
def browser(make_app: MakeApp, issuer: str, door: Door) -> Callable[[], Page]:
    """New browsers at a portal with that door."""
    app = make_app(**{f"{door.setting}_issuer": issuer})
    return lambda: Page(app.test_client())


def refused(page: Page, address: str) -> str:
    """What is told to somebody who comes back there and is not let in."""
    shown = page.get(address, 400)
    assert page.get("/").links.get("Logga in") == "/logga-in"
    assert (steps.count("sign_in"), steps.count("person")) == (0, 0)
    return shown.h1


def test_whoever_cancels_is_told_so_and_may_try_again(browser: Callable[[], Page], door: Door) -> None:
    page = browser()
    back = providers.at_testlegitimering(door.begin(page), cancel=True)
    assert refused(page, back) == "Du avbröt inloggningen"
    assert door.sign_in(page).location == door.home


def test_another_try_leads_to_where_the_first_one_did(browser: Callable[[], Page], door: Door) -> None:
    page = browser()
    began = providers.begin(page, "/lamna/fraga", door.name)
    shown = page.get(providers.at_testlegitimering(began, cancel=True), 400)
    again = page.get(shown.links["Försök igen"], 302).location
    assert page.get(providers.at_testlegitimering(again, door.person), 303).location == "/lamna/fraga"


def test_a_callback_that_nobody_waits_for_signs_nobody_in(browser: Callable[[], Page], door: Door) -> None:
    page = browser()
    assert refused(page, f"{door.callback}?code=x&state=y") == KIND
    assert refused(page, door.callback) == KIND
    assert door.sign_in(page).location == door.home


def test_a_callback_in_another_browser_signs_nobody_in(browser: Callable[[], Page], door: Door) -> None:
    back = providers.at_testlegitimering(door.begin(browser()), door.person)
    other = browser()
    assert refused(other, back) == KIND
    door.begin(other)
    assert refused(other, back) == KIND
    assert door.sign_in(other).location == door.home


@pytest.mark.parametrize("change", CHANGES, ids=str)
def test_a_callback_that_was_changed_on_the_way_signs_nobody_in(
    browser: Callable[[], Page], door: Door, change: dict[str, str]
) -> None:
    page = browser()
    back = urlsplit(providers.at_testlegitimering(door.begin(page), door.person))
    told = {name: values[0] for name, values in parse_qs(back.query).items()} | change
    kept = urlencode({name: value for name, value in told.items() if value})
    assert refused(page, urlunsplit(back._replace(query=kept))) == KIND
    assert door.sign_in(page).location == door.home


def test_the_answer_to_one_door_opens_no_other(make_app: MakeApp, issuer: str) -> None:
    page = Page(make_app(oidc_staff_issuer=issuer, oidc_citizen_issuer=issuer).test_client())
    for asked, tried in ((STAFF, CITIZENS), (CITIZENS, STAFF)):
        back = urlsplit(providers.at_testlegitimering(asked.begin(page), asked.person))
        assert refused(page, f"{tried.callback}?{back.query}") == KIND
    assert CITIZENS.sign_in(page).location == CITIZENS.home


def test_a_sign_in_waits_ten_minutes(browser: Callable[[], Page], door: Door) -> None:
    with time_machine.travel("2026-05-04 08:00:00Z", tick=True) as clock:
        page = browser()
        address = door.begin(page)
        clock.shift(550)
        back = providers.at_testlegitimering(address, door.person)
        clock.shift(51)
        assert refused(page, back) == KIND
        assert door.sign_in(page).location == door.home


def test_a_level_of_assurance_that_is_too_low_signs_nobody_in(
    make_app: MakeApp, issuer: str, door: Door
) -> None:
    higher = {f"{door.setting}_acr": "http://id.elegnamnden.se/loa/1.0/loa4-nr"}
    page = Page(make_app(**{f"{door.setting}_issuer": issuer}, **higher).test_client())
    # Testlegitimering cannot give that level, and says so at once.
    refusal = requests.get(door.begin(page), allow_redirects=False, timeout=10)
    assert refused(page, refusal.headers["Location"])


def test_nobody_is_led_to_another_site_after_signing_in(browser: Callable[[], Page], door: Door) -> None:
    page = browser()
    for nasta in ELSEWHERE:
        answer = door.sign_in(page, nasta)
        assert urlsplit(answer.location).netloc == "", nasta
        assert answer.location.startswith("/"), nasta
        assert not answer.location.startswith(("//", "/\\")), nasta
        assert "\n" not in answer.location, nasta
        cookies = answer.response.headers.getlist("Set-Cookie")
        ours = ("kontakt=", "inloggning-")
        assert [cookie for cookie in cookies if not cookie.startswith(ours)] == [], nasta
