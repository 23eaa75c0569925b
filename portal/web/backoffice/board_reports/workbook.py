"""A report as a workbook, a sheet for each part of it. Texts are texts: neither formulas nor links."""

from collections.abc import Iterator, Sequence
from io import BytesIO
from typing import TYPE_CHECKING

from portal import clock
from portal.board_reports.content import ReportContent, Share, Shown
from portal.board_reports.queries import ReportView
from portal.board_reports.rules import ReportState, Section
from portal.formats import spreadsheet
from portal.statistics.inside.rules import Hidden, Measure
from portal.translation import gettext as _
from portal.web.backoffice.board_reports import page, sections
from portal.web.backoffice.board_reports.labels import COMMENTS, STATES
from portal.web.backoffice.figures import columns
from portal.words.dates import breakable

if TYPE_CHECKING:
    from xlsxwriter.format import Format
    from xlsxwriter.worksheet import Worksheet

CellValue = str | int
Rows = Iterator[Sequence[CellValue]]


def workbook(report: ReportView) -> BytesIO:
    """The file."""
    file = BytesIO()
    sheets = {
        _("Sammanfattning"): _summary(report),
        _("Siffror"): _figures(report.content),
        _("Kom in"): _came_in(report.content),
        _("Mönster"): _patterns(report.content),
        _("Förbättringar"): _improvements(report.content),
        _("Förslag"): _proposals(report.content),
        _("Ärenden"): _cases(report),
    }
    with spreadsheet.new_workbook(file) as book:
        book.set_properties({"title": page.report_title(report), "created": clock.now().replace(tzinfo=None)})
        wrapped = book.add_format({"text_wrap": True, "valign": "top"})
        first = _draft_rows(report)
        for name, rows in sheets.items():
            _write(book.add_worksheet(name), [*first, *rows], len(first) + 1, wrapped)
    file.seek(0)
    return file


def _draft_rows(report: ReportView) -> list[list[str]]:
    """What each sheet of a draft begins with, since it may be copied on its own."""
    return [[str(STATES[report.state].text)]] if report.state is ReportState.DRAFT else []


def _write(sheet: "Worksheet", rows: Sequence[Sequence[CellValue]], headings: int, wrapped: "Format") -> None:
    sheet.freeze_panes(headings, 0)
    sheet.set_column(0, 0, 40)
    sheet.set_column(1, 4, 24)
    for number, row in enumerate(rows):
        for position, cell in enumerate(row):
            if isinstance(cell, int):
                sheet.write_number(number, position, cell)
            else:
                # Plain spaces, so that a spreadsheet finds "maj 2026".
                sheet.write_string(number, position, breakable(cell), wrapped)


def _summary(report: ReportView) -> Rows:
    yield [page.report_title(report), str(STATES[report.state].text)]
    yield [page.state_line(report)]
    yield [sections.rounding()]
    for section in Section:
        if section in report.comments:
            yield [str(COMMENTS[section][0]), report.comments[section].body]


def _figures(content: ReportContent) -> Rows:
    yield [_("Mått"), _("Perioden"), _("av omkring"), _("Året före"), _("av omkring"), _("Så räknar vi")]
    counted = {definition.key: definition.counted for definition in content.definitions}
    for figure in content.figures:
        name = sections.name(content, figure.measure)
        yield [name, *_share(figure.now), *_share(figure.before), counted[figure.measure]]
    for figure in content.figures:
        if figure.measure is Measure.ANSWERED_IN_TIME:
            now, before = (sections.late(shown) for shown in (figure.now, figure.before))
            yield [_("Svar som kom för sent"), *_share(now), *_share(before)]


def _share(shown: Shown) -> list[CellValue]:
    """A share in percent and its total, which is empty for what is no share."""
    if isinstance(shown, Share):
        return [_("%(number)s\N{NO-BREAK SPACE}%%", number=shown.percent), shown.total]
    return [_number(shown), ""]


def _number(shown: Shown) -> CellValue:
    if isinstance(shown, Hidden):
        return "" if shown is Hidden.NONE else columns.hidden(shown)
    return shown if isinstance(shown, int) else ""


def _came_in(content: ReportContent) -> Rows:
    yield [_("Uppdelning"), _("Grupp"), _("Perioden"), _("Året före")]
    for table in content.tables:
        for row in table.rows:
            name = sections.group_name(table.by, row)
            yield [sections.table_name(content, table.by), name, _number(row.now), _number(row.before)]


def _patterns(content: ReportContent) -> Rows:
    yield [_("Mönster"), _("Namn"), _("Perioden"), _("Året före")]
    for pattern in sections.patterns(content):
        for row in pattern.rows:
            yield [pattern.heading, row.name, _number(row.now), _number(row.before)]
    yield [_("Avsändare som har skrivit flera gånger"), "", _number(content.repeated_senders)]


def _improvements(content: ReportContent) -> Rows:
    yield ["", _("Förbättring"), _("Ansvarig"), _("Klart senast"), _("Läge")]
    for heading, lines, is_late in sections.improvement_groups(content):
        for line in lines:
            yield [heading, line.what, *sections.improvement_cells(line, is_late)]


def _proposals(content: ReportContent) -> Rows:
    yield [_("Ämne"), _("Antal")]
    for line in content.proposals:
        yield [sections.proposal_name(line), _number(line.count)]
    yield [_("Förslag från dem som skriver"), _number(content.suggestions)]
    yield [_("Förslag från medarbetare"), _number(content.staff_proposals)]


def _cases(report: ReportView) -> Rows:
    yield [_("Utvalda ärenden")]
    for row in report.chosen:
        if not row.left_out:
            yield [row.body]
