"""/utkorg in a browser: the letters of one case, read in their frames."""

from playwright.sync_api import FrameLocator, Locator

from tests.browser.visitor import Visitor

DONE = "visas bara här"


def letter(reader: Visitor, subject: str) -> Locator:
    """The letter with this subject, once the worker has had it."""
    reader.open("/utkorg")
    found = reader.page.locator("article", has=reader.page.get_by_role("heading", name=subject, exact=True))
    reader.await_text(found, DONE)
    return found


def opened(one: Locator) -> FrameLocator:
    """The letter as its reader sees it."""
    if not one.locator("iframe").is_visible():
        one.get_by_text("Läs meddelandet").click()
    return one.frame_locator("iframe")
