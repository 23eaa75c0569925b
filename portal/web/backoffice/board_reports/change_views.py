"""What changes a draft: its comments, its figures counted again, and its end as fixed or deleted."""

from collections.abc import Callable

from flask import abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from portal import db
from portal.board_reports import commands, queries
from portal.board_reports.commands import FixedReport, UnknownReport
from portal.board_reports.queries import ReportView
from portal.board_reports.rules import ReportState, Section
from portal.identity.actors import Staff
from portal.translation import gettext as _
from portal.web import current
from portal.web.backoffice import backoffice
from portal.web.backoffice.board_reports import page
from portal.web.backoffice.board_reports.forms import CommentsForm, VersionForm
from portal.web.backoffice.board_reports.views import LIST, back, opened_report, report_page, stale
from portal.web.backoffice.improvements.views import errors_of
from portal.web.forms import gone_stale, summary
from portal.web.support import notices

Command = Callable[[Staff, int, int], None]


@backoffice.route("/namndrapporter/<int(max=2147483647):report_id>/kommentarer", methods=["GET", "POST"])
def board_report_comments(report_id: int) -> ResponseReturnValue:
    report = _writable(report_id)
    form = CommentsForm(report.version, _bodies(report))
    if not form.validate_on_submit():
        return _comments_page(report, form, errors_of(form))
    try:
        with db.transaction():
            commands.comment(current.the_staff(), report_id, form.wanted(), form.seen())
    except (UnknownReport, FixedReport):
        abort(404)
    except db.StaleVersion:
        return _stale_comments(report_id, form)
    return back(report_id, _("Kommentarerna är sparade."))


def _writable(report_id: int) -> ReportView:
    """A draft that the reader may write in. Aborts with 404."""
    report = opened_report(report_id)
    return report if report.may_write else abort(404)


def _bodies(report: ReportView) -> dict[Section, str]:
    return {section: comment.body for section, comment in report.comments.items()}


def _comments_page(
    report: ReportView,
    form: CommentsForm,
    errors: list[tuple[str, str]],
    theirs: dict[str, str] | None = None,
    status: int = 422,
) -> ResponseReturnValue:
    html = render_template(
        "backoffice/board_reports/comments.html",
        title=page.report_title(report),
        href=url_for("backoffice.board_report", report_id=report.id),
        form=form,
        theirs=theirs or {},
        **summary(errors),
    )
    return html, status if errors else 200


def _stale_comments(report_id: int, form: CommentsForm) -> ResponseReturnValue:
    """The form with what was written, beside what another has saved since, to be sent again."""
    db.close_read_session()
    report = _writable(report_id)
    theirs = form.begin_again(report.version, _bodies(report))
    text = _("Någon hann ändra rapporten före dig. Det du skrev finns kvar. Läs det nya och spara igen.")
    return _comments_page(report, form, [("", text)], theirs, 409)


@backoffice.post("/namndrapporter/<int(max=2147483647):report_id>/rakna-om")
def count_board_report(report_id: int) -> ResponseReturnValue:
    report = _writable(report_id)
    if not VersionForm().validate_on_submit():
        return report_page(report, gone_stale())
    try:
        commands.count_again(current.the_staff(), report_id)
    except (UnknownReport, FixedReport):
        abort(404)
    return back(report_id, _("Siffrorna är räknade igen. Läs kommentarerna, så att de stämmer."))


@backoffice.route("/namndrapporter/<int(max=2147483647):report_id>/faststall", methods=["GET", "POST"])
def fix_board_report(report_id: int) -> ResponseReturnValue:
    report = opened_report(report_id)
    if report.state is ReportState.FIXED:
        # A second press, or a page that was open while another fixed it.
        return redirect(url_for("backoffice.board_report", report_id=report_id), 303)
    if not report.may_fix:
        abort(404)
    if request.method == "GET" and request.args.get("version", str(report.version)) != str(report.version):
        # The page that led here was of another version: it is read before it is fixed.
        return report_page(report, stale(), 409)
    answer = _confirmed(report, "fix", commands.fix)
    return answer or back(report_id, _("Rapporten är fastställd."))


@backoffice.route("/namndrapporter/<int(max=2147483647):report_id>/ta-bort", methods=["GET", "POST"])
def delete_board_report(report_id: int) -> ResponseReturnValue:
    if request.method == "POST" and _is_gone(report_id):
        # A second press.
        return redirect(url_for("backoffice.board_reports"), 303)
    report = _writable(report_id)
    answer = _confirmed(report, "delete", commands.delete_draft)
    if answer:
        return answer
    notices.add(LIST, _("Utkastet är borttaget."))
    return redirect(url_for("backoffice.board_reports"), 303)


def _is_gone(report_id: int) -> bool:
    """Whether there is no such report for one who makes reports, and so may have deleted it."""
    actor = current.the_staff()
    return queries.report(actor, report_id) is None and bool(queries.boards_of(actor))


def _confirmed(report: ReportView, name: str, command: Command) -> ResponseReturnValue | None:
    """Run a command once it is confirmed; until then, or if it cannot, the page that asks."""
    form = VersionForm(data={"version": str(report.version)})
    if not form.validate_on_submit():
        return _question(report, name, form, gone_stale() if form.errors else "")
    try:
        with db.transaction():
            command(current.the_staff(), report.id, form.seen())
    except (UnknownReport, FixedReport):
        abort(404)
    except db.StaleVersion:
        db.close_read_session()
        return report_page(opened_report(report.id), stale(), 409)
    return None


def _question(report: ReportView, name: str, form: VersionForm, error: str) -> ResponseReturnValue:
    missing = [] if report.comments.get(Section.SUMMARY) else [_("Ingen sammanfattning är skriven.")]
    if any(row.left_out for row in report.chosen):
        missing.append(_("Texter om ärenden som inte längre kan vara med tas bort."))
    html = render_template(
        f"backoffice/board_reports/{name}.html",
        title=page.report_title(report),
        href=url_for("backoffice.board_report", report_id=report.id),
        form=form,
        missing=missing,
        **summary([("", error)] if error else []),
    )
    return html, 422 if error else 200
