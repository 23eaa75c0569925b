"""Screenshots of the pages that a visitor opens."""

from dataclasses import dataclass

from tests.browser.visitor import Visitor
from tests.running import ROOT

ALL = ROOT / "pictures"


@dataclass
class Camera:
    """A visitor whose every page is saved as a screenshot in pictures/<width>-<scheme>/."""

    who: Visitor

    def take(self, name: str) -> None:
        """Save a screenshot of the whole page."""
        self.who.page.screenshot(path=ALL / str(self.who.screen) / f"{name}.png", full_page=True)

    def visit(self, **pages: str) -> None:
        """Pages by their address."""
        for name, path in pages.items():
            self.who.open(path)
            self.take(name.replace("_", "-"))

    def sign_in(self, name: str, button: str) -> None:
        """Past Testlegitimering."""
        self.who.open("/logga-in?nasta=/mina-sidor")
        self.who.follow(button)
        self.take("testlegitimering")
        self.who.go(self.who.page.get_by_role("button", name=name))
        self.take("testlegitimering-confirm")
        self.who.press("Bekräfta")
