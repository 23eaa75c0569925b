"""The list of reports, and the form of a new one."""

from datetime import date

from flask import abort, render_template, request
from flask.typing import ResponseReturnValue

from portal.board_reports import commands, queries
from portal.board_reports.rules import Problem
from portal.statistics.inside.queries import counted_months
from portal.statistics.inside.rules import Months, ending_with
from portal.translation import gettext as _
from portal.web import current
from portal.web.backoffice import backoffice
from portal.web.backoffice.board_reports import page
from portal.web.backoffice.board_reports.forms import NewReportForm
from portal.web.backoffice.board_reports.views import LIST, back
from portal.web.backoffice.figures.choice import month_name
from portal.web.backoffice.improvements.views import errors_of
from portal.web.forms import summary
from portal.web.support import notices

# The months of a tertial, which boards are reported to by.
TERTIAL = 4


@backoffice.get("/namndrapporter")
def board_reports() -> str:
    actor = current.the_staff()
    values = page.list_values(actor, request.args.get("namnd", "")[:80])
    return render_template("backoffice/board_reports/list.html", **values, saved=notices.take(LIST))


@backoffice.route("/namndrapporter/ny", methods=["GET", "POST"])
def new_board_report() -> ResponseReturnValue:
    actor = current.the_staff()
    boards = [(board.key, board.name) for board in queries.boards_of(actor)]
    if not boards:
        abort(404)
    counted = counted_months()
    form = NewReportForm(boards, latest_tertial(counted) if counted else None)
    if not form.validate_on_submit():
        return _new_page(form, counted)
    made = commands.create(actor, str(form.board.data), form.months())
    if isinstance(made, Problem):
        form.refuse(made)
        return _new_page(form, counted)
    return back(made, _("Utkastet är klart. Läs siffrorna och skriv vad de betyder."))


def latest_tertial(counted: Months) -> Months:
    """The latest four months from January, May or September that are counted; else the latest of all."""
    last = counted.last
    whole = date(last.year, last.month // TERTIAL * TERTIAL, 1) if last.month >= TERTIAL else None
    whole = whole or date(last.year - 1, 12, 1)
    months = ending_with(whole, TERTIAL)
    if months.first >= counted.first:
        return months
    return Months(max(counted.first, ending_with(last, TERTIAL).first), last)


def _new_page(form: NewReportForm, counted: Months | None) -> ResponseReturnValue:
    errors = errors_of(form)
    latest = month_name(counted.last) if counted else ""
    html = render_template("backoffice/board_reports/new.html", form=form, latest=latest, **summary(errors))
    return html, 422 if errors else 200
