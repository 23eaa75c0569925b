"""What is not measured again: the contrast of a kind of element, and a page of the same structure."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page

from tests.browser import axe

PAGE = """<!DOCTYPE html><html lang="sv"><title>Sida</title><style>
  body { background: #fff } .faint { color: #ccc } .dark .faint { color: #222 } li + li { color: #ddd }
</style><body><main><h1>Sida</h1>%s</main></body></html>"""
FAINT = '<p class="faint">Svagt</p>'


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    context = browser.new_context()
    yield context.new_page()
    context.close()


def measured(page: Page, body: str, known: set[int]) -> list[str]:
    """The rules that a page breaks; what is new of it is known from then on."""
    page.set_content(PAGE % body)
    kinds = axe.outline(page).kinds
    found = axe.faults(page, kinds - known, is_new_structure=True)
    known |= kinds
    return [fault.partition(":")[0] for fault in found]


def test_a_faint_text_is_found_where_it_is_new_and_not_measured_again(page: Page) -> None:
    known: set[int] = set()
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
    known: set[int] = set()
    assert measured(page, good, known) == []
    assert measured(page, faint, known) == ["color-contrast"]


UNMARKED = '<p>Läs <a href="/1" style="color: #333; text-decoration: none">mer</a> om badet.</p>'


def test_what_is_of_colours_is_found_where_the_structure_is_known_and_all_else_where_it_is_not(
    page: Page,
) -> None:
    page.set_content(PAGE % f"{FAINT}{UNMARKED}<button></button>")
    kinds = axe.outline(page).kinds
    of_colours = axe.faults(page, kinds, is_new_structure=False)
    assert sorted(fault.partition(":")[0] for fault in of_colours) == [
        "color-contrast",
        "link-in-text-block",
    ]
    others = axe.faults(page, (), is_new_structure=True)
    assert [fault.partition(":")[0] for fault in others] == ["button-name"]
    assert axe.faults(page, (), is_new_structure=False) == []


def structure(page: Page, body: str) -> int:
    page.set_content(PAGE % body)
    return axe.outline(page).structure


ROW = '<li id="row-1"><a href="/1">Ett</a></li>'


@pytest.mark.parametrize(
    "same",
    [ROW.replace("1", "2"), ROW.replace("Ett", "Två ord")],
    ids=["other numbers", "other words"],
)
def test_other_words_and_numbers_make_no_other_structure(page: Page, same: str) -> None:
    assert structure(page, f"<ul>{same}</ul>") == structure(page, f"<ul>{ROW}</ul>")
    assert structure(page, f"<ul>{same * 9}</ul>") == structure(page, f"<ul>{ROW * 4}</ul>")


@pytest.mark.parametrize(
    "other",
    [
        ROW.replace("Ett", " "),
        ROW.replace("<li", '<li class="faint"'),
        ROW.replace("<a", '<a data-color="danger"'),
        ROW.replace("<a", '<a aria-label="Ett"'),
        ROW.replace("/1", ""),
        ROW * 2,
    ],
    ids=["no words", "another class", "another colour", "a name", "no address", "two rows"],
)
def test_what_axe_may_judge_otherwise_is_another_structure(page: Page, other: str) -> None:
    assert structure(page, f"<ul>{other}</ul>") != structure(page, f"<ul>{ROW}</ul>")
