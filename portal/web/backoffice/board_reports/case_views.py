"""The chosen cases of a draft: a case is found, its proposed text is read and added, changed or removed."""

from flask import abort, render_template, request, url_for
from flask.typing import ResponseReturnValue

from portal import db
from portal.board_reports import chosen_cases
from portal.board_reports.chosen_cases import Suggestion, WrongChoice
from portal.board_reports.commands import FixedReport, UnknownReport
from portal.board_reports.queries import ChosenCase, ReportView
from portal.board_reports.rules import ChoiceProblem
from portal.translation import gettext as _
from portal.web import current
from portal.web.backoffice import backoffice
from portal.web.backoffice.board_reports import page
from portal.web.backoffice.board_reports.forms import ChosenCaseForm, VersionForm
from portal.web.backoffice.board_reports.labels import CHOICE_PROBLEMS
from portal.web.backoffice.board_reports.views import back, opened_report, report_page, stale
from portal.web.backoffice.improvements.views import errors_of
from portal.web.forms import gone_stale, summary

ADD, SAVE = "add", "save"


@backoffice.route("/namndrapporter/<int(max=2147483647):report_id>/arende", methods=["GET", "POST"])
def choose_report_case(report_id: int) -> ResponseReturnValue:
    report = _open_for_cases(report_id)
    number = request.args.get("nummer", "").strip()[:40]
    if request.method == "POST":
        return _add(report, number)
    if "nummer" not in request.args:
        return _number_page(report, "")
    try:
        proposed = chosen_cases.suggested_text(current.the_staff(), report_id, number)
    except UnknownReport:
        abort(404)
    if not isinstance(proposed, Suggestion):
        return _number_page(report, number, proposed)
    return _text_page(report, ChosenCaseForm(report.version, proposed.text), proposed.reference)


def _open_for_cases(report_id: int) -> ReportView:
    """A draft that the reader chooses cases for. Aborts with 404."""
    report = opened_report(report_id)
    return report if report.may_choose else abort(404)


def _add(report: ReportView, number: str) -> ResponseReturnValue:
    form = ChosenCaseForm(report.version, "")
    if not form.validate_on_submit():
        return _text_page(report, form, number, errors_of(form))
    try:
        with db.transaction():
            chosen_cases.choose_case(
                current.the_staff(), report.id, number, form.text(), form.seen(), form.keeps_details()
            )
    except (UnknownReport, FixedReport):
        abort(404)
    except WrongChoice as wrong:
        form.refuse(wrong)
        return _text_page(report, form, number, errors_of(form))
    except db.StaleVersion:
        return _stale(report.id, form, number)
    return back(report.id, _("Ärendet är med i rapporten."))


def _number_page(
    report: ReportView, number: str, problem: ChoiceProblem | None = None
) -> ResponseReturnValue:
    error = CHOICE_PROBLEMS[problem]() if problem else ""
    html = render_template(
        "backoffice/board_reports/choose.html",
        **_head(report),
        number=number,
        error=error,
        **summary([("nummer", error)] if error else []),
    )
    return html, 422 if error else 200


def _head(report: ReportView) -> dict[str, str]:
    return {
        "title": page.report_title(report),
        "href": url_for("backoffice.board_report", report_id=report.id),
    }


def _text_page(
    report: ReportView,
    form: ChosenCaseForm,
    number: str,
    errors: list[tuple[str, str]] | None = None,
    entry: ChosenCase | None = None,
    status: int = 422,
) -> ResponseReturnValue:
    html = render_template(
        "backoffice/board_reports/chosen.html",
        **_head(report),
        form=form,
        number=number,
        report_id=report.id,
        version=report.version,
        entry=entry,
        **summary(errors or []),
    )
    return html, status if errors else 200


def _stale(report_id: int, form: ChosenCaseForm, number: str, entry: int = 0) -> ResponseReturnValue:
    """The form with what was written, and what another has saved since, to be sent again."""
    db.close_read_session()
    report = _open_for_cases(report_id)
    form.version.data = str(report.version)
    text = _("Någon hann ändra rapporten före dig. Det du skrev finns kvar. Läs det nya och spara igen.")
    return _text_page(report, form, number, [("", text)], _entry(report, entry) if entry else None, 409)


@backoffice.route(
    "/namndrapporter/<int(max=2147483647):report_id>/arenden/<int(max=2147483647):chosen_id>",
    methods=["GET", "POST"],
)
def chosen_report_case(report_id: int, chosen_id: int) -> ResponseReturnValue:
    report = _open_for_cases(report_id)
    entry = _entry(report, chosen_id)
    form = ChosenCaseForm(report.version, entry.body)
    number = entry.reference or ""
    if not form.validate_on_submit():
        return _text_page(report, form, number, errors_of(form), entry)
    try:
        with db.transaction():
            chosen_cases.change_case(
                current.the_staff(), report_id, chosen_id, form.text(), form.seen(), form.keeps_details()
            )
    except (UnknownReport, FixedReport):
        abort(404)
    except WrongChoice as wrong:
        form.refuse(wrong)
        return _text_page(report, form, number, errors_of(form), entry)
    except db.StaleVersion:
        return _stale(report_id, form, number, chosen_id)
    return back(report_id, _("Texten är ändrad."))


def _entry(report: ReportView, chosen_id: int) -> ChosenCase:
    """A chosen case that the reader may change or remove. Aborts with 404."""
    own = [row for row in report.chosen if row.id == chosen_id and (row.reference or row.left_out)]
    return own[0] if own else abort(404)


@backoffice.post(
    "/namndrapporter/<int(max=2147483647):report_id>/arenden/<int(max=2147483647):chosen_id>/ta-bort"
)
def remove_report_case(report_id: int, chosen_id: int) -> ResponseReturnValue:
    report = _open_for_cases(report_id)
    form = VersionForm()
    if not form.validate_on_submit():
        return report_page(report, gone_stale())
    if chosen_id not in [row.id for row in report.chosen]:
        # A second press.
        return back(report_id, _("Ärendet är borttaget ur rapporten."))
    try:
        with db.transaction():
            chosen_cases.remove_case(current.the_staff(), report_id, chosen_id, form.seen())
    except (UnknownReport, FixedReport):
        abort(404)
    except db.StaleVersion:
        db.close_read_session()
        return report_page(opened_report(report_id), stale(), 409)
    return back(report_id, _("Ärendet är borttaget ur rapporten."))
