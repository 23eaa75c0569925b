"""The page of the figures and its files."""

from collections.abc import Iterator

from flask import Response, abort, render_template, request, stream_with_context
from flask.typing import ResponseReturnValue

from portal.formats import spreadsheet
from portal.identity.actors import Staff
from portal.statistics.figures.records import TooManyCases
from portal.statistics.inside import queries
from portal.statistics.inside.rules import reads_figures, sees_cases
from portal.translation import gettext as _
from portal.web import current
from portal.web.backoffice import backoffice
from portal.web.backoffice.figures import choice, files, page
from portal.web.backoffice.figures.choice import Asked
from portal.web.backoffice.queue.filter_forms import parse_address
from portal.web.backoffice.queue.views import queue_page
from portal.web.forms import summary


@backoffice.get("/uppfoljning")
def figures() -> ResponseReturnValue:
    actor = _reader()
    known = choice.options()
    return _page(actor, choice.read(actor, request.args, known), known)


@backoffice.get("/uppfoljning.csv")
def figures_csv() -> ResponseReturnValue:
    return _file("csv")


@backoffice.get("/uppfoljning.xlsx")
def figures_xlsx() -> ResponseReturnValue:
    return _file("xlsx")


@backoffice.get("/uppfoljning/arenden.csv")
def figure_cases() -> ResponseReturnValue:
    """The cases of a list of the queue, for those who may see them."""
    actor = _case_reader()
    address = parse_address(actor, request.args)
    lines = files.case_lines(actor, address.filters)
    return _sent(stream_with_context(lines), "text/csv", "arenden.csv")


@backoffice.get("/uppfoljning/arenden.xlsx")
def figure_cases_xlsx() -> ResponseReturnValue:
    """The same as a workbook, or the list itself with an error if it is too long."""
    actor = _case_reader()
    address = parse_address(actor, request.args)
    try:
        content = files.case_workbook(actor, address.filters)
    except TooManyCases:
        most = f"{queries.MAX_CASES:,}".replace(",", "\u00a0")
        text = _(
            "Listan har fler än %(most)s ärenden. Avgränsa den, eller hämta ärendena som csv.", most=most
        )
        return queue_page(actor, request.args, [("", text)]), 422
    return _sent(content, spreadsheet.XLSX, "arenden.xlsx")


def _case_reader() -> Staff:
    actor = _reader()
    if not sees_cases(actor):
        abort(404)
    return actor


def _reader() -> Staff:
    actor = current.the_staff()
    if not reads_figures(actor):
        abort(404)
    return actor


def _page(actor: Staff, wanted: Asked, known: dict[str, list[choice.Option]]) -> ResponseReturnValue:
    values, status = page.values(actor, wanted, known)
    return render_template("backoffice/figures.html", **values | summary(values["errors"])), status


def _file(kind: str) -> ResponseReturnValue:
    actor = _reader()
    known = choice.options()
    wanted = choice.read(actor, request.args, known)
    if wanted.months is None or wanted.errors:
        return _page(actor, wanted, known)
    try:
        groups = page.groups(actor, wanted)
    except TooManyCases:
        return _page(actor, wanted, known)
    name = f"uppfoljning-{wanted.written['fran']}-{wanted.written['till']}.{kind}"
    sheets = files.sheets(actor, wanted, groups)
    if kind == "csv":
        return _sent(stream_with_context(files.csv_lines(sheets)), "text/csv", name)
    return _sent(files.workbook(sheets), spreadsheet.XLSX, name)


def _sent(body: Iterator[str] | Iterator[bytes], mimetype: str, name: str) -> Response:
    response = Response(body, mimetype=mimetype)
    response.headers.set("Content-Disposition", "attachment", filename=name)
    response.headers["Cache-Control"] = "no-store"
    return response
