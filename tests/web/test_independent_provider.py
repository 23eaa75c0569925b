"""A real portal between two real providers: Testlegitimering, and a certified one that is not ours."""

import json
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import ExitStack, closing
from dataclasses import dataclass
from pathlib import Path

import pytest
from joserfc.jwk import ECKey, KeySet

from portal import config, db
from tests import conftest, factories, independent
from tests.running import Running, free_port, web
from tests.web import providers
from tests.web.browsing import Browser

NUMBERS = factories.CITIZENS | factories.NUMBERS
NAMES = {"maria": "Maria Ekdahl", "anna": "Anna Lindqvist"}
LOA2 = "http://id.elegnamnden.se/loa/1.0/loa2"
TOO_LOW = "Din e-legitimation räcker inte"
SIGN_OUT = "form[action='/logga-ut'] button"


@dataclass(frozen=True)
class Door:
    """A way in: its name in addresses, where it leads, who comes in there, and who else may."""

    name: str
    home: str
    person: str
    other: str

    @property
    def certified(self) -> bool:
        """Whether its provider is the one that is not ours."""
        return self.name.startswith("certifierad")


MARIA, ANNA = ("/mina-sidor", "maria", "yusuf"), ("/handlaggning/", "anna", "samir")
CERTIFIED = [Door("certifierad", *MARIA), Door("certifierad-personal", *ANNA)]
every_door = pytest.mark.parametrize(
    "door", [*CERTIFIED, Door("medborgare", *MARIA), Door("personal", *ANNA)], ids=lambda door: door.name
)
certified_doors = pytest.mark.parametrize("door", CERTIFIED, ids=lambda door: door.name)


@dataclass(frozen=True)
class Site:
    """The portal, and where its providers are."""

    portal: Running
    certified: str
    own: str

    def browser(self) -> Browser:
        """Somebody's browser that has been nowhere yet."""
        return Browser(self.portal.address)

    def signing_out(self, door: Door) -> tuple[str, str]:
        """The page where one signs out at the provider itself, and the button for it."""
        if door.certified:
            return f"{self.certified}/session/end", "button[name=logout]"
        return f"{self.own}/", "form[action$='/sessions/end'] button"


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory, sqlite_template: Path) -> Iterator[Site]:
    """A portal with Testlegitimering in its settings, and the certified provider in its file of more."""
    folder, port = tmp_path_factory.mktemp("providers"), free_port()
    portal = f"http://localhost:{port}"
    told = f"{portal}/logga-in/{{door}}/utloggning"
    with ExitStack() as stack:
        certified = stack.enter_context(independent.serving(free_port(), portal, folder / "provider.log"))
        own = stack.enter_context(providers.serving_testlegitimering(portal, told))
        more = prepared(folder, sqlite_template, certified)
        issuers = dict.fromkeys(("PORTAL_OIDC_CITIZEN_ISSUER", "PORTAL_OIDC_STAFF_ISSUER"), own)
        running = stack.enter_context(web(folder, port, PORTAL_LIMITS="off", **issuers, **more))
        yield Site(running, certified, own)


def prepared(folder: Path, template: Path, issuer: str) -> dict[str, str]:
    """A database with two members of staff, our key, and the file of providers; gives the settings."""
    url = f"sqlite:///{shutil.copy(template, folder / 'kontakt.db')}"
    config.use(conftest.settings(url))
    db.bind(url)
    factories.member("anna")
    factories.member("samir", unit="gata")
    db.close_read_session()
    db.engine().dispose()
    key = ECKey.generate_key("P-256", {"alg": "ES256", "use": "sig"}, auto_kid=True)
    files = {"keys.json": json.dumps(KeySet([key]).as_dict(private=True))}
    files["providers.toml"] = independent.settings(issuer)
    for name, content in files.items():
        (folder / name).write_text(content, encoding="utf-8")
    return {
        "PORTAL_OIDC_CLIENT_KEYS": str(folder / "keys.json"),
        "PORTAL_OIDC_PROVIDERS": str(folder / "providers.toml"),
    }


def identify(browser: Browser, door: Door, person: str, **more: str) -> None:
    """Say who one is; Testlegitimering knows people by their number, and lets them confirm."""
    browser.press("form button", person=person if door.certified else NUMBERS[person], **more)
    if browser.has("input[name=chosen]"):
        browser.press("form button")


