"""The figures as files for a spreadsheet, and the cases of a head as one: a batch of rows at a time."""

import tempfile
from collections.abc import Iterable, Iterator, Sequence
from contextlib import ExitStack
from datetime import date
from itertools import chain
from typing import IO, TYPE_CHECKING

from portal import clock
from portal.cases.queue import conditions
from portal.cases.queue.filters import Filters
from portal.cases.queue.listing import ORDERS, QueueRow, list_cases
from portal.formats import spreadsheet
from portal.identity.actors import Staff
from portal.pagination import BEGINNING, place
from portal.statistics.figures.records import TooManyCases
from portal.statistics.figures.sums import Fate
from portal.statistics.inside import queries
from portal.statistics.inside.cells import fates, figure, year_before
from portal.statistics.inside.rules import SHARES, Group, Hidden, Measure, Part, Value, sees_cases, whole
from portal.translation import gettext as _
from portal.web.backoffice.figures import columns, survey_table
from portal.web.backoffice.figures.choice import GROUPS, Asked
from portal.words.dates import breakable, capital
from portal.words.kinds import KINDS
from portal.words.labels import STATUS

if TYPE_CHECKING:
    from xlsxwriter import Workbook

BATCH = 1000
CHUNK = 64 * 1024
CellValue = str | int | date
# Its title and its rows.
Sheet = tuple[str, Iterable[Sequence[CellValue]]]


def table(actor: Staff, wanted: Asked, groups: Sequence[Group]) -> Iterator[list[CellValue]]:
    """The headings and a row for each group, all groups first; shares as a count and a total."""
    exact = sees_cases(actor)
    names = columns.group_names(wanted.by)
    yield [str(GROUPS[wanted.grouped][1]), *_headings()]
    yield [_("Alla"), *_row(whole(list(groups)), exact)]
    for group in groups:
        # Plain spaces, so that a spreadsheet finds "maj 2026".
        yield [breakable(columns.group_name(wanted.by, group, names)), *_row(group, exact)]


def _headings() -> list[str]:
    cells = []
    for measure in columns.measures():
        for label in (columns.name(measure), _("%(name)s, året före", name=columns.name(measure))):
            cells += [label, _("%(name)s, av", name=label)] if measure in SHARES else [label]
    return cells + [str(columns.FATES[fate]) for fate in Fate]


def _row(group: Group, exact: bool) -> list[CellValue]:
    cells: list[CellValue] = []
    both = group, year_before(group)
    for measure in columns.measures():
        for of in both:
            cells += _cells(measure, figure(measure, of, exact))
    counts = fates(group, exact)
    return cells + [_number(counts[fate]) for fate in Fate]


def _cells(measure: Measure, shown: Value) -> list[CellValue]:
    match shown:
        case Part(count, total):
            return [count, total]
        case Hidden() if measure in SHARES:
            return [_number(shown)] * 2
        case _:
            return [_number(shown)]


def _number(shown: Value) -> CellValue:
    if isinstance(shown, Hidden):
        return "" if shown is Hidden.NONE else columns.hidden(shown)
    return shown if isinstance(shown, int) else ""


def sheets(actor: Staff, wanted: Asked, groups: Sequence[Group]) -> list[Sheet]:
    """The figures of the cases, and those of the survey if there are any."""
    cases: Sheet = _("Uppföljning"), table(actor, wanted, groups)
    survey = survey_table.file_rows(actor, wanted)
    return [cases, (survey_table.title(), survey)] if survey else [cases]


def csv_lines(of_sheets: Iterable[Sheet]) -> Iterator[str]:
    """The lines of a CSV file, with an empty line between sheets."""
    yield spreadsheet.BYTE_ORDER_MARK
    for number, (_title, rows) in enumerate(of_sheets):
        for row in chain([[]] if number else [], rows):
            yield spreadsheet.line([str(cell) for cell in row])


def workbook(of_sheets: Iterable[Sheet]) -> Iterator[bytes]:
    """A workbook, a chunk at a time: it is written to a file, and a row at a time is in memory."""
    with ExitStack() as stack:
        file = stack.enter_context(tempfile.TemporaryFile())
        # A row is written before the next one is made.
        with spreadsheet.new_workbook(file, constant_memory=True) as book:
            book.set_properties({"created": clock.now().replace(tzinfo=None)})
            for title, rows in of_sheets:
                _write(book, rows, title)
        file.seek(0)
        # Closed when its last chunk has been read; here only if it cannot be written.
        stack.pop_all()
    return _chunks(file)


def _write(book: "Workbook", rows: Iterable[Sequence[CellValue]], title: str) -> None:
    day = book.add_format({"num_format": "yyyy-mm-dd"})
    sheet = book.add_worksheet(title)
    sheet.freeze_panes(1, 1)
    for number, row in enumerate(rows):
        for position, cell in enumerate(row):
            if isinstance(cell, int):
                sheet.write_number(number, position, cell)
            elif isinstance(cell, date):
                sheet.write_datetime(number, position, cell, day)
            else:
                sheet.write_string(number, position, cell)


def _chunks(file: IO[bytes]) -> Iterator[bytes]:
    with file:
        while chunk := file.read(CHUNK):
            yield chunk


def case_lines(actor: Staff, filters: Filters) -> Iterator[str]:
    """The cases of a list of the queue as the lines of a CSV file: no text and no sender.

    The first batch is read when this is called, so that a failure gives an error page and no broken file.
    """
    batches = _batches(actor, filters)
    first = next(batches)
    begins = spreadsheet.BYTE_ORDER_MARK + spreadsheet.line(_case_headings())
    return chain([begins], (_written(rows) for rows in chain([first], batches)))


def case_workbook(actor: Staff, filters: Filters) -> Iterator[bytes]:
    """The same as a workbook. Raises TooManyCases above MAX_CASES: it is complete before it is sent."""
    return workbook([(_("Ärenden"), _case_rows(actor, filters))])


def _case_rows(actor: Staff, filters: Filters) -> Iterator[Sequence[CellValue]]:
    yield _case_headings()
    count = 0
    for rows in _batches(actor, filters):
        count += len(rows)
        if count > queries.MAX_CASES:
            raise TooManyCases
        yield from map(_case_cells, rows)


def _case_headings() -> list[str]:
    return [_("Ärende"), _("Typ"), _("Ämne"), _("Enhet"), _("Läge"), _("Nivå"), _("Kom in"), _("Sista dag")]


def _written(rows: Sequence[QueueRow]) -> str:
    return "".join(spreadsheet.line([str(cell) for cell in _case_cells(row)]) for row in rows)


def _case_cells(row: QueueRow) -> list[CellValue]:
    return [
        row.reference,
        capital(str(KINDS[row.kind].name)),
        row.category or "",
        row.unit,
        str(STATUS[row.status].text),
        row.level or "",
        clock.stockholm(row.received_at).date(),
        row.due_answer or "",
    ]


def _batches(actor: Staff, filters: Filters) -> Iterator[Sequence[QueueRow]]:
    """At least one batch, which may be empty."""
    at = conditions.days()
    where, more = BEGINNING, True
    while more:
        page = list_cases(actor, filters, at, where, BATCH)
        yield page.rows
        more = page.after is not None
        where = place(ORDERS[filters.sort], page.after, None)
