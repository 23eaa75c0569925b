"""A report on paper, as a PDF and as a workbook."""

from flask import Response, render_template, send_file, url_for
from flask.typing import ResponseReturnValue

from portal.board_reports.queries import ReportView
from portal.board_reports.rules import ReportState
from portal.formats import spreadsheet
from portal.organisation import queries as organisation
from portal.translation import in_language
from portal.web import pdf
from portal.web.backoffice import backoffice
from portal.web.backoffice.board_reports import page, workbook
from portal.web.backoffice.board_reports.views import opened_report


@backoffice.get("/namndrapporter/<int(max=2147483647):report_id>/utskrift")
def board_report_print(report_id: int) -> str:
    return _paper(opened_report(report_id), on_screen=True)


@backoffice.get("/namndrapporter/<int(max=2147483647):report_id>/rapport.pdf")
def board_report_pdf(report_id: int) -> ResponseReturnValue:
    report = opened_report(report_id)
    href = url_for("backoffice.board_report_print", report_id=report_id)
    if not pdf.available():
        return render_template("backoffice/no_pdf.html", print_href=href), 404
    try:
        return pdf.attachment(_paper(report, on_screen=False), _file_name(report))
    except pdf.PdfFailed:
        return render_template("backoffice/pdf_failed.html", print_href=href), 503


@backoffice.get("/namndrapporter/<int(max=2147483647):report_id>/rapport.xlsx")
def board_report_xlsx(report_id: int) -> Response:
    report = opened_report(report_id)
    with in_language(organisation.profile().language):
        file = workbook.workbook(report)
    response = send_file(
        file, spreadsheet.XLSX, as_attachment=True, download_name=f"{_file_name(report)}.xlsx"
    )
    # send_file allows caching, but a draft is for its board alone.
    response.headers["Cache-Control"] = "no-store"
    return response


def _paper(report: ReportView, on_screen: bool) -> str:
    # A report is a public record, so it is in the municipality's language, not the reader's.
    with in_language(organisation.profile().language):
        values = page.paper_values(report)
        return render_template("backoffice/board_reports/paper.html", **values, on_screen=on_screen)


def _file_name(report: ReportView) -> str:
    first, last = (month.isoformat()[:7] for month in (report.first, report.last))
    draft = "-utkast" if report.state is ReportState.DRAFT else ""
    return f"namndrapport-{report.id}-{first}-{last}{draft}"
