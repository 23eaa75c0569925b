"""Everyone that the portal serves, each with a browser whose session the tools take over."""

import tomllib
from collections.abc import Callable

from portal.cli.demo import PEOPLE
from tests.web.browsing import Browser

# Each role by the people of Testlegitimering.
NUMBERS = {person["key"]: person["number"] for person in tomllib.loads(PEOPLE.read_text())["people"]}
CASE = {"subject": "Lekplatsen är stängd", "body": "Ingen skylt säger varför.", "reply_by": "code"}


def code_holder(browser: Browser) -> None:
    """Send a case and open it by its code."""
    browser.open("/lamna/klagomal")
    browser.press("main form button", **CASE)
    number, code = browser.text(".receipt .number"), str(browser.soup.select("[data-code]")[0]["data-code"])
    browser.open("/folj")
    browser.press("main form button", number=number, code=code)
    assert browser.path.startswith("/folj/"), browser.path


def signed_in(provider: str, person: str) -> Callable[[Browser], None]:
    """Sign in with Testlegitimering."""

    def sign_in(browser: Browser) -> None:
        browser.open(f"/logga-in/{provider}")
        browser.press("form button", person=NUMBERS[person])
        browser.press("form button")
        assert browser.is_home, browser.path

    return sign_in


AUDIENCES: dict[str, Callable[[Browser], None]] = {
    "stranger": lambda browser: browser.open("/"),
    "code_holder": code_holder,
    "citizen": signed_in("medborgare", "maria"),
    "officer": signed_in("personal", "anna"),
    "registrar": signed_in("personal", "eva"),
    "head_of_unit": signed_in("personal", "per"),
    "records_officer": signed_in("personal", "karin"),
}
# A page that only the session opens.
HOMES = {
    "stranger": "/",
    "code_holder": "/folj/arende",
    "citizen": "/mina-sidor",
    **dict.fromkeys(("officer", "registrar", "head_of_unit", "records_officer"), "/handlaggning/"),
}


def arrived(address: str, audience: str) -> Browser:
    """A new browser of an audience."""
    browser = Browser(address)
    AUDIENCES[audience](browser)
    return browser


def cookies(browser: Browser) -> dict[str, str]:
    """The cookies that the portal gets; the provider's have another domain."""
    jar = browser.session.cookies
    return {one.name: str(one.value) for one in jar if one.domain.startswith("localhost")}
