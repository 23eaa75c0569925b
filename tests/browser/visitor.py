"""Somebody at a screen. Every page that they come to is checked before they go on."""

from dataclasses import dataclass, field
from typing import Literal
from urllib.parse import urljoin, urlsplit

from playwright.sync_api import Browser, ConsoleMessage, Locator, Page, Response, expect
from playwright.sync_api import TimeoutError as TookTooLong

from tests.browser import axe

Scheme = Literal["light", "dark"]
# What moves while a page is loaded (Layout Instability API) without the reader; and how wide the page is.
MEASURE = """() => {
  window.shifted = 0
  new PerformanceObserver(list => {
    for (const entry of list.getEntries()) if (!entry.hadRecentInput) window.shifted += entry.value
  }).observe({type: "layout-shift", buffered: true})
  return [document.documentElement.scrollWidth, innerWidth]
}"""
MAX_SHIFT = 0.02
PATIENCE_MS = 15_000
# What axe has gone through: structures by width, those whose colours were looked at by screen, and the kinds
# of elements that these had; all of them by the server that the styles come from.
STRUCTURES: set[tuple[str, int, bool, int]] = set()
COLOURED: set[tuple[str, "Screen", int]] = set()
KINDS: dict[tuple[str, "Screen"], set[int]] = {}


@dataclass(frozen=True)
class Screen:
    """What a page is shown on."""

    width: int
    scheme: Scheme
    script: bool = True

    def __str__(self) -> str:
        return f"{self.width}-{self.scheme}" + ("" if self.script else "-no-script")


@dataclass
class Visitor:
    """A browser of one's own, and what it complained of."""

    page: Page
    address: str
    screen: Screen
    complaints: list[str] = field(default_factory=list)
    status: int = 0
    # Whether axe goes through the pages too: not those that others look at in the same journey.
    thorough: bool = True

    def __post_init__(self) -> None:
        self.page.set_default_timeout(PATIENCE_MS)
        self.page.on("console", self._hear)
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.page.on("response", self._note)

    def _hear(self, message: ConsoleMessage) -> None:
        """Chromium calls an error page an error too; the tests ask for its status themselves."""
        own = message.text.startswith("Failed to load resource") and message.location["url"] == self.page.url
        if message.type in ("error", "warning") and not own:
            self.complaints.append(f"{self.page.url}: {message.text}")

    def _note(self, response: Response) -> None:
        if response.request.is_navigation_request() and response.frame == self.page.main_frame:
            self.status = response.status

    def open(self, path: str) -> None:
        """Go to an address."""
        self.page.goto(urljoin(self.address, path))
        self.look()

    def press(self, name: str, within: str = "body") -> None:
        """Press a button, and look at where it leads."""
        self.go(self.page.locator(within).get_by_role("button", name=name, exact=True))

    def follow(self, name: str, within: str = "body") -> None:
        """Follow a link, and look at where it leads."""
        self.go(self.page.locator(within).get_by_role("link", name=name, exact=True))

    def go(self, control: Locator) -> None:
        """Use what leads to another page."""
        with self.page.expect_navigation():
            control.click()
        self.look()

    def back(self, path: str) -> None:
        """Press Back, which leads to the address; a page from the cache of the browser loads nothing."""
        # Later, because a script cannot return to a page that it has left.
        self.page.evaluate("() => void setTimeout(() => history.back())")
        self.page.wait_for_url(urljoin(self.address, path), wait_until="commit")

    def write(self, **fields: str) -> None:
        """Fill fields in by their names."""
        for name, text in fields.items():
            self.page.locator(f"main [name={name}]:visible").first.fill(text)

    def sees(self, text: str) -> None:
        """The text stands on the page, where it can be seen."""
        expect(self.page.locator("main").get_by_text(text).filter(visible=True).first).to_be_visible()

    def sees_no(self, text: str) -> None:
        """The text is nowhere in the page, seen or not."""
        assert text not in self.page.content()

    def await_text(self, locator: Locator, text: str) -> None:
        """Load the page again until the text is there."""
        for _attempt in range(40):
            try:
                return locator.filter(has_text=text).first.wait_for(state="attached", timeout=500)
            except TookTooLong:
                self.page.reload()
        raise AssertionError(f"{text!r} never came to {self.page.url}")

    @property
    def h1(self) -> str:
        """The heading of the page."""
        return self.page.locator("h1").inner_text()

    @property
    def focused(self) -> str:
        """The id of what has the focus, or what stands for it."""
        told = "e => e.id || e.getAttribute('aria-labelledby') || e.name || e.innerText || e.tagName"
        return str(self.page.evaluate(f"({told})(document.activeElement)"))

    def look(self) -> None:
        """No fault in the sense of WCAG A and AA, nothing that scrolls sideways, no complaint."""
        self.page.wait_for_load_state()  # a page without its style is wider than it will be
        wide, inner = self.page.evaluate(MEASURE)
        assert wide <= inner, f"{self.page.url} is {wide} px wide on a screen of {inner}"
        if self.thorough:
            assert (self.page.url, self.faults()) == (self.page.url, [])
        # It comes a moment after it was asked for.
        shifted = self.page.evaluate("window.shifted")
        assert shifted < MAX_SHIFT, f"{self.page.url} moves while it is loaded: {shifted:.3f}"
        assert self.complaints == []

    def faults(self) -> list[str]:
        """What axe finds; a structure that it has gone through on such a screen is not gone through again."""
        server, screen, shown = urlsplit(self.page.url).netloc, self.screen, axe.outline(self.page)
        coloured = server, screen, shown.structure
        if coloured in COLOURED:
            return []
        # All but colours is the same in the light and in the dark.
        structure = server, screen.width, screen.script, shown.structure
        known = KINDS.setdefault((server, screen), set())
        found = axe.faults(self.page, shown.kinds - known, structure not in STRUCTURES)
        if not found:
            known |= shown.kinds
            STRUCTURES.add(structure)
            COLOURED.add(coloured)
        return found


def arrive(browser: Browser, address: str, screen: Screen) -> Visitor:
    """A new person with a new browser: no cookie, Swedish, in Sweden."""
    context = browser.new_context(
        viewport={"width": screen.width, "height": 800},
        color_scheme=screen.scheme,
        java_script_enabled=screen.script,
        locale="sv-SE",
        timezone_id="Europe/Stockholm",
        reduced_motion="reduce",
    )
    return Visitor(context.new_page(), address, screen)
