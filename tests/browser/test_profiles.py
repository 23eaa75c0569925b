"""Each municipality from the first page to the figures, and its colours: every pair of them can be read."""

from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack
from datetime import timedelta
from functools import cache

import pytest
from playwright.sync_api import Browser

from portal import clock
from portal.cases.deadlines import next_open
from tests.browser import steps
from tests.browser.conftest import SCREENS
from tests.browser.visitor import Screen, Visitor, arrive
from tests.running import Running, portal

PAGES = ["/", "/lamna", "/lamna/felanmalan", "/rutiner", "/om"]
# What the receipt promises: an answer, a sign of life, or neither.
PROMISE = {"burlov": "svarar senast", "botkyrka": "hör av sig senast", "nacka": "svarar dig"}
COLOURS = {"botkyrka": "rgb(107, 35, 70)", "nacka": "rgb(27, 75, 122)"}


def representative(names: Iterable[str]) -> list[pytest.ParameterSet]:
    """Botkyrka in make test: the rest of the browser tests run on Burlöv. Every municipality in test-all."""
    return [pytest.param(name, marks=[pytest.mark.full] * (name != "botkyrka")) for name in names]


@pytest.fixture(scope="session")
def started(running: Running, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[[str], Running]]:
    """Starts the portal of a municipality with the demo, once."""
    with ExitStack() as stack:

        @cache
        def start(name: str) -> Running:
            folder = tmp_path_factory.mktemp(name)
            return stack.enter_context(portal(folder, PORTAL_LIMITS="off", PORTAL_PROFILE=name))

        yield lambda name: running if name == "burlov" else start(name)


@pytest.fixture
def municipality(request: pytest.FixtureRequest, started: Callable[[str], Running]) -> Running:
    """The portal of one of them."""
    return started(request.param)


@pytest.fixture(params=SCREENS, ids=str)
def visitor(request: pytest.FixtureRequest, browser: Browser, municipality: Running) -> Iterator[Visitor]:
    """Somebody who opens its pages."""
    someone = arrive(browser, municipality.address, request.param)
    yield someone
    someone.page.context.close()


@pytest.mark.parametrize("municipality", representative(COLOURS), indirect=True)
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


@pytest.mark.parametrize("municipality", representative(PROMISE), indirect=True)
def test_from_the_first_page_to_the_figures(
    request: pytest.FixtureRequest, browser: Browser, municipality: Running
) -> None:
    promise = PROMISE[request.node.callspec.params["municipality"]]
    sender = arrive(browser, municipality.address, Screen(320, "light"))
    officer = arrive(browser, municipality.address, Screen(1280, "dark"))
    sent = steps.ask_from_the_start(sender)
    sender.sees(promise)

    steps.sign_in(officer, steps.EVA)
    steps.find(officer, sent)
    steps.take(officer)
    if promise == PROMISE["burlov"]:
        later = next_open(clock.today() + timedelta(days=30)).isoformat()
        steps.extend(officer, later, "Vi väntar på en besiktning.")
        officer.sees("Ny dag, eftersom vi väntar på en besiktning.")
    steps.ask_for_more(officer, "Vilket bad menar du?", (clock.today() + timedelta(days=7)).isoformat())

    steps.open_case(sender, sent)
    sender.sees("Fråga från Eva Nilsson")
    sender.write(body="Svanebadet.")
    sender.press("Skicka till Eva")
    steps.find(officer, sent)
    steps.answer(officer, "Den 1 juni.", "Skicka och avsluta")

    sender.open("/folj/arende")
    sender.sees("Den 1 juni.")
    sender.write(body="Av vilket år?")
    sender.press("Jag är inte nöjd")
    sender.sees("tar nu över ärendet.")
    steps.find(officer, sent)
    officer.sees("Avsändaren var inte nöjd med svaret")
    assert not officer.page.get_by_label("Ditt svar", exact=True).count()

    sender.follow("Statistik", "footer")
    assert sender.page.url.endswith("/statistik")
    for someone in (sender, officer):
        someone.page.context.close()
