"""A board's report as a PDF and as a workbook: what readers of files need, and texts that stay texts."""

import io
import re
import zipfile
from collections.abc import Iterator

import pikepdf
import pytest

from portal import db
from portal.board_reports import commands
from portal.board_reports.rules import Section
from portal.web import pdf
from tests.page import Page
from tests.plain_text import plain
from tests.web.backoffice.test_board_reports import Office, case, fixed, office, page, stored

__all__ = ["case", "office", "page"]
# A file is the same of either database.
pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
SUMMARY = "=1+1 var för mycket."
SHEETS = ["Sammanfattning", "Siffror", "Kom in", "Mönster", "Förbättringar", "Förslag", "Ärenden"]


@pytest.fixture(autouse=True)
def summary(office: Office) -> None:
    """What is written in the draft would be a formula in a spreadsheet."""
    with db.transaction():
        commands.comment(office.head, office.report, {Section.SUMMARY: SUMMARY}, stored(office).version)


def downloaded(page: Page, address: str) -> bytes:
    response = page.get(address).response
    assert response.headers["Cache-Control"] == "no-store"
    assert re.search(
        r"attachment; filename=namndrapport-\S+-utkast\.", response.headers["Content-Disposition"]
    )
    return response.data


def test_the_pdf_is_tagged_named_and_says_on_each_page_that_it_is_a_draft(page: Page, office: Office) -> None:
    with pikepdf.open(io.BytesIO(downloaded(page, office.address("/rapport.pdf")))) as draft:
        assert draft.Root.Lang == "sv"
        assert bool(draft.Root.MarkInfo.Marked)
        assert bool(draft.Root.ViewerPreferences.DisplayDocTitle)
        with draft.open_metadata() as metadata:
            assert metadata["pdfuaid:part"] == "1"
            assert plain(metadata["dc:title"]).startswith("Tekniska nämnden, mars 2026, utkast")
        elements = list(structure(draft.Root.StructTreeRoot))
        headings = [name for name in elements if re.fullmatch(r"/H\d", name)]
        assert headings == ["/H1", *["/H2"] * 9]
        assert {"/Table", "/TH", "/TD", "/Caption"} <= set(elements)
        assert len(draft.pages) > 1
        assert all("Utkast" in text_of(each) for each in draft.pages)
    assert page.get(office.address("/utskrift")).has(".paper-draft")
    fixed(office)
    assert "Utkast" not in page.get(office.address("/utskrift")).text


def structure(element: pikepdf.Object) -> Iterator[str]:
    """The kinds of the elements of the structure tree, in the order in which they are read."""
    if isinstance(element, pikepdf.Dictionary):
        if "/S" in element:
            yield str(element.S)
        yield from structure(element.get("/K", pikepdf.Array()))
    elif isinstance(element, pikepdf.Array):
        for child in element:
            yield from structure(child)


def text_of(page: pikepdf.Page) -> str:
    """The text of a page, by the tables of its fonts."""
    tables = {name: to_unicode(font) for name, font in page.resources.Font.items()}
    text, known = "", {}
    for operands, operator in pikepdf.parse_content_stream(page):
        if str(operator) == "Tf":
            known = tables[str(operands[0])]
        for operand in operands if str(operator) in ("Tj", "TJ") else []:
            for part in operand if isinstance(operand, pikepdf.Array) else [operand]:
                if isinstance(part, pikepdf.String):
                    written = bytes(part)
                    text += "".join(known.get(written[at : at + 2], "") for at in range(0, len(written), 2))
        text += " " if str(operator) == "ET" else ""
    return text


def to_unicode(font: pikepdf.Object) -> dict[bytes, str]:
    pairs = re.findall(rb"<([0-9a-fA-F]{4})> <([0-9a-fA-F]+)>\s", font.ToUnicode.read_bytes())
    return {
        bytes.fromhex(code.decode()): bytes.fromhex(to.decode()).decode("utf-16-be") for code, to in pairs
    }


def test_the_workbook_has_a_sheet_for_each_part_and_no_formula(page: Page, office: Office) -> None:
    book = zipfile.ZipFile(io.BytesIO(downloaded(page, office.address("/rapport.xlsx"))))
    assert re.findall(r'<sheet name="([^"]+)"', book.read("xl/workbook.xml").decode()) == SHEETS
    sheets = [book.read(f"xl/worksheets/sheet{at}.xml").decode() for at in range(1, len(SHEETS) + 1)]
    assert not [sheet for sheet in sheets if "<f>" in sheet]
    texts = book.read("xl/sharedStrings.xml").decode()
    # Each sheet begins with "Utkast", which is the first of the strings.
    assert re.findall("<t[^>]*>([^<]*)</t>", texts)[0] == "Utkast"
    assert all(re.search(r'<c r="A1"[^>]* t="s"><v>0</v>', sheet) for sheet in sheets)
    assert SUMMARY in texts
    assert "Tekniska nämnden, mars 2026" in texts
    # A count is a number, so that it can be added up.
    assert "<v>5</v>" in sheets[1]


def test_the_print_is_in_the_language_of_the_municipality_and_stands_in_for_the_pdf(
    page: Page, office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    page.get("/sprak/en", 303)
    shown = page.get(office.address("/utskrift"))
    assert shown.find("html")["lang"] == "sv"
    assert shown.links["Hämta som pdf"] == office.address("/rapport.pdf")
    monkeypatch.setattr(pdf, "available", lambda: False)
    assert page.get(office.address("/rapport.pdf"), 404).links["Till utskriften"] == office.address(
        "/utskrift"
    )
    assert "Hämta som pdf" not in page.get(office.address("/utskrift")).links
