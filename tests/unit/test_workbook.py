"""A workbook costs little memory however long it is, and keeps texts as texts."""

import io
import os
import re
import zipfile
from collections.abc import Callable, Iterator
from datetime import date
from multiprocessing import get_context
from multiprocessing.connection import Connection
from pathlib import Path

import pytest

from portal.statistics.inside.queries import MAX_CASES
from portal.web.backoffice.figures.files import CellValue, workbook

STATUS = Path("/proc/self/status")
# In kB: these rows cost 22 000 where they are kept until the end.
MOST = 8 * 1024


def rows(count: int) -> Iterator[list[CellValue]]:
    for number in range(count):
        day = date(2026, 1, 1 + number % 28)
        yield [
            f"KB-2026-{number:06d}",
            "Klagomål",
            "Parker och lekplatser",
            "Parkenheten",
            "Avslutat",
            2,
            day,
            day,
        ]


def kilobytes(name: str) -> int:
    match = re.search(rf"^{name}:\s+(\d+) kB$", STATUS.read_text(), re.MULTILINE)
    assert match
    return int(match[1])


def _measure(answer: Connection) -> None:
    # Linux: the peak is that of now.
    Path("/proc/self/clear_refs").write_text("5")
    before = kilobytes("VmRSS")
    size = sum(map(len, workbook([("Ärenden", rows(MAX_CASES))])))
    answer.send((kilobytes("VmHWM") - before, size))


def _in_child(task: Callable[[Connection], None]) -> tuple[int, int]:
    context = get_context("fork")
    ours, theirs = context.Pipe()
    child = context.Process(target=task, args=(theirs,))
    child.start()
    child.join(60)
    assert child.exitcode == 0
    grown, size = ours.recv()
    return grown, size


@pytest.mark.skipif(not os.access("/proc/self/clear_refs", os.W_OK), reason="no /proc to measure in")
def test_as_many_rows_as_a_workbook_may_have_cost_little_memory(
    record_property: Callable[[str, object], None],
) -> None:
    grown, size = _in_child(_measure)
    record_property("figures", f"a workbook of {MAX_CASES} cases: {size // 1024} kB, {grown} kB of memory")
    assert size > 100_000
    assert grown < MOST


def test_days_are_days_numbers_are_numbers_and_the_rest_is_text() -> None:
    row = ["=1+1", "https://exempel.se", "0712", 3, date(2026, 5, 4)]
    content = b"".join(workbook([("Ärenden", [row])]))
    sheet = zipfile.ZipFile(io.BytesIO(content)).read("xl/worksheets/sheet1.xml").decode()
    assert re.findall(r'<c r="(\w+)"(?: s="\d")?(?: t="(\w+)")?>', sheet) == [
        ("A1", "inlineStr"),
        ("B1", "inlineStr"),
        ("C1", "inlineStr"),
        ("D1", ""),
        ("E1", ""),
    ]
    assert "<f>" not in sheet
    assert "<v>46146</v>" in sheet
