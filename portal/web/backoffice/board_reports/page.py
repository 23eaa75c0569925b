"""The list of reports, and the page of one, as their templates show them."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from babel.lists import format_list
from flask import url_for

from portal import clock
from portal.board_reports import queries
from portal.board_reports.queries import ReportRow, ReportView
from portal.board_reports.rules import ReportState
from portal.identity.actors import Staff
from portal.organisation.models import Board
from portal.translation import gettext as _
from portal.translation import page_language
from portal.web import pdf
from portal.web.backoffice.board_reports import sections
from portal.web.backoffice.board_reports.labels import STATES
from portal.words import authors, dates
from portal.words.labels import Tag


@dataclass(frozen=True)
class ListedReport:
    """A report in the list."""

    title: str
    href: str
    state: Tag
    line: str


def list_values(actor: Staff, key: str) -> dict[str, Any]:
    """The template values of the list: of one board, or of all for a key that is empty or unknown."""
    boards = queries.boards_with_reports(actor)
    known = key in [board.key for board in boards]
    notes = (
        [_("Nämnden i adressen har inga rapporter som du ser, så alla visas.")] if key and not known else []
    )
    return {
        "rows": [_listed(row) for row in queries.reports(actor, key if known else None)],
        "boards": _choices(boards, key),
        "notes": notes,
        "may_make": bool(queries.boards_of(actor)),
        "reads_drafts": queries.reads_drafts(actor),
    }


def _choices(boards: Sequence[Board], key: str) -> list[tuple[str, str, bool]]:
    return [(board.key, board.name, board.key == key) for board in boards]


def _listed(row: ReportRow) -> ListedReport:
    return ListedReport(
        title=sections.title(row.board, row.first, row.last),
        href=url_for("backoffice.board_report", report_id=row.id),
        state=STATES[row.state],
        line=_fixed_line(row) or _made_line(row),
    )


def _fixed_line(report: ReportRow | ReportView) -> str:
    """When and by whom it was fixed; empty of a draft."""
    if report.fixed_at is None:
        return ""
    day = dates.full_date(clock.stockholm(report.fixed_at).date())
    return _("Fastställd den %(day)s av %(who)s", day=day, who=authors.name_and_place(report.fixed_by))


def _made_line(report: ReportRow) -> str:
    day = dates.full_date(clock.stockholm(report.created_at).date())
    return _("Gjord den %(day)s av %(who)s", day=day, who=authors.name_and_place(report.created_by))


def state_line(report: ReportView) -> str:
    """When it was fixed, or when the figures of a draft were counted."""
    counted = _("Räknat den %(day)s", day=dates.full_date(report.content.counted_on))
    fixed = _fixed_line(report)
    return _("%(fixed)s. %(counted)s.", fixed=fixed, counted=counted) if fixed else f"{counted}."


def report_title(report: ReportView) -> str:
    """The heading of a report."""
    return sections.title(report.content.board, report.first, report.last)


def page_values(report: ReportView) -> dict[str, Any]:
    """The template values of the page of a report."""
    return {
        "report": report,
        "title": report_title(report),
        "state": STATES[report.state],
        "state_line": state_line(report),
        "sections": sections.sections(report),
        "definitions": sections.definitions(report.content),
        "pdf_href": pdf_href(report),
        "overlap": _overlap(report),
    }


def _overlap(report: ReportView) -> str:
    """What to think of where fixed reports have some of the same months; empty if none has."""
    if not report.overlapped:
        return ""
    spans = format_list(
        [dates.month_span(months.first, months.last) for months in report.overlapped], locale=page_language()
    )
    return _(
        "Några av månaderna är också med i en fastställd rapport, för %(months)s. Den som jämför rapporterna "
        "kan uppskatta antalen i de månader som skiljer dem åt.",
        months=spans,
    )


def pdf_href(report: ReportView) -> str:
    """The report as a PDF; empty where this installation makes none."""
    return url_for("backoffice.board_report_pdf", report_id=report.id) if pdf.available() else ""


def paper_values(report: ReportView) -> dict[str, Any]:
    """The template values of the report on paper."""
    draft = str(STATES[report.state].text) if report.state is ReportState.DRAFT else ""
    return page_values(report) | {
        "draft": draft,
        "href": url_for("backoffice.board_report", report_id=report.id),
    }
