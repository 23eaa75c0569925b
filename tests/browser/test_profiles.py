"""The municipalities with colours of their own: every pair of them can be read, light and dark."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser

from tests.browser import steps
from tests.browser.visitor import Screen, Visitor, arrive
from tests.running import Running, portal

PAGES = ["/", "/lamna", "/lamna/felanmalan", "/rutiner", "/om"]
COLOURS = {"botkyrka": "rgb(107, 35, 70)", "nacka": "rgb(27, 75, 122)"}


@pytest.fixture(scope="module", params=COLOURS)
def municipality(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Running]:
    """A portal of a municipality, with the demo."""
    folder = tmp_path_factory.mktemp(request.param)
    with portal(folder, PORTAL_LIMITS="off", PORTAL_PROFILE=request.param) as running:
        yield running


@pytest.fixture(params=[Screen(1280, "light"), Screen(320, "dark")], ids=str)
def visitor(request: pytest.FixtureRequest, browser: Browser, municipality: Running) -> Iterator[Visitor]:
    """Somebody who opens its pages."""
    someone = arrive(browser, municipality.address, request.param)
    yield someone
    someone.page.context.close()


def test_every_page_can_be_read_in_the_colours_of_the_municipality(visitor: Visitor) -> None:
    for path in PAGES:
        visitor.open(path)
    visitor.open("/")
    band = visitor.page.locator(".hero").evaluate("hero => getComputedStyle(hero).backgroundColor")
    assert (band in COLOURS.values()) is (visitor.screen.scheme == "light")
    visitor.open("/lamna/fraga")
    visitor.press("Skicka frågan")
    steps.fill(visitor, "När öppnar badet?")
    visitor.press("Skicka frågan")
    visitor.press("Öppna ärendet")
    steps.sign_in(visitor, steps.EVA)
    visitor.go(visitor.page.locator("main table a").first)
