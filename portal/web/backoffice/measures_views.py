"""The page of all measures."""

from flask import render_template, request

from portal.web import current
from portal.web.backoffice import backoffice
from portal.web.backoffice import measures as measure_pages


@backoffice.get("/atgarder")
def measures() -> str:
    values = measure_pages.page_values(current.the_staff(), request.args)
    return render_template("backoffice/measures.html", **values)
