"""Files for a spreadsheet: CSV as Excel reads it where the comma is the decimal sign, and workbooks. Pure."""

from collections.abc import Sequence
from typing import IO, TYPE_CHECKING

if TYPE_CHECKING:
    from xlsxwriter import Workbook

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
# Of a workbook: texts stay texts, and become neither formulas nor links.
TEXTS_ONLY = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
# Without it Excel takes UTF-8 for the code page of the computer.
BYTE_ORDER_MARK = "\ufeff"
# A cell that begins so is a formula, and a formula may send what is in the sheet elsewhere. Excel takes
# full-width signs for narrow ones.
FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


def line(cells: Sequence[str]) -> str:
    """A line of a file, with its line end (RFC 4180)."""
    return ";".join(map(_cell, cells)) + "\r\n"


def new_workbook(file: IO[bytes], **options: bool) -> "Workbook":
    """A workbook that is written to the file when its block ends."""
    # Imported here: a web process that makes no workbook is spared 2 MB.
    from xlsxwriter import Workbook

    return Workbook(file, TEXTS_ONLY | options)


def _cell(text: str) -> str:
    # A spreadsheet may trim the spaces before it looks for a formula.
    is_formula = text.startswith(FORMULA) or text.lstrip().startswith(FORMULA)
    escaped = text.replace('"', '""')
    return f'"\'{escaped}"' if is_formula else f'"{escaped}"'
