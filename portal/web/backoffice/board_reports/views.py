"""The page of a report, and what the views of its parts share."""

from flask import abort, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from portal.board_reports import queries
from portal.board_reports.queries import ReportView
from portal.translation import gettext as _
from portal.web import current
from portal.web.backoffice import backoffice
from portal.web.backoffice.board_reports import page
from portal.web.forms import summary
from portal.web.support import notices

# The name of the list among the confirmations.
LIST = "board-reports"


@backoffice.get("/namndrapporter/<int(max=2147483647):report_id>")
def board_report(report_id: int) -> ResponseReturnValue:
    return report_page(opened_report(report_id))


def opened_report(report_id: int) -> ReportView:
    """A report that the reader may read. Aborts with 404."""
    return queries.report(current.the_staff(), report_id) or abort(404)


def notice_page(report_id: int) -> str:
    """The name of the page of a report among the confirmations."""
    return f"board-report-{report_id}"


def back(report_id: int, text: str) -> ResponseReturnValue:
    """Lead to the page of a report, which confirms what was done."""
    notices.add(notice_page(report_id), text)
    return redirect(url_for("backoffice.board_report", report_id=report_id), 303)


def report_page(report: ReportView, error: str = "", status: int = 422) -> ResponseReturnValue:
    """The page of a report, with why a button did nothing."""
    saved = "" if error else notices.take(notice_page(report.id))
    values = page.page_values(report) | summary([("", error)] if error else [])
    html = render_template("backoffice/board_reports/report.html", **values, saved=saved)
    return html, status if error else 200


def stale() -> str:
    """Why a button did nothing: another has changed the report since its page was drawn."""
    return _("Någon hann ändra rapporten före dig. Läs det nya först.")
