"""A browser for each worker, and people with a browser of their own."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, sync_playwright

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
def browser() -> Iterator[Browser]:
    """One for all the tests of a worker."""
    with sync_playwright() as playwright:
        launched = chromium.launch(playwright)
        yield launched
        launched.close()


@pytest.fixture
def stranger_who_goes_back(browser: Browser, running: Running, screen: Screen) -> Iterator[Visitor]:
    """As stranger, with a browser that keeps the page that is left, as those of people do."""
    keeping = browser.browser_type.launch(
        executable_path=chromium.executable(chromium.KEEPS_PAGES),
        args=chromium.QUIET,
        ignore_default_args=chromium.UNLIKE_PEOPLE,
    )
    visitor = arrive(keeping, running.address, screen)
    yield visitor
    keeping.close()
    assert visitor.complaints == []


@pytest.fixture
def visit(browser: Browser, running: Running) -> Iterator[Visit]:
    """Somebody new at a screen, as often as asked for."""
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
