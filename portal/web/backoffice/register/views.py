"""The page, the print and the file of a board's register, for those who keep it."""

from flask import Response, render_template, request, stream_with_context
from flask.typing import ResponseReturnValue

from portal.identity.actors import Staff
from portal.organisation import queries as organisation
from portal.pagination import Page
from portal.register import queries as register
from portal.register.rules import Period
from portal.translation import in_language
from portal.web import current
from portal.web.backoffice import backoffice
from portal.web.backoffice.register import batches, page
from portal.web.backoffice.register.request import Asked, read

# Rows of a print, and of a file: above that a browser and a spreadsheet become slow.
MAX_PRINTED, MAX_IN_FILE = 2_000, 50_000


@backoffice.get("/register", endpoint="register")
def register_page() -> ResponseReturnValue:
    actor = current.the_staff()
    wanted = read(actor, request.args)
    if wanted.period is None:
        return _refused(wanted)
    entries = register.entries(actor, wanted.board, wanted.period, wanted.where)
    batches.log(actor, entries.rows)
    return render_template("backoffice/register.html", **page.values(wanted, entries))


@backoffice.get("/register/utskrift")
def register_print() -> ResponseReturnValue:
    actor = current.the_staff()
    wanted = read(actor, request.args)
    period = wanted.period
    if period is None or _is_too_long(actor, wanted, period, MAX_PRINTED):
        return _refused(wanted, MAX_PRINTED)
    rows = batches.all_rows(actor, wanted.board, period)
    # A print may be handed out as a public record, so it is in the municipality's language, not the reader's.
    with in_language(organisation.profile().language):
        return render_template(
            "backoffice/register_paper.html", **page.paper_values(actor, wanted, period, rows)
        )


@backoffice.get("/register.csv")
def register_file() -> ResponseReturnValue:
    actor = current.the_staff()
    wanted = read(actor, request.args)
    period = wanted.period
    if period is None or _is_too_long(actor, wanted, period, MAX_IN_FILE):
        return _refused(wanted, MAX_IN_FILE)
    lines = batches.lines(actor, wanted.board, period)
    response = Response(stream_with_context(lines), mimetype="text/csv")
    name = f"register-{wanted.board.key}-{period.first}-{period.last}.csv"
    response.headers.set("Content-Disposition", "attachment", filename=name)
    response.headers["Cache-Control"] = "no-store"
    return response


def _is_too_long(actor: Staff, wanted: Asked, period: Period, most: int) -> bool:
    return register.is_longer_than(actor, wanted.board, period, most)


def _refused(wanted: Asked, most: int = 0) -> ResponseReturnValue:
    """The page with what was written and no row: the days are no period, or their register is too long."""
    errors = dict(wanted.errors) or {"fran": page.too_long(most)}
    values = page.values(wanted, Page([]), errors)
    return render_template("backoffice/register.html", **values), 422
