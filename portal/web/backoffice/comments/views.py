"""The list of the free texts of the survey."""

from flask import abort, render_template, request, url_for
from flask.typing import ResponseReturnValue

from portal.pagination import BEGINNING, BadCursor, Place, place
from portal.surveys import comments
from portal.translation import gettext as _
from portal.web import current
from portal.web.backoffice import backoffice
from portal.web.backoffice.comments.rows import comment_rows


@backoffice.get("/enkatsvar")
def survey_comments() -> ResponseReturnValue:
    actor = current.the_staff()
    if not comments.reads_comments(actor):
        abort(404)
    where, notes = _place()
    page = comments.list_comments(actor, where)
    return render_template(
        "backoffice/survey_comments.html",
        rows=comment_rows(page.rows),
        notes=notes,
        older=url_for("backoffice.survey_comments", efter=page.after) if page.after else None,
        newer=url_for("backoffice.survey_comments", fore=page.before) if page.before else None,
    )


def _place() -> tuple[Place, list[str]]:
    try:
        return place(comments.NEWEST, request.args.get("efter"), request.args.get("fore")), []
    except BadCursor:
        return BEGINNING, [_("Platsen i listan gick inte att läsa. Här är början.")]
