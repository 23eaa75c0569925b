"""No line moves when fonts and scripts arrive on a slow line; each visitor watches that on every page."""

import pytest
from playwright.sync_api import Route

from tests.browser import steps
from tests.browser.conftest import Visit
from tests.browser.visitor import Screen, Visitor

PAGES = ["/", "/lamna", "/folj", "/om", "/tillganglighet", "/rutiner", "/statistik"]
LATE_MS = 400

pytestmark = pytest.mark.whole_browser


def hold_back(visitor: Visitor, kind: str) -> None:
    """What is of this kind comes late."""

    def late(route: Route) -> None:
        visitor.page.wait_for_timeout(LATE_MS)
        route.continue_()

    visitor.page.route(kind, late)


@pytest.mark.parametrize("width", [320, 1280])
def test_no_line_moves_when_a_font_comes_late(visit: Visit, width: int) -> None:
    visitor = visit(Screen(width, "light"))
    visitor.thorough = False
    hold_back(visitor, "**/*.woff2*")
    for path in PAGES:
        visitor.open(path)
        visitor.page.evaluate("document.fonts.ready.then(() => true)")
        visitor.look()


@pytest.mark.parametrize("width", [pytest.param(320, marks=pytest.mark.full), 1280])
def test_no_line_moves_when_a_script_comes_late(visit: Visit, width: int) -> None:
    sender, officer = visit(Screen(width, "light")), visit(Screen(width, "light"))
    sent = steps.ask(sender)
    steps.sign_in(officer)
    steps.find(officer, sent)
    officer.page.locator("#answer-body").fill("Måndag till fredag.")
    officer.press("Spara utkast")
    case = officer.page.url
    written = [
        (sender, ["/lamna/klagomal", "/lamna/felanmalan"]),
        (officer, [case, "/handlaggning/registrera"]),
    ]
    for visitor, paths in written:
        visitor.thorough = False
        # All of a page: a line that is not on the screen counts for nothing.
        visitor.page.set_viewport_size({"width": width, "height": 4000})
        hold_back(visitor, "**/*.js*")
        for path in paths:
            visitor.open(path)
            visitor.look()
            assert (path, visitor.page.evaluate("window.shifted")) == (path, 0)


def test_a_page_that_moves_is_noticed(visit: Visit) -> None:
    visitor = visit(Screen(320, "light"))
    visitor.open("/om")
    visitor.page.evaluate("document.body.style.paddingTop = '200px'")
    # Not wait_for_function(): while it waits it evaluates a string in the page, which the policy forbids.
    while not visitor.page.evaluate("window.shifted > 0"):
        visitor.page.wait_for_timeout(20)
    with pytest.raises(AssertionError, match="moves while it is loaded"):
        visitor.look()
