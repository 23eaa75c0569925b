"""Somebody who takes pictures of the pages that they come to."""

from dataclasses import dataclass

from tests.browser.visitor import Visitor
from tests.running import ROOT

ALL = ROOT / "pictures"


@dataclass
class Camera:
    """Somebody who takes every page that they come to, to pictures/<width>-<scheme>/."""

    who: Visitor

    def take(self, name: str) -> None:
        """The whole page; whoever comes to it has looked at it."""
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
