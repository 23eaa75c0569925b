"""Somebody at a screen. Every page that they come to is checked before they go on."""

from collections.abc import Collection
from dataclasses import dataclass, field
from typing import Literal
from urllib.parse import urljoin, urlsplit

from axe_playwright_python.base import AXE_SCRIPT  # type: ignore[import-untyped]
from playwright.sync_api import Browser, ConsoleMessage, Locator, Page, Response, expect
from playwright.sync_api import TimeoutError as TookTooLong

Scheme = Literal["light", "dark"]
WCAG = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
# Where a page may run no script its timers stand still, and axe would wait for them for ever. A letter's
# frame lets nothing run at all: letters are looked at as pages of their own.
# Contrast is half of what axe costs, and depends on the styles of an element and of those around it. One that
# looks as another did on such a screen, by the names, classes and attributes up to the root, is not measured
# again: the kinds that are new on the page are returned with the faults.
AXE = """async ([tags, known]) => {
  window.setTimeout = (then, wait) => { if (!wait) Promise.resolve().then(then); return 0 }
  const seen = new Set(known), fresh = new Map(), kinds = new Map()
  const text = new Set(["id", "href", "for", "name", "value", "action", "title", "datetime", "content"])
  const own = element => [element.tagName, !element.previousElementSibling, !element.nextElementSibling,
    element.previousElementSibling?.tagName, element.previousElementSibling?.className,
    ...[...element.attributes].filter(one => !text.has(one.name) && !one.name.startsWith("aria-label"))
      .map(one => `${one.name}=${one.value}`).sort()].join(" ")
  const kind = element => {
    if (!kinds.has(element)) {
      kinds.set(element, own(element) + (element.parentElement ? " < " + kind(element.parentElement) : ""))
    }
    return kinds.get(element)
  }
  const shows = element => element.matches("input, select, textarea")
    || [...element.childNodes].some(node => node.nodeType === Node.TEXT_NODE && node.data.trim())
  for (const element of document.body.querySelectorAll("*")) {
    if (shows(element) && !seen.has(kind(element))) fresh.set(kind(element), element)
  }
  const options = {resultTypes: ["violations"], iframes: false}
  const rules = {"color-contrast": {enabled: false}}
  const runs = [await axe.run(document, {...options, runOnly: {type: "tag", values: tags}, rules})]
  if (fresh.size) {
    runs.push(await axe.run([...fresh.values()], {...options, runOnly: ["color-contrast"]}))
  }
  const found = runs.flatMap(run => run.violations)
  const faults = found.flatMap(one => one.nodes.map(node => `${one.id}: ${node.html.slice(0, 200)}`))
  return [faults, [...fresh.keys()]]
}"""
# The elements and attributes of a page without its words and numbers: what axe judges. Of equal rows three
# are left, since the first and the last may look different.
STRUCTURE = """() => {
  const kept = /^(class|style|role|type|lang|dir|for|id|scope|autocomplete|tabindex|hidden|(aria|data)-.*)$/
  const attributes = element => [...element.attributes].map(({name, value}) =>
    name + "=" + (kept.test(name) ? value.replace(/[0-9]+/g, "0") : value.trim() && "x")).sort().join(" ")
  const draw = element => {
    const parts = []
    for (const child of element.childNodes) {
      let part = ""
      if (child.nodeType === Node.TEXT_NODE) part = child.data.trim() && "x"
      if (child.nodeType === Node.ELEMENT_NODE) part = `<${child.tagName} ${attributes(child)}>${draw(child)}`
      const last = parts.slice(-3)
      if (part && !(last.length === 3 && last.every(before => before === part))) parts.push(part)
    }
    return parts.join("")
  }
  return draw(document.documentElement)
}"""
# What moves while a page is loaded (Layout Instability API), without what the reader moves.
COUNT_SHIFTS = """() => {
  window.shifted = 0
  new PerformanceObserver(list => {
    for (const entry of list.getEntries()) if (!entry.hadRecentInput) window.shifted += entry.value
  }).observe({type: "layout-shift", buffered: true})
}"""
MAX_SHIFT = 0.02
PATIENCE_MS = 15_000
# By screen, and by the server that the colours come from.
WELL_MADE: set[tuple["Screen", str, str]] = set()
# The kinds of elements whose contrast was good, by the same.
MEASURED: dict[tuple["Screen", str], set[str]] = {}


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
        self.page.evaluate(COUNT_SHIFTS)
        wide, inner = self.page.evaluate("[document.documentElement.scrollWidth, innerWidth]")
        assert wide <= inner, f"{self.page.url} is {wide} px wide on a screen of {inner}"
        if self.thorough:
            assert (self.page.url, self.faults()) == (self.page.url, [])
        # It comes a moment after it was asked for.
        shifted = self.page.evaluate("window.shifted")
        assert shifted < MAX_SHIFT, f"{self.page.url} moves while it is loaded: {shifted:.3f}"
        assert self.complaints == []

    def faults(self) -> list[str]:
        """What axe finds; a structure that it has gone through on such a screen is not gone through again."""
        server = urlsplit(self.page.url).netloc
        shown = self.screen, server, self.page.evaluate(STRUCTURE)
        if shown not in WELL_MADE:
            known = MEASURED.setdefault((self.screen, server), set())
            found, kinds = faults(self.page, known)
            if found:
                return found
            known.update(kinds)
            WELL_MADE.add(shown)
        return []


def faults(page: Page, known: Collection[str] = ()) -> tuple[list[str], list[str]]:
    """What axe finds, and the kinds of elements whose contrast it measured; not that of known kinds."""
    page.evaluate(AXE_SCRIPT)
    found, kinds = page.evaluate(AXE, [WCAG, list(known)])
    return found, kinds


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
