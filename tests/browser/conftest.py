"""A browser for each worker, and people with a browser of their own."""

from collections.abc import Callable, Iterator
from zlib import crc32

import pytest
from playwright.sync_api import Browser, sync_playwright

from tests.browser import chromium
from tests.browser.visitor import Screen, Visitor, arrive
from tests.running import Running

Visit = Callable[[Screen], Visitor]
SMALL, WIDE = Screen(320, "light"), Screen(1280, "dark")


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """In make test a way is gone on one of the two screens, half of them on each; in make test-all on both.

    The first way itself is always gone on both.
    """
    for item in items:
        screen = _screen(item)
        if screen in (SMALL, WIDE) and "first_way" not in item.nodeid and screen != _usual(item.name):
            item.add_marker(pytest.mark.full)


def _screen(item: pytest.Item) -> object:
    spec = getattr(item, "callspec", None)
    return spec.params.get("screen") if spec else None


def _usual(name: str) -> Screen:
    return (SMALL, WIDE)[crc32(name.partition("[")[0].encode()) % 2]


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """One for all the tests of a worker."""
    with sync_playwright() as playwright:
        launched = chromium.launch(playwright)
        yield launched
        launched.close()


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
