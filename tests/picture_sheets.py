"""A sheet for each page: its pictures side by side, each after the picture that it is to resemble, if any.

The folder of those pictures is named by LOOK: `<name>-<width>.png`, and `<name>-<width>-dark.png`.
"""

import os
from collections.abc import Iterator
from html import escape
from pathlib import Path

from playwright.sync_api import Browser

from tests.browser.visitor import Screen
from tests.camera import ALL

SHEETS = ALL / "sheets"
# What our pictures are called, where the look has another name.
LOOKS = {
    "mina-sidor-maria": "mina-sidor",
    "mina-sidor-elsa": "mina-sidor-tom",
    "case-by-code": "case-citizen",
    "queue-unit": "queue",
    "figures": "statistik",
}
STYLE = """
body { margin: 16px; background: #888; font: 16px sans-serif }
body { display: inline-flex; gap: 16px; align-items: start }
figure { margin: 0 } figcaption { padding: 4px; background: #fff } img { display: block; max-height: 6000px }
"""


def draw(browser: Browser, screens: list[Screen]) -> None:
    """Save a sheet of each page that there are pictures of, in pictures/sheets/."""
    SHEETS.mkdir(parents=True, exist_ok=True)
    page = browser.new_page(viewport={"width": 100, "height": 100})
    for name in sorted({file.stem for screen in screens for file in _folder(screen).glob("*.png")}):
        document = SHEETS / f"{name}.html"
        document.write_text(_document(name, screens), encoding="utf-8")
        page.goto(document.as_uri())
        page.screenshot(path=SHEETS / f"{name}.png", full_page=True)
        document.unlink()
    page.close()


def _folder(screen: Screen) -> Path:
    return ALL / str(screen)


def _document(name: str, screens: list[Screen]) -> str:
    figures = "".join(_figure(*each) for screen in screens for each in _pictures(name, screen))
    return f"<!doctype html><meta charset=utf-8><style>{STYLE}</style>{figures}"


def _pictures(name: str, screen: Screen) -> Iterator[tuple[str, Path, int]]:
    """The title, file and drawn width of the look's picture and of ours, those that exist."""
    dark = "-dark" if screen.scheme == "dark" else ""
    look = Path(os.environ.get("LOOK", "")) / f"{LOOKS.get(name, name)}-{screen.width}{dark}.png"
    width = screen.width // 2 if screen.width > 600 else screen.width
    for title, file in (("look", look), (f"{name} {screen}", _folder(screen) / f"{name}.png")):
        if file.is_file():
            yield title, file.resolve(), width


def _figure(title: str, file: Path, width: int) -> str:
    picture = f'<img src="{file.as_uri()}" width={width}>'
    return f"<figure><figcaption>{escape(title)}</figcaption>{picture}</figure>"
