"""A browser for each worker, and people with a browser of their own."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Playwright, sync_playwright

from tests.browser import chromium
from tests.browser.visitor import Screen, Visitor, arrive
from tests.running import Running
from tests.split_matrix import part

Visit = Callable[[Screen], Visitor]
SMALL, WIDE = Screen(320, "light"), Screen(1280, "dark")
# For the colours of a municipality the other way round: what is bright is seen wide.
SCREENS = (Screen(1280, "light"), Screen(320, "dark"))


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Each way through the pages is gone on one of the two screens, the first way on both."""
    part(items, Path(__file__).parent, "screen", (SMALL, WIDE), whole=("first_way",))
    part(items, Path(__file__).parent, "visitor", SCREENS)


@pytest.fixture(scope="session")
def driver() -> Iterator[Playwright]:
    """What drives the browsers of a worker."""
    with sync_playwright() as playwright:
        yield playwright


@pytest.fixture(scope="session")
def browser(driver: Playwright) -> Iterator[Browser]:
    """One for all the tests of a worker."""
    launched = chromium.launch(driver)
    yield launched
    launched.close()


@pytest.fixture(scope="session")
def whole_browser(driver: Playwright) -> Iterator[Browser]:
    """One that draws a window, as those of people do: it keeps a page that is left, and hints fonts."""
    launched = chromium.launch(driver, chromium.WHOLE)
    yield launched
    launched.close()


@pytest.fixture
def visit(request: pytest.FixtureRequest, running: Running) -> Iterator[Visit]:
    """Somebody new at a screen, as often as asked for."""
    is_whole = request.node.get_closest_marker("whole_browser") is not None
    browser: Browser = request.getfixturevalue("whole_browser" if is_whole else "browser")
    visitors: list[Visitor] = []

    def come(screen: Screen) -> Visitor:
        visitors.append(arrive(browser, running.address, screen))
        return visitors[-1]

    yield come
    for visitor in visitors:
        visitor.page.context.close()
    assert [each.complaints for each in visitors if each.complaints] == []


@pytest.fixture(params=[SMALL, WIDE], ids=str)
def screen(request: pytest.FixtureRequest) -> Screen:
    """A small one in the light and a wide one in the dark."""
    shown: Screen = request.param
    return shown


@pytest.fixture
def stranger(visit: Visit, screen: Screen) -> Visitor:
    """Somebody who has never been here."""
    return visit(screen)
