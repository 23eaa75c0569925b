"""Contrast is measured once for each kind of element, and every kind that is new is measured."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page

from tests.browser.visitor import faults

PAGE = """<!DOCTYPE html><html lang="sv"><title>Sida</title><style>
  body { background: #fff } .faint { color: #ccc } .dark .faint { color: #222 } li + li { color: #ddd }
</style><body><main><h1>Sida</h1>%s</main></body></html>"""
FAINT = '<p class="faint">Svagt</p>'


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    context = browser.new_context()
    yield context.new_page()
    context.close()


def measured(page: Page, body: str, known: set[str]) -> list[str]:
    """The rules that a page breaks; what is new of it is known from then on."""
    page.set_content(PAGE % body)
    found, kinds = faults(page, known)
    known.update(kinds)
    return [fault.partition(":")[0] for fault in found]


def test_a_faint_text_is_found_where_it_is_new_and_not_measured_again(page: Page) -> None:
    known: set[str] = set()
    assert measured(page, "<p>Tydligt</p>", known) == []
    assert measured(page, f"<p>Tydligt</p>{FAINT}", known) == ["color-contrast"]
    before = len(known)
    measured(page, f"<p>Tydligt</p>{FAINT}", known)
    assert len(known) == before


@pytest.mark.parametrize(
    ("good", "faint"),
    [
        (f'<div class="dark">{FAINT}</div>', f"<div>{FAINT}</div>"),
        ("<ul><li>Ett</li></ul>", "<ul><li>Ett</li><li>Två</li></ul>"),
        ("<p>Ett</p>", '<p style="color: #ccc">Ett</p>'),
    ],
    ids=["another parent", "another place", "another style"],
)
def test_what_looks_otherwise_is_another_kind(page: Page, good: str, faint: str) -> None:
    known: set[str] = set()
    assert measured(page, good, known) == []
    assert measured(page, faint, known) == ["color-contrast"]
