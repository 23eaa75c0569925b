"""/utkorg in a browser: the letters of one case, read in their frames, and its SMS."""

from playwright.sync_api import FrameLocator, Locator

from tests.browser.visitor import Visitor

DONE = "visas bara här"


def look_in(reader: Visitor) -> None:
    """Go to the outbox, for whoever is not there."""
    if not reader.page.url.endswith("/utkorg"):
        reader.open("/utkorg")


def letter(reader: Visitor, subject: str) -> Locator:
    """The letter with this subject, once the worker has had it."""
    look_in(reader)
    found = reader.page.locator("article", has=reader.page.get_by_role("heading", name=subject, exact=True))
    reader.await_text(found, DONE)
    return found


def text(reader: Visitor, number: str, words: str) -> Locator:
    """The SMS about this case with these words, once the worker has had it."""
    look_in(reader)
    about = reader.page.locator("article").filter(has_text=number)
    found = about.filter(has=reader.page.locator(".message-body", has_text=words))
    reader.await_text(found, DONE)
    return found


def opened(one: Locator) -> FrameLocator:
    """The letter as its reader sees it."""
    if not one.locator("iframe").is_visible():
        one.get_by_text("Läs meddelandet").click()
    return one.frame_locator("iframe")
