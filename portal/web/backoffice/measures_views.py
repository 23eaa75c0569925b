"""What was done and proposed in every case that the reader sees."""

from flask import render_template, request

from portal.web import current
from portal.web.backoffice import backoffice
from portal.web.backoffice import measures as follow_up


@backoffice.get("/atgarder")
def measures() -> str:
    """What was done and proposed in every case that one sees."""
    values = follow_up.page_values(current.the_staff(), request.args)
    return render_template("backoffice/measures.html", **values)
