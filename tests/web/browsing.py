"""A browser without script that goes wherever it is sent: to a real portal, to its providers, and back."""

from dataclasses import dataclass, field
from urllib.parse import urljoin

import requests
from bs4 import BeautifulSoup, Tag

from tests.running import PATIENCE

UNSENT = ("checkbox", "radio", "submit")


@dataclass
class Browser:
    """One person's cookies, and the page that they look at."""

    portal: str
    session: requests.Session = field(default_factory=requests.Session)
    shown: requests.Response = field(default_factory=requests.Response)
    soup: BeautifulSoup = field(default_factory=lambda: BeautifulSoup("", "html.parser"))

    def open(self, address: str) -> None:
        """Open an address: of the portal, unless it says otherwise."""
        self._see(self.session.get(urljoin(self.portal, address), timeout=PATIENCE))

    def press(self, button: str, **changes: str) -> None:
        """Press the first button that fits, with what its form holds and what is changed there."""
        pressed = self._find(button)
        form = pressed.find_parent("form")
        assert form
        fields = [tag for tag in form.find_all("input") if tag.get("type") not in UNSENT]
        sent = {str(tag["name"]): str(tag.get("value", "")) for tag in [*fields, pressed] if tag.get("name")}
        action = urljoin(self.shown.url, str(form.get("action", "")))
        self._see(self.session.post(action, data=sent | changes, timeout=PATIENCE))

    def has(self, selector: str) -> bool:
        """Whether the page has something that fits."""
        return self.soup.select_one(selector) is not None

    def text(self, selector: str) -> str:
        """The text of the first element that fits."""
        return self._find(selector).get_text(" ", strip=True)

    @property
    def links(self) -> dict[str, str]:
        """Where each link leads, by its text."""
        return {tag.get_text(" ", strip=True): str(tag["href"]) for tag in self.soup.select("a[href]")}

    @property
    def is_home(self) -> bool:
        """Whether it stands on a page of the portal."""
        return self.shown.url.startswith(f"{self.portal}/")

    @property
    def path(self) -> str:
        """Where it stands, as the portal would say it; the whole address elsewhere."""
        return self.shown.url.removeprefix(self.portal)

    def _find(self, selector: str) -> Tag:
        found = self.soup.select_one(selector)
        assert found, f"{self.shown.status_code} {self.shown.url} has no {selector}:\n{self.soup}"
        return found

    def _see(self, shown: requests.Response) -> None:
        self.shown, self.soup = shown, BeautifulSoup(shown.text, "html.parser")