def sign_in(site: Site, door: Door, person: str = "", **more: str) -> Browser:
    """The whole way, in a browser of one's own."""
    browser = site.browser()
    browser.open(f"/logga-in/{door.name}")
    identify(browser, door, person or door.person, **more)
    return browser


def is_in(browser: Browser) -> bool:
    """Whether somebody is signed in to the portal there."""
    browser.open("/inloggningar")
    return browser.path == "/inloggningar"


def is_known(site: Site, browser: Browser, door: Door) -> bool:
    """Whether the provider still has a session there."""
    page, button = site.signing_out(door)
    browser.open(page)
    return browser.has(button)


def refused(browser: Browser) -> str:
    """The heading of the page for a sign-in that failed, which nobody came in by."""
    heading = browser.text("h1")
    assert (browser.shown.status_code, browser.is_home) == (400, True)
    again = browser.links["Försök igen"]
    assert not is_in(browser)
    browser.open(again)
    return heading


@every_door
def test_people_sign_in_at_a_real_provider_and_come_to_where_they_were_going(site: Site, door: Door) -> None:
    browser = sign_in(site, door)
    assert (browser.path, browser.text(".who")) == (door.home, NAMES[door.person])
    browser.open(f"/logga-in/{door.name}?nasta=/inloggningar")
    identify(browser, door, door.person)
    assert browser.path == "/inloggningar"


@every_door
@pytest.mark.parametrize("acr", [LOA2, "missing"])
def test_a_level_that_a_provider_delivers_and_that_is_no_good_signs_nobody_in(
    site: Site, door: Door, acr: str
) -> None:
    browser = sign_in(site, door, acr=acr, regardless="1")
    assert refused(browser) == TOO_LOW
    identify(browser, door, door.person)
    assert (browser.path, is_in(browser)) == (door.home, True)


@certified_doors
def test_a_provider_that_cannot_deliver_the_level_says_so_and_the_page_too(site: Site, door: Door) -> None:
    browser = sign_in(site, door, acr=LOA2)
    assert refused(browser) == TOO_LOW
    identify(browser, door, door.person)
    assert is_in(browser)


@every_door
def test_whoever_cancels_at_a_real_provider_is_told_so_and_may_try_again(site: Site, door: Door) -> None:
    browser = site.browser()
    browser.open(f"/logga-in/{door.name}")
    browser.press("button[name=cancel]")
    assert refused(browser) == "Du avbröt inloggningen"
    identify(browser, door, door.person)
    assert (browser.path, is_in(browser)) == (door.home, True)


@every_door
def test_signing_out_ends_our_session_and_the_one_of_a_real_provider(site: Site, door: Door) -> None:
    browser = sign_in(site, door)
    assert is_known(site, browser, door)
    browser.open(door.home)
    browser.press(SIGN_OUT)
    if door.certified:
        browser.press("button[name=logout]")
    assert browser.path == "/"
    assert not is_in(browser)
    assert not is_known(site, browser, door)


@every_door
def test_signing_out_at_a_real_provider_ends_our_session_and_nobody_elses(site: Site, door: Door) -> None:
    here, there = sign_in(site, door), sign_in(site, door, door.other)
    page, button = site.signing_out(door)
    here.open(page)
    here.press(button)
    assert (is_in(here), is_in(there)) == (False, True)


@certified_doors
def test_a_real_provider_shows_who_asks(site: Site, door: Door) -> None:
    browser = site.browser()
    browser.open(f"/logga-in/{door.name}")
    assert browser.text("p") == "Du loggar in på Kontakt Burlöv."


def test_a_real_provider_tells_what_is_asked_for_by_name(site: Site) -> None:
    browser = sign_in(site, CERTIFIED[0], "sam")
    assert browser.text(".who") == "Sam Ordning"
    with closing(sqlite3.connect(site.portal.folder / "kontakt.db")) as database:
        query = "SELECT coordination_level FROM person WHERE coordination_level IS NOT NULL"
        assert database.execute(query).fetchall() == [("probable",)]


def test_the_log_says_why_nobody_came_in_and_names_nobody(site: Site) -> None:
    sign_in(site, CERTIFIED[0], acr=LOA2, regardless="1")
    said = site.portal.said()
    assert 'provider=certifierad reason="wrong level of assurance"' in said
    assert not [number for number in NUMBERS.values() if number in said]
